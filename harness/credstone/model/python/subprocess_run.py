"""subprocess.run(user=, group=, extra_groups=, umask=): Python's documentation, "Popen Constructor".

The keywords are looked at in the parent.  The child sets the mask, the groups, the group IDs and the user IDs, and
executes an ordinary program.
"""

from __future__ import annotations

from typing import Any

import msgspec

from credstone.model.arguments import Buffer, NotModelled
from credstone.model.commit import replace
from credstone.model.files.ownership import PERMISSIONS
from credstone.model.fork import new_task
from credstone.model.groups.database import database_of, groups_in, users_in
from credstone.model.groups.getgroups import setgroups
from credstone.model.groups.ngroups_max import IN_LIMITS_H
from credstone.model.ids.setreuid import setregid, setreuid
from credstone.model.moment import Moment, moment
from credstone.model.programs.new_image import new_image
from credstone.model.python.python_os import out_of_range
from credstone.model.rules import Choosing, Context, Outcome, Page, Performed, Rules, Run, refuse, reject, rule
from credstone.model.world import NO_ID, World
from credstone.words.answer import Answer
from credstone.words.call import Call, Word
from credstone.words.scenario import File

CHILD = "subprocess"
KNOWN = ("user", "group", "extra_groups", "umask")
PROGRAM = File("an ordinary program", "agent", "", 0, 0, 0o755)
LARGEST_INT = 2**31 - 1
PAGE = "subprocess/"
SUBPROCESS = Page(failure=(PAGE + "errors",))


def subprocess_run(now: Moment, keywords: tuple[tuple[str, Any], ...], then: Call | None = None) -> Rules:
    """What ``then`` answers in a child that was started with these keywords."""
    asked = dict(keywords)
    unknown = [name for name in asked if name not in KNOWN]
    if unknown:
        raise NotModelled(f"it does not know the keyword {unknown[0]} of subprocess")
    group = yield from _one(now, asked.get("group"), "group")
    listed = yield from _extra_groups(now, asked.get("extra_groups"))
    user = yield from _one(now, asked.get("user"), "user")
    mask = yield from _umask(now, asked.get("umask", -1))
    world = now.world.with_tasks(replace(new_task(now.task, CHILD, CHILD), umask=mask))
    world = yield rule(PAGE + "inherits", world)
    asked_for = {"extra_groups": listed, "group": group, "user": user}
    for step in (yield rule(PAGE + "order", ("extra_groups", "group", "user"))):
        if asked_for[step] is not None:
            made = _made(moment(world, CHILD), step, asked_for[step])
            if made.outcome.answer.failed:
                yield refuse(made.outcome.answer.errno, PAGE + "errors", True)
                return now.answers()
            world = made.outcome.world
    world = _executed(world)
    parent = yield rule(PAGE + "parent-stays", now.world)
    return Outcome(Answer("", _answer(moment(world, CHILD), then)), parent)


def _one(now: Moment, asked: Any, kind: str) -> Choosing:
    """A user or group as a number, or None where nobody asked for one."""
    if asked is None:
        return (yield rule(f"{PAGE}{kind}-None", None))
    yield reject("TypeError", f"{PAGE}{kind}-type", not isinstance(asked, (int, str)))
    number = asked
    if isinstance(asked, str):
        number = yield rule(f"{PAGE}{kind}-name", _looked_up(now, asked, kind))
        yield reject("KeyError", f"{PAGE}{kind}-unknown", number is None)
    known = number if isinstance(number, int) else 0
    yield reject("ValueError", f"{PAGE}{kind}-range", known < 0)
    yield reject("OverflowError", f"{PAGE}{kind}-range", known >= 0 and out_of_range(known))
    return (yield rule(PAGE + kind, number))


