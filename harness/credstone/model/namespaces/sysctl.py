"""The files below /proc/sys that concern ids and user namespaces: proc(5), namespaces(7)."""

from __future__ import annotations

import re

from credstone.model.arguments import NotModelled
from credstone.model.caller import Moment
from credstone.model.commit import replace
from credstone.model.rules import Outcome
from credstone.model.since import LIMITED_NAMESPACES
from credstone.words.answer import Answer
from credstone.words.capability import MASKS

CAP_SYS_RESOURCE = MASKS["CAP_SYS_RESOURCE"]
OVERFLOW_UID, OVERFLOW_GID = "/proc/sys/kernel/overflowuid", "/proc/sys/kernel/overflowgid"
MAX_USER_NAMESPACES = "/proc/sys/user/max_user_namespaces"
NGROUPS_MAX = "/proc/sys/kernel/ngroups_max"
FILES = (OVERFLOW_UID, OVERFLOW_GID, MAX_USER_NAMESPACES, NGROUPS_MAX)
NO_LIMIT = 2**31 - 1
"""What a user namespace allows in which nobody has set a limit."""


def read(now: Moment, path: str) -> Outcome:
    """The number in such a file."""
    if path == NGROUPS_MAX:
        return now.answers(now.rule(str(now.system.ngroups_max), "getgroups(2)/ngroups_max-file", of="answer"))
    if path != MAX_USER_NAMESPACES:
        number = now.system.overflow_uid if path == OVERFLOW_UID else now.system.overflow_gid
        return now.answers(now.rule(str(number), "user_namespaces(7)/overflow-files", of="answer"))
    _is_there(now, path)
    if now.namespace.parent < 0:
        return now.undecided()
    limit = NO_LIMIT if now.namespace.limit is None else now.namespace.limit
    return now.answers(now.rule(str(limit), "unshare(2)/linux/limit-of-each-namespace", of="answer"))


def write(now: Moment, path: str, text: str, offset: int) -> Outcome:
    """A write to such a file.  The limit is that of the writer's user namespace; the overflow ids are the machine's."""
    here = path == MAX_USER_NAMESPACES
    _is_there(now, path)
    _may_write(now, path)
    if offset or not re.fullmatch(r"\d{1,10}\n?", text) or int(text) > NO_LIMIT:
        raise NotModelled(f"it knows decimal numbers up to {NO_LIMIT}, written at offset 0")
    limit = now.rule(int(text) if here else None, "unshare(2)/linux/limit-of-each-namespace", of="answer")
    number = now.task.namespace
    world = now.world.with_namespace(number, replace(now.namespace, limit=limit)) if here else now.world
    return Outcome(Answer("", len(text.encode())), world)


def open_file(now: Moment, path: str, writing: bool) -> Outcome:
    """Such a file opened, and closed again: for writing it shows who could write."""
    _is_there(now, path)
    if writing:
        _may_write(now, path)
    return now.answers()


def _is_there(now: Moment, path: str) -> None:
    """The file with the limit is there where the kernel has one; the others always are."""
    if path == MAX_USER_NAMESPACES:
        now.refuse("ENOENT", "unshare(2)/linux/limit-of-each-namespace", not now.system.has(LIMITED_NAMESPACES))


def _may_write(now: Moment, path: str) -> None:
    here, maximum = path == MAX_USER_NAMESPACES, path == NGROUPS_MAX
    powerless = not now.capable(CAP_SYS_RESOURCE)
    # Mode 0444, and for this kind of file not even root is above the mode.
    now.refuse("EACCES", "getgroups(2)/ngroups_max-file", maximum)
    now.refuse("EACCES", "unshare(2)/linux/limit-takes-CAP_SYS_RESOURCE", here and powerless)
    foreign = not here and not maximum and now.namespace.parent >= 0
    now.refuse("EACCES", "user_namespaces(7)/overflow-files", foreign)
