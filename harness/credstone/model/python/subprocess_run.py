"""subprocess.run(user=, group=, extra_groups=, umask=): Python's documentation, "Popen Constructor".

The keywords are looked at in the parent.  The child sets the mask, the groups, the group IDs and the user IDs, and
executes an ordinary program.
"""

from __future__ import annotations

from typing import Any

import msgspec

from credstone.model.arguments import Buffer, NotModelled
from credstone.model.caller import Moment, moment
from credstone.model.commit import replace
from credstone.model.files.ownership import PERMISSIONS
from credstone.model.fork import new_task
from credstone.model.groups.database import database_of, groups_in, users_in
from credstone.model.groups.getgroups import setgroups
from credstone.model.groups.ngroups_max import IN_LIMITS_H
from credstone.model.ids.setreuid import setregid, setreuid
from credstone.model.programs.new_image import new_image
from credstone.model.python.python_ids import out_of_range
from credstone.model.rules import Calling, Outcome, Page, Performed, Pick, first, second
from credstone.model.subjects import CREDENTIAL
from credstone.model.world import NO_ID, World
from credstone.words.answer import Answer
from credstone.words.call import Call, Word
from credstone.words.scenario import File

CHILD = "subprocess"
KNOWN = ("user", "group", "extra_groups", "umask")
PROGRAM = File("an ordinary program", "agent", "", 0, 0, 0o755)
LARGEST_INT = 2**31 - 1
SUBPROCESS = Page(failure=("subprocess/errors",))


def subprocess_run(now: Moment, keywords: tuple[tuple[str, Any], ...], then: Call | None = None) -> Outcome:
    """What ``then`` answers in a child that was started with these keywords."""
    asked = dict(keywords)
    unknown = [name for name in asked if name not in KNOWN]
    if unknown:
        raise NotModelled(f"it does not know the keyword {unknown[0]} of subprocess")
    group = _one(now, asked.get("group"), second)
    listed = _extra_groups(now, asked.get("extra_groups"))
    user = _one(now, asked.get("user"), first)
    mask = _umask(now, asked.get("umask", -1))
    world = now.world.with_tasks(replace(new_task(now.task, CHILD, CHILD), umask=mask))
    world = now.rule(world, "subprocess/inherits", of="answer")
    asked_for = {"extra_groups": listed, "group": group, "user": user}
    for step in now.rule(("extra_groups", "group", "user"), "subprocess/order", of="answer"):
        if asked_for[step] is not None:
            made = _made(moment(world, CHILD), step, asked_for[step])
            if made.outcome.answer.failed:
                now.refuse(made.outcome.answer.errno, "subprocess/errors", True)
                return now.answers()
            world = made.outcome.world
    world = _executed(world)
    parent = now.rule(now.world, "subprocess/parent-stays", of=CREDENTIAL)
    return Outcome(Answer("", _answer(moment(world, CHILD), then)), parent)


def _one(now: Moment, asked: Any, of_kind: Pick) -> int | None:
    """A user or group as a number, or None where nobody asked for one."""
    if asked is None:
        return now.rule(None, of_kind("subprocess/user-None", "subprocess/group-None"), of="answer")
    now.reject("TypeError", of_kind("subprocess/user-type", "subprocess/group-type"), not isinstance(asked, (int, str)))
    number = asked if isinstance(asked, int) else None
    if isinstance(asked, str):
        number = now.rule(
            _looked_up(now, asked, of_kind("user", "group")),
            of_kind("subprocess/user-name", "subprocess/group-name"),
            of="answer",
        )
        now.reject("KeyError", of_kind("subprocess/user-unknown", "subprocess/group-unknown"), number is None)
    known = number if isinstance(number, int) else 0
    now.reject("ValueError", of_kind("subprocess/user-range", "subprocess/group-range"), known < 0)
    now.reject(
        "OverflowError", of_kind("subprocess/user-range", "subprocess/group-range"), known >= 0 and out_of_range(known)
    )
    return now.rule(number, of_kind("subprocess/user", "subprocess/group"), of="answer")


def _extra_groups(now: Moment, asked: Any) -> tuple[int, ...] | None:
    """The list of groups, or None where nobody asked for one."""
    if asked is None:
        return now.rule(None, "subprocess/extra_groups-None", of="answer")
    now.reject("ValueError", "subprocess/extra_groups-type", isinstance(asked, str))
    now.reject("TypeError", "subprocess/extra_groups-type", not isinstance(asked, (tuple, str)))
    elements = asked if isinstance(asked, tuple) else ()
    odd = not {*map(type, elements)} <= {int, bool, str}
    now.reject("TypeError", "subprocess/extra_groups-type", odd)
    numbers = elements
    if any(isinstance(each, str) for each in elements):
        found = tuple(_looked_up(now, each, "group") if isinstance(each, str) else each for each in elements)
        numbers = now.rule(found, "subprocess/extra_groups-names", of="answer")
        now.reject("KeyError", "subprocess/extra_groups-unknown", None in numbers)
    known = [each for each in numbers if isinstance(each, int)]
    now.reject("ValueError", "subprocess/extra_groups-range", bool(known) and (min(known) < 0 or max(known) > NO_ID))
    now.reject("ValueError", "subprocess/extra_groups-too-many", len(numbers) > IN_LIMITS_H)
    numbers = now.rule(numbers, "subprocess/extra_groups", of="answer")
    return numbers or now.rule(numbers, "subprocess/extra_groups-empty", of="answer")


def _umask(now: Moment, asked: Any) -> int:
    """The mask of the child: a negative one leaves the parent's."""
    now.reject("TypeError", "subprocess/umask-type", not isinstance(asked, int))
    number = asked if isinstance(asked, int) else 0
    now.reject("OverflowError", "subprocess/umask-type", not -LARGEST_INT - 1 <= number <= LARGEST_INT)
    if number < 0:
        return now.rule(now.task.umask, "subprocess/umask-negative", of="answer")
    return now.rule(number & PERMISSIONS, "subprocess/umask", of="answer")


def _looked_up(now: Moment, name: str, kind: str) -> int | None:
    database = database_of(now)
    if kind == "user":
        return next((user.uid for user in users_in(database) if user.name == name), None)
    return next((group.gid for group in groups_in(database) if group.name == name), None)


def _made(child: Moment, step: str, asked: Any) -> Performed:
    """One of the calls that the child makes."""
    if step == "extra_groups":
        return _performed(child, lambda: setgroups(child, len(asked), Buffer("valid", asked)))
    call = setregid if step == "group" else setreuid
    return _performed(child, lambda: call(child, asked, asked))


def _executed(world: World) -> World:
    """The world in which the child runs an ordinary program."""
    child = moment(world, CHILD)
    return _performed(child, lambda: _in_new_image(child)).outcome.world


def _in_new_image(child: Moment) -> Outcome:
    credential, _ = new_image(child, PROGRAM, True)
    return Outcome(Answer(), child.world.with_tasks(replace(child.task, credential=credential)))


def _performed(child: Moment, call: Calling) -> Performed:
    """What the child does follows other pages; those are not what is asked about here."""
    return child.run.finish(call, Page())


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