def _extra_groups(now: Moment, asked: Any) -> Choosing:
    """The list of groups, or None where nobody asked for one."""
    if asked is None:
        return (yield rule(PAGE + "extra_groups-None", None))
    yield reject("ValueError", PAGE + "extra_groups-type", isinstance(asked, str))
    yield reject("TypeError", PAGE + "extra_groups-type", not isinstance(asked, (tuple, str)))
    elements = asked if isinstance(asked, tuple) else ()
    odd = not {*map(type, elements)} <= {int, bool, str}
    yield reject("TypeError", PAGE + "extra_groups-type", odd)
    numbers = elements
    if any(isinstance(each, str) for each in elements):
        found = tuple(_looked_up(now, each, "group") if isinstance(each, str) else each for each in elements)
        numbers = yield rule(PAGE + "extra_groups-names", found)
        yield reject("KeyError", PAGE + "extra_groups-unknown", None in numbers)
    known = [each for each in numbers if isinstance(each, int)]
    yield reject("ValueError", PAGE + "extra_groups-range", bool(known) and (min(known) < 0 or max(known) > NO_ID))
    yield reject("ValueError", PAGE + "extra_groups-too-many", len(numbers) > IN_LIMITS_H)
    numbers = yield rule(PAGE + "extra_groups", numbers)
    return numbers or (yield rule(PAGE + "extra_groups-empty", numbers))


def _umask(now: Moment, asked: Any) -> Choosing:
    """The mask of the child: a negative one leaves the parent's."""
    yield reject("TypeError", PAGE + "umask-type", not isinstance(asked, int))
    number = asked if isinstance(asked, int) else 0
    yield reject("OverflowError", PAGE + "umask-type", not -LARGEST_INT - 1 <= number <= LARGEST_INT)
    if number < 0:
        return (yield rule(PAGE + "umask-negative", now.task.umask))
    return (yield rule(PAGE + "umask", number & PERMISSIONS))


def _looked_up(now: Moment, name: str, kind: str) -> int | None:
    database = database_of(now)
    if kind == "user":
        return next((user.uid for user in users_in(database) if user.name == name), None)
    return next((group.gid for group in groups_in(database) if group.name == name), None)


def _made(child: Moment, step: str, asked: Any) -> Performed:
    """One of the calls that the child makes."""
    if step == "extra_groups":
        rules = setgroups(child, len(asked), Buffer("valid", asked))
    else:
        rules = (setregid if step == "group" else setreuid)(child, asked, asked)
    return _performed(child, rules)


def _executed(world: World) -> World:
    """The world in which the child runs an ordinary program."""
    child = moment(world, CHILD)
    return _performed(child, _in_new_image(child)).outcome.world


def _in_new_image(child: Moment) -> Rules:
    credential, _ = yield from new_image(child, PROGRAM, True)
    return Outcome(Answer(), child.world.with_tasks(replace(child.task, credential=credential)))


def _performed(child: Moment, rules: Rules) -> Performed:
    """What the child does follows other pages; those are not what is asked about here."""
    return Run(Context("", CHILD, child.api, child.world)).finish(rules, Page())


def _answer(child: Moment, then: Call | None) -> Any:
    """What a call would answer in the child."""
    seen, sets = child.seen, child.credential.capabilities
    uid, gid = msgspec.structs.astuple(seen.uid), msgspec.structs.astuple(seen.gid)
    answers = {
        "getgroups": seen.groups, "getresuid": uid[:3], "getresgid": gid[:3],
        "getuid": uid[0], "geteuid": uid[1], "getgid": gid[0], "getegid": gid[1], "umask": child.task.umask,
        "status Uid": uid, "status Gid": gid, "status Groups": seen.groups,
        "status CapEff": sets.effective, "status CapPrm": sets.permitted, "status CapInh": sets.inheritable,
        "status NoNewPrivs": int(child.credential.no_new_privs),
    }  # fmt: skip
    asked = then.name if then else ""
    if then and asked == "status" and isinstance(then.arguments[-1], Word):
        asked = f"status {then.arguments[-1].word}"
    if asked not in answers:
        raise NotModelled(f"it does not know what {asked or 'nothing'} shows in the child of a subprocess")
    return answers[asked]
