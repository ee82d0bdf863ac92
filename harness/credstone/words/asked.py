"""What a container runtime was asked to hand to the first process.

The words are those of the OCI runtime specification (config.md, "POSIX process" and "Linux process"): what the engine
was told by its user, and what it tells the runtime by itself where the user said nothing.
"""

from __future__ import annotations

import msgspec


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for; a field that nobody spoke of is None, and then the runtime is not held to it.

    ``groups`` are the additional ones (process.user.additionalGids), without the primary.  ``capabilities`` is the mask
    that a process of uid 0 is to have in its permitted, effective and bounding sets.  The maps are the lines of a new
    user namespace, empty where none was asked for.
    """

    uid: int = 0
    gid: int = 0
    groups: tuple[int, ...] = ()
    capabilities: int | None = None
    no_new_privs: bool = False
    uid_map: str = ""
    gid_map: str = ""
