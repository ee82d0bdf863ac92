"""The links below /proc/PID/ns, and what ioctl(2) tells of the namespaces behind them: namespaces(7), ioctl_ns(2)."""

from __future__ import annotations

import re

from credstone.model.arguments import NotModelled
from credstone.model.caller import OK, Moment
from credstone.model.commit import replace
from credstone.model.processes.proc_files import process, refuse_unreachable
from credstone.model.processes.ptrace import may_access
from credstone.model.rules import Outcome
from credstone.model.since import NAMESPACE_OWNER, NAMESPACE_RELATIONS, Unknown
from credstone.model.world import Place, Task, World
from credstone.words.constants import CONSTANTS

LINK = re.compile(r"/proc/(?P<process>[\w$-]+)/ns/(?P<kind>\w+)")
KINDS = {
    kind: CONSTANTS[f"CLONE_NEW{flag}"]
    for kind, flag in {
        "user": "USER", "mnt": "NS", "uts": "UTS", "ipc": "IPC", "net": "NET", "cgroup": "CGROUP", "pid": "PID",
        "time": "TIME",
    }.items()
}  # fmt: skip
"""The kinds of namespace, by the names of their links, with the flags that make new ones."""

HELD = "held"
HIERARCHIES = ("user", "pid")
"""The kinds of which one namespace is the parent of another."""


def place_of(task: Task, kind: str) -> Place:
    """The namespace of this kind in which a task is."""
    if kind == "user":
        return Place(kind, task.namespace)
    return next((place for place in task.places if place.kind == kind), Place(kind, 0))


def move_to(task: Task, place: Place) -> Task:
    """The task in another namespace of this kind."""
    if place.kind == "user":
        return replace(task, namespace=place.number)
    others = tuple(each for each in task.places if each.kind != place.kind)
    return replace(task, places=(*others, place))


def owner_of(world: World, place: Place) -> int:
    """The number of the user namespace that owns a namespace; that of a user namespace is its parent."""
    if place.kind == "user":
        return world.namespaces[place.number].parent
    if place.number == 0 and not world.system.initial_user_namespace:
        raise Unknown(f"no fact says which user namespace owns the {place.kind} namespace of the agent")
    return world.owners[place.number]


def open_link(now: Moment, path: str) -> Place:
    """The namespace behind a link, or the one that is held; the file is opened if the caller may look into its owner."""
    if path == HELD:
        if now.task.held is None:
            raise NotModelled("no line has held a namespace before")
        return now.task.held
    found = LINK.fullmatch(path)
    if found is None or found["kind"] not in KINDS:
        raise NotModelled(f"it does not know the namespace {path}")
    refuse_unreachable(now)
    owner = process(now, found["process"])
    allowed = may_access(now, owner, filesystem=True)
    now.refuse("EACCES", "setns(2)/linux/link-ptrace-access", not allowed)
    return place_of(owner, found["kind"])


def hold(now: Moment, path: str) -> Outcome:
    """open(2) of a link; it stays open."""
    place = open_link(now, path)
    return Outcome(OK, now.world.with_tasks(replace(now.task, held=place)))


def same_namespace(now: Moment, path: str, other: str) -> Outcome:
    """Whether two links lead to the same namespace: st_dev and st_ino of stat(2)."""
    first, second = open_link(now, path), open_link(now, other)
    return now.answers(int(first == second))


def ioctl(now: Moment, path: str, request: int, other: str = "") -> Outcome:
    """int ioctl(int fd, unsigned long request, ...) of ioctl_ns(2)."""
    if path != HELD and LINK.fullmatch(path) is None:
        now.refuse("ENOTTY", "ioctl_ns(2)/ENOTTY", True)
        return now.answers()
    known = NAMESPACE_OWNER if request == CONSTANTS["NS_GET_OWNER_UID"] else NAMESPACE_RELATIONS
    now.refuse("ENOTTY", "ioctl_ns(2)/ENOTTY", not now.system.has(known))
    place = open_link(now, path)
    if request == CONSTANTS["NS_GET_OWNER_UID"]:
        now.refuse("EINVAL", "ioctl_ns(2)/NS_GET_OWNER_UID-EINVAL", place.kind != "user")
        owner = now.world.namespaces[place.number].owner if place.kind == "user" else 0
        shown = now.world.shown_uid(owner, now.namespace)
        return now.answers(
            now.rule(shown, "ioctl_ns(2)/linux/owner-in-the-callers-ids", "ioctl_ns(2)/NS_GET_OWNER_UID", of="answer")
        )
    wanted = open_link(now, other)
    if request == CONSTANTS["NS_GET_PARENT"]:
        now.refuse("EINVAL", "ioctl_ns(2)/NS_GET_PARENT-EINVAL", place.kind not in HIERARCHIES)
        if place.kind == "pid":
            raise NotModelled("it does not know the parents of PID namespaces")
        clause = "ioctl_ns(2)/NS_GET_PARENT"
    elif request == CONSTANTS["NS_GET_USERNS"]:
        clause = "ioctl_ns(2)/NS_GET_USERNS" if place.kind != "user" else "ioctl_ns(2)/parent-owns"
    else:
        raise NotModelled(f"it does not know the request {request:#x}")
    found = owner_of(now.world, place)
    now.refuse("EPERM", "ioctl_ns(2)/EPERM", not _in_scope(now, found))
    found = now.rule(found, clause, of="answer")
    return now.answers(int(wanted == Place("user", found)))


def _in_scope(now: Moment, number: int) -> bool:
    """Whether a user namespace is the caller's own, or one below it."""
    while number >= 0 and number != now.task.namespace:
        number = now.world.namespaces[number].parent
    return number >= 0
