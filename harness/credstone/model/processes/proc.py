"""The files below /proc that hold credentials: proc_pid_status(5), proc_pid_uid_map(5), user_namespaces(7)."""

from __future__ import annotations

import re

import msgspec

from credstone.model.arguments import NotModelled
from credstone.model.caller import Moment
from credstone.model.capabilities.in_namespaces import has_over
from credstone.model.files import content
from credstone.model.files.permissions import WRITE, may
from credstone.model.groups.getgroups import status_groups
from credstone.model.namespaces import maps, sysctl
from credstone.model.processes import proc_files
from credstone.model.processes.proc_files import process
from credstone.model.rules import Outcome
from credstone.model.since import IDS_WITHOUT_SIGN, NO_NEW_PRIVS_SHOWN
from credstone.model.world import Task
from credstone.words.capability import CAP_SYS_ADMIN
from credstone.words.credential import Ids

OF_PROCESS = re.compile(r"/proc/(?P<process>[\w$-]+)/(?P<file>uid_map|gid_map|setgroups)")
SETS = {
    "CapInh": "inheritable",
    "CapPrm": "permitted",
    "CapEff": "effective",
    "CapBnd": "bounding",
    "CapAmb": "ambient",
}
"""The fields of /proc/PID/status that show capability sets."""


def read(now: Moment, path: str) -> Outcome:
    """The text of a file, without its last newline."""
    if not path.startswith("/"):
        return content.read_file(now, path)
    proc_files.refuse_unreachable(now)
    if path in sysctl.FILES:
        return sysctl.read(now, path)
    task, name = _of_process(now, path)
    if name == "setgroups":
        return now.answers(maps.setgroups_word(now, now.world.namespaces[task.namespace]))
    return now.answers(maps.show_map(now, task.namespace, name))


def write(now: Moment, path: str, text: str, offset: int = 0) -> Outcome:
    """One write to a file, which must be there: the number of bytes."""
    if not path.startswith("/"):
        return content.write_file(now, path, text, offset)
    proc_files.refuse_unreachable(now)
    if path in sysctl.FILES:
        return sysctl.write(now, path, text, offset)
    task, name = _of_process(now, path)
    allowed = may(now, proc_files.inode(now, task, 0o644), WRITE)
    now.refuse("EACCES", "user_namespaces(7)/linux/map-files-owner", not allowed)
    now.refuse("EINVAL", "write(2)/EINVAL-offset", offset < 0)
    if name != "setgroups":
        return maps.write_map(now, task.namespace, name, text, offset)
    privileged = has_over(now, task.namespace, CAP_SYS_ADMIN)
    now.refuse("EACCES", "user_namespaces(7)/setgroups-CAP_SYS_ADMIN", not privileged)
    return maps.write_setgroups(now, task.namespace, text, offset)


def pwrite(now: Moment, path: str, text: str, offset: int) -> Outcome:
    """One pwrite(2).  Linux has none for the map files, whatever the offset."""
    if not path.startswith("/"):
        return content.write_file(now, path, text, offset)
    proc_files.refuse_unreachable(now)
    task, _ = _of_process(now, path)
    allowed = may(now, proc_files.inode(now, task, 0o644), WRITE)
    now.refuse("EACCES", "user_namespaces(7)/linux/map-files-owner", not allowed)
    now.refuse("EINVAL", "write(2)/EINVAL-offset", offset < 0)
    now.refuse("ESPIPE", "user_namespaces(7)/map-by-pwrite", True)
    return now.answers(len(text.encode()))


def open_path(now: Moment, path: str, flags: int, mode: int = content.PRIVATE) -> Outcome:
    """open(2) of a file of the cell, of a process or of the machine, and closed again."""
    if not path.startswith("/"):
        return content.open_file(now, path, flags, mode)
    proc_files.refuse_unreachable(now)
    if flags & ~(content.ACCESS_MODE | content.APPEND):
        raise NotModelled(f"it does not know the flags {flags:#o} for files below /proc")
    if path in sysctl.FILES:
        return sysctl.open_file(now, path, bool(flags & content.ACCESS_MODE))
    return proc_files.open_file(now, path, flags)


def stat(now: Moment, path: str) -> Outcome:
    """stat(2) of a file of the cell or of a process."""
    if path.startswith("/"):
        proc_files.refuse_unreachable(now)
        return proc_files.stat(now, path)
    return content.stat(now, path)


def _of_process(now: Moment, path: str) -> tuple[Task, str]:
    found = OF_PROCESS.fullmatch(path)
    if found is None:
        raise NotModelled(f"it does not know the file {path}")
    return process(now, found["process"]), found["file"]


def status(now: Moment, name: str, field: str) -> Outcome:
    """A field of /proc/PID/status, in the ids of the reader's user namespace."""
    proc_files.refuse_unreachable(now)
    credential = process(now, name).credential
    if field == "Groups":
        return now.answers(status_groups(now, credential.groups))
    if field in ("Uid", "Gid"):
        return now.answers(_ids(now, field, credential.uid if field == "Uid" else credential.gid))
    if field in SETS:
        shown = getattr(credential.capabilities, SETS[field])
        return now.answers(
            now.rule(shown, "capabilities(7)/status-shows-the-sets", "proc_pid_status(5)/capabilities", of="answer")
        )
    if field == "SigBlk":
        mask = process(now, name).blocked
        return now.answers(mask - 2**64 if mask >= 2**63 else mask)  # as an answer of 64 bits with a sign
    if field == "NoNewPrivs":
        now.refuse("ENOENT", "proc_pid_status(5)/NoNewPrivs", not now.system.has(NO_NEW_PRIVS_SHOWN))
        return now.answers(
            now.rule(
                int(credential.no_new_privs),
                "prctl(2)/PR_SET_NO_NEW_PRIVS-status",
                "proc_pid_status(5)/NoNewPrivs",
                of="answer",
            )
        )
    return now.undecided()


def _ids(now: Moment, field: str, ids: Ids) -> tuple[int, ...]:
    shown = now.world.shown_uid if field == "Uid" else now.world.shown_gid
    four = tuple(shown(number, now.namespace) for number in msgspec.structs.astuple(ids))
    if not now.system.has(IDS_WITHOUT_SIGN):
        four = tuple(number - 2**32 if number >= 2**31 else number for number in four)
    return now.rule(
        four,
        "credentials(7)/status-shows-them",
        "user_namespaces(7)/overflow-status",
        "proc_pid_status(5)/ids",
        of="answer",
    )
