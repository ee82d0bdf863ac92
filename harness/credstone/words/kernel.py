"""Which Linux a kernel is: its series, and how many stable updates it has.

What changed between two series changed in stable updates too, so a rule may hold since 6.3 and since 5.10.179.  Releases do
not always tell: ``5.10.0-32-cloud-amd64`` counts Debian's builds, and that it is 5.10.223 stands in what uname(2) calls
the version; Ubuntu has a file of its own for it.
"""

from __future__ import annotations

import re

import msgspec

_RELEASE = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?(.*)")
_DEBIAN = re.compile(r"\bDebian (\d+)\.(\d+)\.(\d+)")
_UBUNTU = re.compile(r"^Ubuntu \S+ (\d+)\.(\d+)\.(\d+)")


class Kernel(msgspec.Struct, frozen=True):
    """A kernel of a series (6.1) with so many stable updates; ``level`` is None where the kernel does not tell.

    A ``candidate`` is what the series was before its first release, with some of what that brought.
    """

    series: tuple[int, int]
    level: int | None = None
    candidate: bool = False

    def __str__(self) -> str:
        series = f"{self.series[0]}.{self.series[1]}"
        if self.candidate:
            return f"{series}-rc"
        return f"{series}.{self.level}" if self.level is not None else series


NEWEST = Kernel((6, 18), 0)
"""The newest kernel that is known here: what one is taken for that does not tell its version."""


def read_kernel(release: str, version: str = "", signature: str = "") -> Kernel:
    """The kernel of these words: ``release`` and ``version`` as uname(2) has them, /proc/version_signature.

    The newest one where the release begins with no number, and for gVisor, which tells a version to programs that look for
    one and goes by what Linux does today.
    """
    found = _RELEASE.match(release)
    if found is None or "gvisor" in found[4]:
        return NEWEST
    series = (int(found[1]), int(found[2]))
    if re.match(r"-rc\d", found[4]):
        return Kernel(series, candidate=True)
    for said in (_DEBIAN.search(version), _UBUNTU.match(signature)):
        if said is not None and (int(said[1]), int(said[2])) == series:
            return Kernel(series, int(said[3]))
    level = int(found[3] or 0)
    # a distribution that counts its own builds leaves the level at 0, whatever it has
    return Kernel(series, level if level or not re.search(r"\d", found[4]) else None)
