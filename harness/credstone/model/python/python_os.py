"""What Python's ``os`` module adds to the calls: it looks at the arguments, and raises where C answers an errno.

The module's documentation, "Process Parameters"; the converters refuse what no uid_t or gid_t can be before any call is
made, and take -1 for (gid_t) -1.
"""

from __future__ import annotations

from typing import Any

from credstone.model.arguments import Buffer
from credstone.model.caller import Moment
from credstone.model.files.access import EFFECTIVE, faccessat
from credstone.model.groups.getgroups import list_of, setgroups
from credstone.model.groups.initgroups import getgrouplist, initgroups
from credstone.model.groups.ngroups_max import IN_LIMITS_H
from credstone.model.python.python_ids import LOOKING, SETTING, OsCall, looking, out_of_range, setting
from credstone.model.rules import Outcome, Page
from credstone.model.world import NO_ID
from credstone.words.call import Word
from credstone.words.constants import value_of

OTHER_PAGES = {
    "setgroups": Page(
        failure=("os.setgroups/errors",),
        order=("setgroups(2)/linux/check-order",),
        unchanged=("setgroups(2)/linux/failure-changes-nothing",),
    ),
    "initgroups": Page(
        failure=("os.initgroups/errors",),
        unchanged=("initgroups(3)/linux/failure-changes-nothing",),
    ),
}


def page_of(name: str) -> Page:
    """What the pages say of every answer of an ``os`` function."""
    if name in LOOKING:
        return Page(success=(LOOKING[name][1],))
    return SETTING[name].page if name in SETTING else OTHER_PAGES.get(name, Page())


def os_getgroups(now: Moment, arguments: tuple[Any, ...]) -> Outcome:
    """os.getgroups()."""
    now.reject("TypeError", "os.getgroups/returns-list", bool(arguments))
    groups = list_of(now)
    return now.answers(now.rule(groups, "os.getgroups/returns-list", of="answer"))


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
    gids = now.rule(elements if isinstance(elements, tuple) else (), "os.setgroups/sets-list", of=("answer", "groups"))
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
    effective = now.rule(
        bool(named.get("effective_ids", False)), "os.access/effective_ids", "os.access/real-ids", of="answer"
    )
    name = path.word if isinstance(path, Word) else str(path)
    granted = now.succeeds(lambda: faccessat(now, name, _mode(mode), EFFECTIVE if effective else 0))
    return now.answers(now.rule(int(granted), "os.access/yes-or-no", of="answer"))


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
    return now.rule((now.sure(named), now.sure(number)), decided, of=("answer", "groups"))


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


FUNCTIONS: dict[str, OsCall] = {
    **{name: looking(name) for name in LOOKING},
    **{name: setting(name) for name in SETTING},
    "getgroups": os_getgroups,
    "setgroups": os_setgroups,
    "initgroups": os_initgroups,
    "getgrouplist": os_getgrouplist,
}
"""The modelled functions of ``os``, by name."""
