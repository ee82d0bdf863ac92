"""What a decision of a page determines, in the words of the report of a difference."""

from __future__ import annotations

from typing import Literal, TypeAlias

Subject: TypeAlias = Literal[
    "answer",
    "others",
    "world",
    "real uid",
    "effective uid",
    "saved uid",
    "filesystem uid",
    "real gid",
    "effective gid",
    "saved gid",
    "filesystem gid",
    "groups",
    "order of the list",
    "inheritable capabilities",
    "permitted capabilities",
    "effective capabilities",
    "bounding capabilities",
    "ambient capabilities",
    "securebits",
    "no_new_privs",
    "keep_caps",
    "dumpable",
    "parent_death_signal",
]
"""``answer`` is what the call answers, ``others`` are the credentials of tasks that do not call, ``world`` is what only
a later line can show: a file, a map, a socket, a process.  All others are fields of the caller's credential.
"""

Subjects: TypeAlias = Subject | tuple[Subject, ...]
"""One subject, or all that a decision determines at once."""

UIDS: tuple[Subject, ...] = ("real uid", "effective uid", "saved uid", "filesystem uid")
GIDS: tuple[Subject, ...] = ("real gid", "effective gid", "saved gid", "filesystem gid")
SET_USER_ID: tuple[Subject, ...] = ("effective uid", "saved uid", "filesystem uid")
"""The uids that a set-user-ID program changes."""
SET_GROUP_ID: tuple[Subject, ...] = ("effective gid", "saved gid", "filesystem gid")
SET_ID: tuple[Subject, ...] = (*SET_USER_ID, *SET_GROUP_ID)
PERMITTED: tuple[Subject, ...] = ("permitted capabilities", "effective capabilities")
"""What is permitted, and so may be in effect."""
CAPABILITIES: tuple[Subject, ...] = (
    "inheritable capabilities",
    "permitted capabilities",
    "effective capabilities",
    "bounding capabilities",
    "ambient capabilities",
)
FLAGS: tuple[Subject, ...] = ("securebits", "no_new_privs", "keep_caps", "dumpable", "parent_death_signal")
CREDENTIAL: tuple[Subject, ...] = (*UIDS, *GIDS, "groups", "order of the list", *CAPABILITIES, *FLAGS)
"""Every field of the caller's credential."""
EVERYTHING: tuple[Subject, ...] = (*CREDENTIAL, "others", "world")
"""Whatever a line can change."""
