"""The files below /proc that hold credentials: proc_pid_status(5), proc_pid_uid_map(5), user_namespaces(7)."""

from __future__ import annotations

import re

import msgspec

from credstone.model import files, namespaces
from credstone.model.arguments import NotModelled
from credstone.model.fork import CHILD
from credstone.model.getgroups import status_groups
from credstone.model.moment import Moment
from credstone.model.rules import Choosing, Rules, refuse, rule
from credstone.model.world import NO_ID, Task
from credstone.words.capability import CAP_SYS_ADMIN
from credstone.words.credential import Ids
from credstone.words.scenario import MAIN, OUTSIDE, File

NGROUPS_MAX = "/proc/sys/kernel/ngroups_max"
OF_PROCESS = re.compile(r"/proc/(?P<process>[\w$-]+)/(?P<file>uid_map|gid_map|setgroups)")
SETS = {
    "CapInh": "inheritable",
    "CapPrm": "permitted",
    "CapEff": "effective",
    "CapBnd": "bounding",
    "CapAmb": "ambient",
}
"""The fields of /proc/PID/status that show capability sets."""


def read(now: Moment, path: str) -> Rules:
    """The text of a file, without its last newline."""
    if path == NGROUPS_MAX:
        return now.answers((yield rule("getgroups(2)/ngroups_max-file", str(now.system.ngroups_max))))
    if not path.startswith("/"):
        return (yield from files.read_file(now, path))
    task, name = _of_process(now, path)
    if name == "setgroups":
        return now.answers((yield from namespaces.setgroups_word(now.world.namespaces[task.namespace])))
    return now.answers((yield rule("user_namespaces(7)/map-shown", namespaces.shown_map(now, task.namespace, name))))


def write(now: Moment, path: str, text: str) -> Rules:
    """One write to a file, which must be there: the number of bytes."""
    if path == NGROUPS_MAX:
        # Mode 0444, and for this kind of file not even root is above the mode.
        yield refuse("EACCES", "getgroups(2)/ngroups_max-file", True)
        return now.answers(len(text.encode()))
    if not path.startswith("/"):
        return (yield from files.write_file(now, path, text))
    task, name = _of_process(now, path)
    allowed = yield from files.may(now, _inode(now, task), files.WRITE)
    yield refuse("EACCES", "user_namespaces(7)/map-files-owner", not allowed)
    if name != "setgroups":
        return (yield from namespaces.write_map(now, task.namespace, name, text))
    powerless = not now.capable_in(task.namespace, CAP_SYS_ADMIN)
    yield refuse("EACCES", "user_namespaces(7)/setgroups-CAP_SYS_ADMIN", powerless)
    return (yield from namespaces.write_setgroups(now, task.namespace, text))


def _of_process(now: Moment, path: str) -> tuple[Task, str]:
    found = OF_PROCESS.fullmatch(path)
    if found is None:
        raise NotModelled(f"the file {path}")
    return process(now, found["process"]), found["file"]


def _inode(now: Moment, task: Task) -> File:
    """A file of /proc/PID: it belongs to the effective ids of the process.

    Where the process is not dumpable, to root of the user namespace in which its program was started, or, if that has
    none, to root of the outermost (proc_pid(5)).
    """
    if task.credential.dumpable == 1:
        return File("", "text", "", task.credential.uid.effective, task.credential.gid.effective, 0o644)
    home, outermost = now.world.namespaces[task.memory], now.world.namespaces[0]
    root, group = (
        first if first is not None else second
        for first, second in ((home.uid(0), outermost.uid(0)), (home.gid(0), outermost.gid(0)))
    )
    return File("", "text", "", NO_ID if root is None else root, NO_ID if group is None else group, 0o644)


def process(now: Moment, name: str) -> Task:
    """The task whose credentials /proc shows under this name: of a process, its first thread."""
    fixed = {"$pid": MAIN, "self": now.task.process, "thread-self": now.who, OUTSIDE: OUTSIDE}
    who = fixed.get(name, CHILD + name.removeprefix("$"))
    try:
        return now.world.task(who)
    except KeyError:
        raise NotModelled(f"there is no process {name} in this cell") from None


def status(now: Moment, name: str, field: str) -> Rules:
    """A field of /proc/PID/status, in the ids of the reader's user namespace."""
    credential = process(now, name).credential
    if field == "Groups":
        return now.answers((yield from status_groups(now.world, now, credential.groups)))
    if field in ("Uid", "Gid"):
        return now.answers((yield from _ids(now, field, credential.uid if field == "Uid" else credential.gid)))
    if field in SETS:
        shown = getattr(credential.capabilities, SETS[field])
        return now.answers((yield rule("proc_pid_status(5)/capabilities", shown)))
    if field == "NoNewPrivs":
        return now.answers((yield rule("proc_pid_status(5)/NoNewPrivs", int(credential.no_new_privs))))
    return now.undecided()


def _ids(now: Moment, field: str, ids: Ids) -> Choosing:
    shown = now.world.shown_uid if field == "Uid" else now.world.shown_gid
    four = tuple(shown(number, now.namespace) for number in msgspec.structs.astuple(ids))
    four = yield rule("proc_pid_status(5)/ids", four)
    return (yield rule("credentials(7)/status-shows-them", four))
