"""getuid(2), getgid(2), getresuid(2): the calls that only look at ids, and group_member(3)."""

from __future__ import annotations

from credstone.model.arguments import WHOLE, Buffer
from credstone.model.moment import Moment
from credstone.model.rules import Rules, refuse, rule
from credstone.words.credential import Ids


def getuid(now: Moment) -> Rules:
    """uid_t getuid(void)."""
    return now.answers((yield rule("getuid(2)/real", now.seen.uid.real)))


def geteuid(now: Moment) -> Rules:
    """uid_t geteuid(void)."""
    return now.answers((yield rule("getuid(2)/effective", now.seen.uid.effective)))


def getgid(now: Moment) -> Rules:
    """gid_t getgid(void)."""
    return now.answers((yield rule("getgid(2)/real", now.seen.gid.real)))


def getegid(now: Moment) -> Rules:
    """gid_t getegid(void)."""
    return now.answers((yield rule("getgid(2)/effective", now.seen.gid.effective)))


def getresuid(now: Moment, ruid: Buffer = WHOLE, euid: Buffer = WHOLE, suid: Buffer = WHOLE) -> Rules:
    """int getresuid(uid_t *ruid, uid_t *euid, uid_t *suid)."""
    yield refuse("EFAULT", "getresuid(2)/EFAULT", not (ruid.valid and euid.valid and suid.valid))
    return now.answers((yield rule("getresuid(2)/returns-ids", _three(now.seen.uid))))


def getresgid(now: Moment, rgid: Buffer = WHOLE, egid: Buffer = WHOLE, sgid: Buffer = WHOLE) -> Rules:
    """int getresgid(gid_t *rgid, gid_t *egid, gid_t *sgid)."""
    yield refuse("EFAULT", "getresgid(2)/EFAULT", not (rgid.valid and egid.valid and sgid.valid))
    return now.answers((yield rule("getresgid(2)/returns-ids", _three(now.seen.gid))))


def getpid(now: Moment) -> Rules:
    """pid_t getpid(void): a number that no page fixes."""
    yield rule("getpid(2)/process", now.task.process)
    return now.undecided()


def group_member(now: Moment, gid: int) -> Rules:
    """int group_member(gid_t gid): whether a gid is among the supplementary groups."""
    return now.answers((yield rule("group_member(3)/supplementary", int(gid in now.seen.groups))))


def _three(ids: Ids) -> tuple[int, int, int]:
    return ids.real, ids.effective, ids.saved
