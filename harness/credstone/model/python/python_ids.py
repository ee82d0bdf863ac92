"""The functions of Python's ``os`` that set ids, and that look at them.

The converters refuse what no uid_t or gid_t can be before any call is made, and take -1 for (gid_t) -1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from credstone.model.caller import Moment
from credstone.model.ids.getid import getegid, geteuid, getgid, getresgid, getresuid, getuid
from credstone.model.ids.halves import GROUPS, USERS, Half
from credstone.model.ids.seteuid import setegid, seteuid
from credstone.model.ids.setgid import setgid
from credstone.model.ids.setresuid import setresgid, setresuid
from credstone.model.ids.setreuid import setregid, setreuid
from credstone.model.ids.setuid import setuid
from credstone.model.rules import Outcome, Page
from credstone.model.world import NO_ID

OsCall = Callable[[Moment, tuple[Any, ...]], Outcome]
LOOKING = {
    "getgid": (getgid, "os.getgid/real"),
    "getegid": (getegid, "os.getegid/effective"),
    "getresgid": (getresgid, "os.getresgid/tuple"),
    "getuid": (getuid, "os.getuid/real"),
    "geteuid": (geteuid, "os.geteuid/effective"),
    "getresuid": (getresuid, "os.getresuid/tuple"),
}
"""The functions that only look: the call behind each, and the clause that fixes its answer."""


class _Setter(msgspec.Struct, frozen=True):
    """A function that sets ids: the call behind it, its half, how many ids it takes, and the clauses of its documentation."""

    call: Callable[..., Outcome]
    half: Half
    count: int
    wrong_type: str
    wrong_range: str
    sets: str
    page: Page


SETTING = {
    "setgid": _Setter(
        setgid,
        GROUPS,
        1,
        "os.setgid/type",
        "os.setgid/range",
        "os.setgid/sets",
        Page(
            failure=("os.setgid/errors",),
            order=("setgid(2)/linux/check-order",),
            unchanged=("setgid(2)/linux/failure-changes-nothing",),
        ),
    ),
    "setregid": _Setter(
        setregid,
        GROUPS,
        2,
        "os.setregid/type",
        "os.setregid/range",
        "os.setregid/sets",
        Page(
            failure=("os.setregid/errors",),
            order=("setregid(2)/linux/check-order",),
            unchanged=("setregid(2)/linux/failure-changes-nothing",),
        ),
    ),
    "setresgid": _Setter(
        setresgid,
        GROUPS,
        3,
        "os.setresgid/type",
        "os.setresgid/range",
        "os.setresgid/sets",
        Page(
            failure=("os.setresgid/errors",),
            order=("setresgid(2)/linux/check-order",),
            unchanged=("setresgid(2)/linux/failure-changes-nothing",),
        ),
    ),
    "setegid": _Setter(
        setegid,
        GROUPS,
        1,
        "os.setegid/type",
        "os.setegid/range",
        "os.setegid/sets",
        Page(
            failure=("os.setegid/errors",),
            order=("setegid(2)/linux/check-order",),
            unchanged=("setegid(2)/linux/failure-changes-nothing",),
        ),
    ),
    "setuid": _Setter(
        setuid,
        USERS,
        1,
        "os.setuid/type",
        "os.setuid/range",
        "os.setuid/sets",
        Page(
            failure=("os.setuid/errors",),
            order=("setuid(2)/linux/check-order",),
            unchanged=("setuid(2)/linux/failure-changes-nothing",),
        ),
    ),
    "setreuid": _Setter(
        setreuid,
        USERS,
        2,
        "os.setreuid/type",
        "os.setreuid/range",
        "os.setreuid/sets",
        Page(
            failure=("os.setreuid/errors",),
            order=("setreuid(2)/linux/check-order",),
            unchanged=("setreuid(2)/linux/failure-changes-nothing",),
        ),
    ),
    "setresuid": _Setter(
        setresuid,
        USERS,
        3,
        "os.setresuid/type",
        "os.setresuid/range",
        "os.setresuid/sets",
        Page(
            failure=("os.setresuid/errors",),
            order=("setresuid(2)/linux/check-order",),
            unchanged=("setresuid(2)/linux/failure-changes-nothing",),
        ),
    ),
    "seteuid": _Setter(
        seteuid,
        USERS,
        1,
        "os.seteuid/type",
        "os.seteuid/range",
        "os.seteuid/sets",
        Page(
            failure=("os.seteuid/errors",),
            order=("seteuid(2)/linux/check-order",),
            unchanged=("seteuid(2)/linux/failure-changes-nothing",),
        ),
    ),
}


def looking(name: str) -> OsCall:
    """One of the functions that only look."""
    call, clause = LOOKING[name]

    def look(now: Moment, arguments: tuple[Any, ...]) -> Outcome:
        now.reject("TypeError", clause, bool(arguments))
        return call(now)

    return look


def setting(name: str) -> OsCall:
    """One of the functions that set ids."""
    setter = SETTING[name]

    def set_ids(now: Moment, arguments: tuple[Any, ...]) -> Outcome:
        now.reject("TypeError", setter.wrong_type, len(arguments) != setter.count)
        for argument in arguments:
            now.reject("TypeError", setter.wrong_type, not isinstance(argument, int))
            now.reject("OverflowError", setter.wrong_range, out_of_range(argument))
        ids = now.rule(arguments, setter.sets, of=setter.half.of_all)
        return setter.call(now, *ids)

    return set_ids


def out_of_range(argument: Any) -> bool:
    """Whether a number is none that a uid_t or gid_t can be, -1 apart."""
    return isinstance(argument, int) and not -1 <= argument <= NO_ID
