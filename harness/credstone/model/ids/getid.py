"""getuid(2), getgid(2), getresuid(2): the calls that only look at ids, and group_member(3)."""

from __future__ import annotations

from credstone.model.arguments import WHOLE, Buffer
from credstone.model.groups.getgroups import list_of
from credstone.model.ids.halves import GROUPS, USERS, Half
from credstone.model.moment import Moment
from credstone.model.rules import Page, Rules, refuse, rule
from credstone.model.world import NO_ID

GETUID = Page(success=("getuid(2)/every-id-is-an-id", "getuid(2)/always-successful"))
GETGID = Page(success=("getgid(2)/every-id-is-an-id", "getgid(2)/always-successful"))
GETRESUID = Page(
    success=("getresuid(2)/every-id-is-an-id", "getresuid(2)/returns-zero"),
    failure=("getresuid(2)/error-minus-one",),
)
GETRESGID = Page(
    success=("getresgid(2)/every-id-is-an-id", "getresgid(2)/returns-zero"),
    failure=("getresgid(2)/error-minus-one",),
)


def getuid(now: Moment) -> Rules:
    """uid_t getuid(void)."""
    uid = yield rule("getuid(2)/linux/overflow-shown", now.seen.uid.real)
    return now.answers((yield rule("getuid(2)/real", uid)))


def geteuid(now: Moment) -> Rules:
    """uid_t geteuid(void)."""
    uid = yield rule("getuid(2)/linux/overflow-shown", now.seen.uid.effective)
    return now.answers((yield rule("getuid(2)/effective", uid)))


def getgid(now: Moment) -> Rules:
    """gid_t getgid(void)."""
    gid = yield rule("getgid(2)/linux/overflow-shown", now.seen.gid.real)
    return now.answers((yield rule("getgid(2)/real", gid)))


def getegid(now: Moment) -> Rules:
    """gid_t getegid(void)."""
    gid = yield rule("getgid(2)/linux/overflow-shown", now.seen.gid.effective)
    return now.answers((yield rule("getgid(2)/effective", gid)))


def getresuid(now: Moment, ruid: Buffer = WHOLE, euid: Buffer = WHOLE, suid: Buffer = WHOLE) -> Rules:
    """int getresuid(uid_t *ruid, uid_t *euid, uid_t *suid)."""
    return (yield from _get_three(now, USERS, "getresuid(2)/", (ruid, euid, suid)))


def getresgid(now: Moment, rgid: Buffer = WHOLE, egid: Buffer = WHOLE, sgid: Buffer = WHOLE) -> Rules:
    """int getresgid(gid_t *rgid, gid_t *egid, gid_t *sgid)."""
    return (yield from _get_three(now, GROUPS, "getresgid(2)/", (rgid, egid, sgid)))


def _get_three(now: Moment, half: Half, page: str, pointers: tuple[Buffer, ...]) -> Rules:
    ids = half.of(now.seen)
    yield refuse("EFAULT", page + "EFAULT", not all(pointer.valid for pointer in pointers))
    three = yield rule("user_namespaces(7)/ids-as-mapped", (ids.real, ids.effective, ids.saved))
    three = yield rule("user_namespaces(7)/overflow-ids", three)
    three = yield rule(page + "linux/overflow-shown", three)
    return now.answers((yield rule(page + "returns-ids", three)))


def getpid(now: Moment) -> Rules:
    """pid_t getpid(void): a number that no page fixes."""
    yield rule("getpid(2)/process", now.task.process)
    return now.undecided()


def group_member(now: Moment, gid: int) -> Rules:
    """int group_member(gid_t gid): whether a gid is among the supplementary groups."""
    groups = yield from list_of(now)
    member = yield rule("group_member(3)/tests-supplementary-groups", gid & NO_ID in groups)
    member = yield rule("group_member(3)/linux/effective-does-not-count", member)
    return now.answers((yield rule("group_member(3)/returns-nonzero", int(member))))
