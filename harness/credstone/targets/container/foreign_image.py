"""How an agent gets into an image that somebody named: by the image's own toolchain if there can be one.

The ways are tried in their order: the compiler that the image has; one that its package manager installs; the agent of our
own target whose C library is the nearest that is not newer; the static agent, for the raw calls alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from credstone.targets.container.contents import Contents
from credstone.targets.container.settings import ImageSettings, Manager


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One way.

    ``compiler`` is the image's own, ``toolchain`` the command that installs one.  ``beside`` is the target from which the
    agent is taken as it is.
    """

    says: str = ""
    compiler: str = ""
    toolchain: str = ""
    beside: str = ""


def ways(contents: Contents, managers: Mapping[str, Manager], targets: Sequence[ImageSettings]) -> Iterator[Way]:
    """The ways to an agent for an image with these contents, the best first."""
    if contents.compiler:
        yield Way(says=f"by the image's own {contents.compiler}", compiler=contents.compiler)
    if contents.manager:
        manager = managers[contents.manager]
        install = manager.installing(manager.toolchain)
        yield Way(says=f"by gcc from the image's own {contents.manager}", compiler="gcc", toolchain=install)
    nearest = _nearest(contents, targets)
    if nearest is not None:
        yield Way(says=f"by gcc beside {nearest.libc} in {nearest.name}", beside=nearest.name)
    static = next((target for target in targets if target.rests_on == "nothing"), None)
    if static is not None:
        yield Way(says="static, with a C library of its own", beside=static.name)


def _nearest(contents: Contents, targets: Sequence[ImageSettings]) -> ImageSettings | None:
    """The target with the newest C library that is not newer than the image's: what it needs, the image's has."""
    wanted = _version(contents.libc)
    fitting = [
        target
        for target in targets
        if target.rests_on != "nothing"
        and target.from_base.suite
        and target.from_base.architecture == contents.architecture
        and target.libc.split(" ")[0] == contents.libc.split(" ")[0]
        and _version(target.libc) <= wanted
    ]
    return max(fitting, key=lambda target: _version(target.libc), default=None)


def _version(libc: str) -> tuple[int, ...]:
    """The number of a release; what stands behind it (``-git-89-g86373b49``) is not compared."""
    found = re.search(r"\d+(\.\d+)*", libc)
    return tuple(map(int, found[0].split("."))) if found else ()
