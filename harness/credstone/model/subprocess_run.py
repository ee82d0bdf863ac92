"""subprocess.run(user=, group=, extra_groups=): Python's documentation, "Popen Constructor".

The child sets the groups, then the group IDs, then the user IDs, and executes an ordinary program.
"""

from __future__ import annotations

from typing import Any

import msgspec

from credstone.model.arguments import Buffer, NotModelled
from credstone.model.commit import replace
from credstone.model.database import database_of, groups_in, users_in
from credstone.model.fork import new_task
from credstone.model.getgroups import setgroups
from credstone.model.moment import Moment, moment
from credstone.model.python_os import out_of_range
from credstone.model.rules import Choosing, Outcome, Rules, reject, rule
from credstone.model.setreuid import setregid, setreuid
from credstone.words.answer import Answer
from credstone.words.credential import Ids

CHILD = "subprocess"
KNOWN = ("user", "group", "extra_groups")


def subprocess_run(now: Moment, keywords: tuple[tuple[str, Any], ...], then: str) -> Rules:
    """What ``then`` answers in a child that was started with these keywords."""
    asked = dict(keywords)
    unknown = [name for name in asked if name not in KNOWN]
    if unknown:
        raise NotModelled(f"subprocess with {unknown[0]}")
    group = yield from _one(now, asked.get("group"), "group")
    listed = yield from _extra_groups(now, asked.get("extra_groups"))
    user = yield from _one(now, asked.get("user"), "user")
    world = now.world.with_tasks(new_task(now.task, CHILD, CHILD))
    listed = yield rule("subprocess/extra_groups", listed)
    if listed is not None:
        outcome = yield from setgroups(moment(world, CHILD), len(listed), Buffer("valid", listed))
        world = outcome.world
    if group is not None:
        outcome = yield from setregid(moment(world, CHILD), group, group)
        world = outcome.world
    if user is not None:
        outcome = yield from setreuid(moment(world, CHILD), user, user)
        world = outcome.world
    child = world.task(CHILD)
    uid, gid = (_after_exec(ids) for ids in (child.credential.uid, child.credential.gid))
    world = world.with_tasks(replace(child, credential=replace(child.credential, uid=uid, gid=gid)))
    return Outcome(Answer("", _answer(moment(world, CHILD), then)), now.world)


def _one(now: Moment, asked: Any, kind: str) -> Choosing:
    """A user or group as a number, or None where nobody asked for one."""
    if asked is None:
        return None
    yield reject("TypeError", f"subprocess/{kind}", not isinstance(asked, (int, str)))
    number = _looked_up(now, asked, kind) if isinstance(asked, str) else asked
    yield reject("KeyError", f"subprocess/{kind}", number is None)
    yield reject("ValueError", f"subprocess/{kind}", isinstance(number, int) and (number < 0 or out_of_range(number)))
    return (yield rule(f"subprocess/{kind}", number))


def _extra_groups(now: Moment, asked: Any) -> Choosing:
    if asked is None:
        return None
    yield reject("ValueError", "subprocess/extra_groups", not isinstance(asked, tuple))
    elements = asked if isinstance(asked, tuple) else ()
    yield reject("TypeError", "subprocess/extra_groups", not all(isinstance(each, (int, str)) for each in elements))
    numbers = tuple(_looked_up(now, each, "group") if isinstance(each, str) else each for each in elements)
    yield reject("KeyError", "subprocess/extra_groups", None in numbers)
    bad = any(isinstance(each, int) and (each < 0 or out_of_range(each)) for each in numbers)
    yield reject("ValueError", "subprocess/extra_groups", bad)
    return (yield rule("subprocess/extra_groups", numbers))


def _looked_up(now: Moment, name: str, kind: str) -> int | None:
    database = database_of(now)
    if kind == "user":
        return next((user.uid for user in users_in(database) if user.name == name), None)
    return next((group.gid for group in groups_in(database) if group.name == name), None)


def _after_exec(ids: Ids) -> Ids:
    return Ids(ids.real, ids.effective, ids.effective, ids.effective)


def _answer(child: Moment, then: str) -> Any:
    seen = child.seen
    uid, gid = msgspec.structs.astuple(seen.uid), msgspec.structs.astuple(seen.gid)
    answers = {
        "getgroups": seen.groups, "getresuid": uid[:3], "getresgid": gid[:3],
        "getuid": uid[0], "geteuid": uid[1], "getgid": gid[0], "getegid": gid[1],
    }  # fmt: skip
    if then not in answers:
        raise NotModelled(f"{then} in the child of a subprocess")
    return answers[then]
