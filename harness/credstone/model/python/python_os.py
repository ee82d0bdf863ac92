"""What Python's ``os`` module adds to the calls: it looks at the arguments, and raises where C answers an errno.

The module's documentation, "Process Parameters"; the converters refuse what no uid_t or gid_t can be before any call is
made, and take -1 for (gid_t) -1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from credstone.model.arguments import Buffer
from credstone.model.caller import Moment
from credstone.model.files.access import EFFECTIVE, faccessat
from credstone.model.groups.getgroups import list_of, setgroups
from credstone.model.groups.initgroups import getgrouplist, initgroups
from credstone.model.groups.ngroups_max import IN_LIMITS_H
from credstone.model.ids.getid import getegid, geteuid, getgid, getresgid, getresuid, getuid
from credstone.model.ids.seteuid import setegid, seteuid
from credstone.model.ids.setgid import setgid
from credstone.model.ids.setresuid import setresgid, setresuid
from credstone.model.ids.setreuid import setregid, setreuid
from credstone.model.ids.setuid import setuid
from credstone.model.rules import Outcome, Page
from credstone.model.world import NO_ID
from credstone.words.call import Word
from credstone.words.constants import value_of

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
SETTING: dict[str, tuple[Callable[..., Outcome], int, str]] = {
    "setgid": (setgid, 1, "setgid(2)"),
    "setregid": (setregid, 2, "setregid(2)"),
    "setresgid": (setresgid, 3, "setresgid(2)"),
    "setegid": (setegid, 1, "setegid(2)"),
    "setuid": (setuid, 1, "setuid(2)"),
    "setreuid": (setreuid, 2, "setreuid(2)"),
    "setresuid": (setresuid, 3, "setresuid(2)"),
    "seteuid": (seteuid, 1, "seteuid(2)"),
}
"""The functions that set ids: the call behind each, how many ids it takes, and the page of that call."""
OTHER_PAGES = {"setgroups": "setgroups(2)", "initgroups": "initgroups(3)"}


def page_of(name: str) -> Page:
    """What the pages say of every answer of an ``os`` function."""
    if name in LOOKING:
        return Page(success=(LOOKING[name][1],))
    page = SETTING[name][2] if name in SETTING else OTHER_PAGES.get(name)
    if page is None:
        return Page()
    return Page(
        failure=(f"os.{name}/errors",),
        order=(f"{page}/linux/check-order",) if page != "initgroups(3)" else (),
        unchanged=(f"{page}/linux/failure-changes-nothing",),
    )


def looking(name: str) -> OsCall:
    """One of the functions that only look."""
    call, clause = LOOKING[name]

    def look(now: Moment, arguments: tuple[Any, ...]) -> Outcome:
        now.reject("TypeError", clause, bool(arguments))
        return call(now)

    return look


def setting(name: str) -> OsCall:
    """One of the functions that set ids."""
    call, count, _ = SETTING[name]
    page = f"os.{name}"

    def set_ids(now: Moment, arguments: tuple[Any, ...]) -> Outcome:
        now.reject("TypeError", f"{page}/type", len(arguments) != count)
        for argument in arguments:
            now.reject("TypeError", f"{page}/type", not isinstance(argument, int))
            now.reject("OverflowError", f"{page}/range", out_of_range(argument))
        ids = now.rule(arguments, f"{page}/sets")
        return call(now, *ids)

    return set_ids


def os_getgroups(now: Moment, arguments: tuple[Any, ...]) -> Outcome:
    """os.getgroups()."""
    now.reject("TypeError", "os.getgroups/returns-list", bool(arguments))
    groups = list_of(now)
    return now.answers(now.rule(groups, "os.getgroups/returns-list"))


def os_setgroups(now: Moment, arguments: tuple[Any, ...]) -> Outcome:
    """os.setgroups(groups): counted first, then looked at one by one."""
    listed = arguments[0] if len(arguments) == 1 else None
    is_sequence = isinstance(listed, (tuple, str))
    elements = listed if isinstance(listed, (tuple, str)) else ()
    now.reject("TypeError", "os.setgroups/sequence-of-integers", not is_sequence)
    now.reject("ValueError", "os.setgroups/too-many", len(elements) > IN_LIMITS_H)
    bad = _first_bad(elements)
    now.reject("TypeError", "os.setgroups/sequence-of-integers", not isinstance(bad, int))
    now.reject("OverflowError", "os.setgroups/range", out_of_range(bad))
    numbers = tuple([each for each in elements if isinstance(each, int)])
    gids = now.rule(numbers, "os.setgroups/sets-list")
    return setgroups(now, len(gids), Buffer("valid", gids))


def os_initgroups(now: Moment, arguments: tuple[Any, ...]) -> Outcome:
    """os.initgroups(username, gid)."""
    user, gid = _name_and_gid(now, arguments, "os.initgroups/types", "os.initgroups/initialises")
    return initgroups(now, user, gid)


def os_getgrouplist(now: Moment, arguments: tuple[Any, ...]) -> Outcome:
    """os.getgrouplist(user, group)."""
    user, gid = _name_and_gid(now, arguments, "os.getgrouplist/types", "os.getgrouplist/returns-list")
    return getgrouplist(now, user, gid)


def os_access(now: Moment, arguments: tuple[Any, ...], keywords: tuple[tuple[str, Any], ...]) -> Outcome:
    """os.access(path, mode, *, effective_ids=False): an answer, where access(2) has an errno."""
    named = dict(keywords)
    path, mode = arguments if len(arguments) == 2 else (None, None)
    wrong = path is None or mode is None or not set(named) <= {"effective_ids"}
    now.reject("TypeError", "os.access/yes-or-no", wrong)
    effective = now.rule(bool(named.get("effective_ids", False)), "os.access/effective_ids")
    effective = now.rule(effective, "os.access/real-ids")
    name = path.word if isinstance(path, Word) else str(path)
    granted = now.succeeds(lambda: faccessat(now, name, _mode(mode), EFFECTIVE if effective else 0))
    return now.answers(now.rule(int(granted), "os.access/yes-or-no"))


def _mode(argument: Any) -> int:
    """A mode as a script gives it: a number, or names of the headers."""
    if isinstance(argument, Word):
        return sum(value_of(name) or 0 for name in argument.word.split("|"))
    return int(argument)


def _name_and_gid(now: Moment, arguments: tuple[Any, ...], types: str, decided: str) -> tuple[str, int]:
    user, gid = arguments if len(arguments) == 2 else (None, None)
    named, number = user if isinstance(user, str) else None, gid if isinstance(gid, int) else None
    now.reject("TypeError", types, named is None or number is None)
    now.reject("OverflowError", types, out_of_range(gid))
    return now.rule((now.sure(named), now.sure(number)), decided)


def _first_bad(elements: tuple[Any, ...] | str) -> Any:
    """The first element that is no gid; 0, which is one, if there is none."""
    # counted in C first: the list may have 65536 entries
    if (
        isinstance(elements, tuple)
        and {*map(type, elements)} == {int}
        and -1 <= min(elements) <= max(elements) <= NO_ID
    ):
        return 0
    return next((each for each in elements if not isinstance(each, int) or out_of_range(each)), 0)


def out_of_range(argument: Any) -> bool:
    """Whether a number is none that a uid_t or gid_t can be, -1 apart."""
    return isinstance(argument, int) and not -1 <= argument <= NO_ID


FUNCTIONS: dict[str, OsCall] = {
    **{name: looking(name) for name in LOOKING},
    **{name: setting(name) for name in SETTING},
    "getgroups": os_getgroups,
    "setgroups": os_setgroups,
    "initgroups": os_initgroups,
    "getgrouplist": os_getgrouplist,
}
"""The modelled functions of ``os``, by name."""
