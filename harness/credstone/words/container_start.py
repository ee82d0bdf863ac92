"""What a container runtime was asked to hand to the first process.

The words are those of the OCI runtime specification (config.md, "POSIX process" and "Linux process"): what the engine
was told by its user, and what it tells the runtime by itself where the user said nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import msgspec


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for; a field that nobody spoke of is None, and then the runtime is not held to it.

    ``groups`` are the additional ones (process.user.additionalGids), without the primary.  ``capabilities`` is the mask
    that a process of uid 0 is to have in its permitted, effective and bounding sets; one of another uid has it in its
    bounding set alone.  ``ambient`` are those that the process is to have whatever its uid, through its inheritable and
    ambient sets.  The maps are the lines of a new user namespace, empty where none was asked for.
    """

    uid: int = 0
    gid: int = 0
    groups: tuple[int, ...] = ()
    capabilities: int | None = None
    ambient: int = 0
    no_new_privs: bool = False
    umask: int = 0o022
    uid_map: str = ""
    gid_map: str = ""


NOBODY_ASKED = (
    "nobody asked a runtime to start this: what it has to hand over is said for the first process of a container"
)
"""Why there is no cell where the facts have no Asked."""

Due: TypeAlias = int | str | tuple[int, ...] | None
"""What stands in the place of a placeholder; None where nobody spoke of it."""


class Placeholder(msgspec.Struct, frozen=True):
    """A word of a script that stands for what was asked: its value, and why there is none where that is None."""

    value: Callable[[Asked], Due]
    absent: str = ""


_CAPABILITIES = "nobody said which capabilities the process is to have"
_NAMESPACE = "no user namespace was asked for"

PLACEHOLDERS = {
    "$asked-uid": Placeholder(lambda asked: asked.uid),
    "$asked-gid": Placeholder(lambda asked: asked.gid),
    "$asked-groups": Placeholder(lambda asked: asked.groups),
    "$asked-bounding": Placeholder(lambda asked: asked.capabilities, _CAPABILITIES),
    "$asked-permitted": Placeholder(lambda asked: asked.ambient if asked.uid else asked.capabilities, _CAPABILITIES),
    "$asked-ambient": Placeholder(lambda asked: asked.ambient),
    "$asked-no-new-privs": Placeholder(lambda asked: int(asked.no_new_privs)),
    "$asked-umask": Placeholder(lambda asked: asked.umask),
    "$asked-uid-map": Placeholder(lambda asked: _shown(asked.uid_map) or None, _NAMESPACE),
    "$asked-gid-map": Placeholder(lambda asked: _shown(asked.gid_map) or None, _NAMESPACE),
}
"""By the word as a script writes it.  ``$asked-permitted`` is what the process can use at once."""


class Condition(msgspec.Struct, frozen=True):
    """What a scenario can demand of an Asked, and why it does not apply where that is not so."""

    holds: Callable[[Asked], bool]
    otherwise: str


CONDITIONS = {
    "root": Condition(lambda asked: asked.uid == 0, "the process was to be an ordinary user, and this is about user 0"),
    "user": Condition(lambda asked: asked.uid != 0, "the process was to be user 0, and this is about ordinary users"),
    "mapped-groups": Condition(
        lambda asked: _length(asked.gid_map) > 1,
        "no user namespace with more than one gid was asked for, and setgroups may be denied in any other",
    ),
}
"""By the word that stands in the header ``asked`` of a scenario."""


def _shown(id_map: str) -> str:
    """A map as its file shows it."""
    return "\n".join(" ".join(f"{number:>10}" for number in line.split()) for line in id_map.splitlines())


def _length(id_map: str) -> int:
    """How many ids a map has."""
    return sum(int(line.split()[2]) for line in id_map.splitlines())
