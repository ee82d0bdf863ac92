"""getuid(2), getgid(2), getresuid(2): the calls that only look at ids, and group_member(3)."""

from __future__ import annotations

from credstone.model.arguments import WHOLE, Buffer
from credstone.model.caller import Moment
from credstone.model.groups.getgroups import list_of
from credstone.model.ids.halves import GROUPS, USERS, Half
from credstone.model.rules import Outcome, Page
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


def getuid(now: Moment) -> Outcome:
    """uid_t getuid(void)."""
    return now.answers(now.rule(now.seen.uid.real, "getuid(2)/linux/overflow-shown", "getuid(2)/real", of="answer"))


def geteuid(now: Moment) -> Outcome:
    """uid_t geteuid(void)."""
    return now.answers(
        now.rule(now.seen.uid.effective, "getuid(2)/effective", "getuid(2)/linux/overflow-shown", of="answer")
    )


def getgid(now: Moment) -> Outcome:
    """gid_t getgid(void)."""
    return now.answers(now.rule(now.seen.gid.real, "getgid(2)/linux/overflow-shown", "getgid(2)/real", of="answer"))


def getegid(now: Moment) -> Outcome:
    """gid_t getegid(void)."""
    return now.answers(
        now.rule(now.seen.gid.effective, "getgid(2)/effective", "getgid(2)/linux/overflow-shown", of="answer")
    )


def getresuid(now: Moment, ruid: Buffer = WHOLE, euid: Buffer = WHOLE, suid: Buffer = WHOLE) -> Outcome:
    """int getresuid(uid_t *ruid, uid_t *euid, uid_t *suid)."""
    return _get_three(now, USERS, (ruid, euid, suid))


def getresgid(now: Moment, rgid: Buffer = WHOLE, egid: Buffer = WHOLE, sgid: Buffer = WHOLE) -> Outcome:
    """int getresgid(gid_t *rgid, gid_t *egid, gid_t *sgid)."""
    return _get_three(now, GROUPS, (rgid, egid, sgid))


def _get_three(now: Moment, half: Half, pointers: tuple[Buffer, ...]) -> Outcome:
    ids = half.of(now.seen)
    now.refuse(
        "EFAULT",
        half.clause("getresuid(2)/EFAULT", "getresgid(2)/EFAULT"),
        not all(pointer.valid for pointer in pointers),
    )
    return now.answers(
        now.rule(
            (ids.real, ids.effective, ids.saved),
            half.clause("getresuid(2)/returns-ids", "getresgid(2)/returns-ids"),
            "user_namespaces(7)/overflow-ids",
            half.clause("getresuid(2)/linux/overflow-shown", "getresgid(2)/linux/overflow-shown"),
            "user_namespaces(7)/ids-as-mapped",
            of="answer",
        )
    )


def getpid(now: Moment) -> Outcome:
    """pid_t getpid(void): a number that no page fixes."""
    now.rule(now.task.process, "getpid(2)/process", of="answer")
    return now.undecided()


def group_member(now: Moment, gid: int) -> Outcome:
    """int group_member(gid_t gid): whether a gid is among the supplementary groups."""
    groups = list_of(now)
    member = now.rule(
        gid & NO_ID in groups,
        "group_member(3)/tests-supplementary-groups",
        "group_member(3)/linux/effective-does-not-count",
        of="answer",
    )
    return now.answers(now.rule(int(member), "group_member(3)/returns-nonzero", of="answer"))
