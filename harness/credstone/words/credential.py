"""What a credential is: everything that decides who a task is, as one frozen value.

credentials(7) lists the ids, capabilities(7) the sets and the securebits.  The agents report it in this order, as a
JSON array, after every line; the model computes with the same type.
"""

from __future__ import annotations

import msgspec


class Ids(msgspec.Struct, frozen=True, array_like=True):
    """Four user IDs or four group IDs, each from 0 to 2^32 - 2."""

    real: int
    effective: int
    saved: int
    filesystem: int

    @classmethod
    def all(cls, number: int) -> Ids:
        """The four ids of a process that was never anybody else."""
        return cls(number, number, number, number)


class Capabilities(msgspec.Struct, frozen=True, array_like=True):
    """The five capability sets of a task, as bit masks: bit n is the capability with number n."""

    inheritable: int = 0
    permitted: int = 0
    effective: int = 0
    bounding: int = 0
    ambient: int = 0


class Credential(msgspec.Struct, frozen=True, array_like=True):
    """The whole credential of one task, as it sees itself from its own user namespace.

    ``groups`` is the supplementary list in the order that getgroups(2) gives.  ``keep_caps`` is what PR_GET_KEEPCAPS
    answers, ``dumpable`` what PR_GET_DUMPABLE answers (0, 1 or 2), ``parent_death_signal`` a signal number or 0.
    """

    uid: Ids
    gid: Ids
    groups: tuple[int, ...]
    capabilities: Capabilities
    securebits: int = 0
    no_new_privs: bool = False
    keep_caps: bool = False
    dumpable: int = 1
    parent_death_signal: int = 0
