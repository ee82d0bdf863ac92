"""Whose the files below /proc/PID are, and who may look into them: proc(5), ptrace(2)."""

from __future__ import annotations

import re

import msgspec

from credstone.model.arguments import NotModelled
from credstone.model.caller import Moment
from credstone.model.files import content
from credstone.model.files.permissions import WRITE, may
from credstone.model.fork import CHILD
from credstone.model.processes.ptrace import may_access
from credstone.model.rules import Outcome
from credstone.model.since import UNDUMPABLE_AT_HOME
from credstone.model.world import NO_ID, Task
from credstone.words.scenario import MAIN, OUTSIDE, File

PATH = re.compile(r"/proc/(?P<process>[\w$-]+)(?P<file>(/[\w/]+)?)")


class Kind(msgspec.Struct, frozen=True):
    """A file below /proc/PID: its mode, and whether the ptrace access check guards it when it is opened.

    A ``link`` has no permissions of its own.
    """

    mode: int
    guarded: bool = False
    link: bool = False


KINDS = {
    "": Kind(0o555),
    "/task": Kind(0o555),
    "/status": Kind(0o444),
    "/uid_map": Kind(0o644),
    "/gid_map": Kind(0o644),
    "/setgroups": Kind(0o644),
    "/maps": Kind(0o444, guarded=True),
    "/environ": Kind(0o400, guarded=True),
    "/mem": Kind(0o600, guarded=True),
    "/ns/user": Kind(0o777, guarded=True, link=True),
}
ALWAYS_ITS_OWN = 0o555
"""The mode by which the kernel knows the folders that show the effective ids of a process, dumpable or not."""


def process(now: Moment, name: str) -> Task:
    """The task whose credentials /proc shows under this name: of a process, its first thread."""
    fixed = {"$pid": MAIN, "self": now.task.process, "thread-self": now.who, OUTSIDE: OUTSIDE}
    who = fixed.get(name, CHILD + name.removeprefix("$"))
    found = next((task for task in now.world.tasks if task.who == who), None)
    if found is None:
        raise NotModelled(f"there is no process {name} in this cell")
    return found


def refuse_unreachable(now: Moment) -> None:
    """Raises NotModelled if the caller has another root directory: there is no /proc below it."""
    if now.task.chrooted:
        raise NotModelled("after chroot(2) there is no /proc")


def inode(now: Moment, task: Task, mode: int) -> File:
    """A file of /proc/PID: it belongs to the effective ids of the process.

    Where the process is not dumpable, to root of the user namespace in which its program was started, or, if that has
    none, to root of the outermost (proc(5)); before Linux 4.11 always to that one.
    """
    if task.credential.dumpable == 1 or mode == ALWAYS_ITS_OWN:
        return File("", "text", "", task.credential.uid.effective, task.credential.gid.effective, mode)
    outermost = now.world.namespaces[0]
    home = now.world.namespaces[task.memory] if now.system.has(UNDUMPABLE_AT_HOME) else outermost
    root, group = (
        first if first is not None else second
        for first, second in ((home.uid(0), outermost.uid(0)), (home.gid(0), outermost.gid(0)))
    )
    return File("", "text", "", NO_ID if root is None else root, NO_ID if group is None else group, mode)


def open_file(now: Moment, path: str, flags: int) -> Outcome:
    """open(2) of a file of a process, and closed again."""
    task, kind = _known(now, path)
    wanted = content.WANTED[flags & content.ACCESS_MODE]
    if kind.mode == ALWAYS_ITS_OWN:
        now.refuse("EISDIR", "open(2)/EISDIR", bool(wanted & WRITE))
    if not kind.link:
        allowed = may(now, _inode_of(now, task, kind), wanted)
        now.refuse("EACCES", "open(2)/EACCES", not allowed)
    if kind.guarded:
        allowed = may_access(now, task, filesystem=True)
        now.refuse("EACCES", "ptrace(2)/linux/refusal-of-a-file", not allowed)
    return now.answers()


def stat(now: Moment, path: str) -> Outcome:
    """stat(2) of a file of a process."""
    task, kind = _known(now, path)
    if kind.link:
        raise NotModelled(f"{path} is a symbolic link")
    return now.answers(content.owner_and_mode(now, _inode_of(now, task, kind)))


def _inode_of(now: Moment, task: Task, kind: Kind) -> File:
    """A file of a process, with the owner that Linux gives it."""
    if kind.mode == ALWAYS_ITS_OWN:
        clause = "ptrace(2)/linux/the-folder-shows-the-effective-ids"
    elif task.credential.dumpable == 1:
        clause = "ptrace(2)/linux/effective-ids-own-the-files"
    else:
        clause = "ptrace(2)/linux/undumpable-belongs-to-root"
    return now.rule(
        inode(now, task, kind.mode),
        "prctl(2)/PR_SET_DUMPABLE-proc-files",
        "execve(2)/proc-files-of-root",
        clause,
        of="answer",
    )


def _known(now: Moment, path: str) -> tuple[Task, Kind]:
    found = PATH.fullmatch(path)
    if found is None or found["file"] not in KINDS:
        raise NotModelled(f"it does not know the file {path}")
    return process(now, found["process"]), KINDS[found["file"]]
