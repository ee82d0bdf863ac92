"""The two halves of a page that speaks of users and of groups: what differs between them.

Such a page says everything once for user IDs and adds that the same holds for group IDs; its function does likewise,
and gets the half that is meant.
"""

from __future__ import annotations

from typing import cast

import msgspec

from credstone.model.caller import Moment
from credstone.model.capabilities.uid_changes import after_uid_change
from credstone.model.subjects import CAPABILITIES, CREDENTIAL, Subject
from credstone.model.world import NO_ID, Map, from_kernel, to_kernel
from credstone.words.capability import CAP_SETGID, CAP_SETUID
from credstone.words.credential import Credential, Ids

replace = msgspec.structs.replace


class Half(msgspec.Struct, frozen=True):
    """Users or groups: the word for it, the field of a credential, and the capability that allows any ID there.

    ``of_real``, ``of_effective``, ``of_saved`` and ``of_filesystem`` are what a decision about one ID determines.
    """

    word: str
    field: str
    capability: int
    of_real: Subject
    of_effective: Subject
    of_saved: Subject
    of_filesystem: Subject

    @property
    def of_all(self) -> tuple[Subject, ...]:
        """What a decision about all four IDs determines."""
        return (self.of_real, self.of_effective, self.of_saved, self.of_filesystem)

    @property
    def filesystem(self) -> str:
        """What the filesystem ID is called in the names of clauses: ``fsuid`` or ``fsgid``."""
        return f"fs{self.field}"

    def of(self, credential: Credential) -> Ids:
        """The four IDs of this half."""
        return cast(Ids, getattr(credential, self.field))

    def clause(self, of_users: str, of_groups: str) -> str:
        """Of two clauses that say the same on the pages of both halves, the one of this half."""
        return of_users if self is USERS else of_groups

    def kernel(self, now: Moment, number: int) -> int | None:
        """The kernel ID for one that the caller names; None if it is not valid in its namespace."""
        number &= NO_ID
        return None if number == NO_ID else to_kernel(self._map(now), number)

    def kernel_or(self, now: Moment, number: int, current: int) -> int | None:
        """The current kernel ID where the argument is -1, else as ``kernel``."""
        return current if number & NO_ID == NO_ID else self.kernel(now, number)

    def shown(self, now: Moment, kernel: int) -> int:
        """A kernel ID as the caller sees it."""
        system = now.system
        inside = from_kernel(self._map(now), kernel)
        return inside if inside is not None else system.overflow_uid if self is USERS else system.overflow_gid

    def _map(self, now: Moment) -> Map:
        return now.namespace.uid_map if self is USERS else now.namespace.gid_map


USERS = Half("user", "uid", CAP_SETUID, "real uid", "effective uid", "saved uid", "filesystem uid")
GROUPS = Half("group", "gid", CAP_SETGID, "real gid", "effective gid", "saved gid", "filesystem gid")


def with_new_ids(now: Moment, half: Half, ids: Ids, nothing_else: str, capabilities_follow: str = "") -> Credential:
    """The caller's credential with these IDs.  User IDs draw the capabilities along; nothing else moves.

    The last two are the clauses of the page of the call that say so.
    """
    credential = replace(now.credential, **{half.field: ids})
    if half is USERS:
        sets = after_uid_change(now, ids)
        sets = now.rule(sets, capabilities_follow, of=CAPABILITIES)
        credential = replace(credential, capabilities=sets)
    return now.rule(credential, nothing_else, of=CREDENTIAL)
