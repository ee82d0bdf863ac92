"""setresuid(2) and setresgid(2)."""

from __future__ import annotations

from credstone.model.caller import Moment, given
from credstone.model.commit import set_credential
from credstone.model.ids.halves import GROUPS, USERS, Half, with_new_ids
from credstone.model.rules import Outcome, Page
from credstone.model.since import NO_OP_RETURNS_EARLY
from credstone.words.credential import Ids

SETRESUID = Page(
    success=("setresuid(2)/returns-zero",),
    failure=("setresuid(2)/error-minus-one",),
    order=("setresuid(2)/linux/check-order",),
    unchanged=("setresuid(2)/linux/failure-changes-nothing",),
)
SETRESGID = Page(
    success=("setresgid(2)/returns-zero",),
    failure=("setresgid(2)/error-minus-one",),
    order=("setresgid(2)/linux/check-order",),
    unchanged=("setresgid(2)/linux/failure-changes-nothing",),
)


def setresuid(now: Moment, ruid: int, euid: int, suid: int) -> Outcome:
    """int setresuid(uid_t ruid, uid_t euid, uid_t suid)."""
    return _set_three(now, USERS, (ruid, euid, suid))


def setresgid(now: Moment, rgid: int, egid: int, sgid: int) -> Outcome:
    """int setresgid(gid_t rgid, gid_t egid, gid_t sgid)."""
    return _set_three(now, GROUPS, (rgid, egid, sgid))


def _set_three(now: Moment, half: Half, numbers: tuple[int, int, int]) -> Outcome:
    old = half.of(now.credential)
    had = (old.real, old.effective, old.saved)
    new = tuple([half.kernel_or(now, number, each) for number, each in zip(numbers, had, strict=True)])
    new = now.rule(
        new,
        half.clause("setresuid(2)/every-id-is-an-id", "setresgid(2)/every-id-is-an-id"),
        of=("answer", *half.of_all),
    )
    privileged = now.rule(
        now.capable(half.capability),
        half.clause("setresuid(2)/privilege-is-the-capability", "setresgid(2)/privilege-is-the-capability"),
        half.clause("setresuid(2)/uid-0-can-fail", "setresgid(2)/uid-0-can-fail"),
        of="answer",
    )
    permutes = all(not given(number) or each in had for number, each in zip(numbers, new, strict=True))
    permutes = now.rule(
        permutes,
        half.clause("setresuid(2)/unprivileged-permutes", "setresgid(2)/unprivileged-permutes"),
        half.clause("credentials(7)/user-switching", "credentials(7)/group-switching"),
        of="answer",
    )
    if half is USERS:
        now.accept("setresuid(2)/over-the-process-limit", "EAGAIN")
    now.refuse("EINVAL", half.clause("setresuid(2)/EINVAL", "setresgid(2)/EINVAL"), None in new)
    now.refuse("EPERM", half.clause("setresuid(2)/EPERM", "setresgid(2)/EPERM"), not privileged and not permutes)
    three = (now.sure(new[0]), now.sure(new[1]), now.sure(new[2]))
    real, effective, saved = now.rule(
        three,
        half.clause("setresuid(2)/sets-all", "setresgid(2)/sets-all"),
        half.clause("setresuid(2)/minus-one-keeps", "setresgid(2)/minus-one-keeps"),
        of=half.of_all,
    )
    filesystem = effective
    if new == had and not given(numbers[1]) and filesystem != old.filesystem and now.system.has(NO_OP_RETURNS_EARLY):
        filesystem = old.filesystem  # nothing new is asked for, and the filesystem ID is not looked at
    filesystem = now.rule(
        filesystem, half.clause("setresuid(2)/fsuid-follows", "setresgid(2)/fsgid-follows"), of=half.of_filesystem
    )
    credential = with_new_ids(
        now,
        half,
        Ids(real, effective, saved, filesystem),
        half.clause("setresuid(2)/linux/nothing-else", "setresgid(2)/linux/nothing-else"),
        "setresuid(2)/linux/capabilities-follow",
    )
    return set_credential(
        now,
        credential,
        half.clause("setresuid(2)/C-library-kernel-differences", "setresgid(2)/C-library-kernel-differences"),
        half.clause("setresuid(2)/kernel-per-thread", "setresgid(2)/kernel-per-thread"),
    )
