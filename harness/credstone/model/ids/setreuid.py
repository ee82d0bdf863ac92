"""setreuid(2) and setregid(2)."""

from __future__ import annotations

from credstone.model.caller import Moment, given
from credstone.model.commit import set_credential
from credstone.model.ids.halves import GROUPS, USERS, Half, with_new_ids
from credstone.model.rules import Outcome, Page
from credstone.words.credential import Ids

SETREUID = Page(
    success=("setreuid(2)/returns-zero",),
    failure=("setreuid(2)/error-minus-one",),
    order=("setreuid(2)/linux/check-order",),
    unchanged=("setreuid(2)/linux/failure-changes-nothing",),
)
SETREGID = Page(
    success=("setregid(2)/returns-zero",),
    failure=("setregid(2)/error-minus-one",),
    order=("setregid(2)/linux/check-order",),
    unchanged=("setregid(2)/linux/failure-changes-nothing",),
)


def setreuid(now: Moment, ruid: int, euid: int) -> Outcome:
    """int setreuid(uid_t ruid, uid_t euid)."""
    return _set_two(now, USERS, ruid, euid)


def setregid(now: Moment, rgid: int, egid: int) -> Outcome:
    """int setregid(gid_t rgid, gid_t egid)."""
    return _set_two(now, GROUPS, rgid, egid)


def _set_two(now: Moment, half: Half, new_real: int, new_effective: int) -> Outcome:
    old = half.of(now.credential)
    named = (half.kernel_or(now, new_real, old.real), half.kernel_or(now, new_effective, old.effective))
    real, effective = now.rule(
        named,
        half.clause("setreuid(2)/every-id-is-an-id", "setregid(2)/every-id-is-an-id"),
        of=("answer", *half.of_all),
    )
    privileged = now.rule(
        now.capable(half.capability),
        half.clause("setreuid(2)/privilege-is-the-capability", "setregid(2)/privilege-is-the-capability"),
        half.clause("setreuid(2)/uid-0-can-fail", "setregid(2)/uid-0-can-fail"),
        of="answer",
    )
    may_real = not given(new_real) or real in (old.real, old.effective)
    may_real = now.rule(
        may_real, half.clause("setreuid(2)/unprivileged-real", "setregid(2)/unprivileged-real"), of="answer"
    )
    may_effective = not given(new_effective) or effective in (old.real, old.effective, old.saved)
    may_effective = now.rule(
        may_effective,
        half.clause("setreuid(2)/unprivileged-effective", "setregid(2)/unprivileged-effective"),
        half.clause("credentials(7)/user-switching", "credentials(7)/group-switching"),
        of="answer",
    )
    if half is USERS:
        now.accept("setreuid(2)/over-the-process-limit", "EAGAIN")
    now.refuse("EINVAL", half.clause("setreuid(2)/EINVAL", "setregid(2)/EINVAL"), real is None or effective is None)
    # POSIX lets a process make its saved ID the real one; Linux does not.
    to_saved = not may_real and real == old.saved
    now.refuse(
        "EPERM",
        half.clause("setreuid(2)/EPERM-real-to-saved", "setregid(2)/EPERM-real-to-saved"),
        not privileged and to_saved,
    )
    now.refuse(
        "EPERM",
        half.clause("setreuid(2)/EPERM", "setregid(2)/EPERM"),
        not privileged and not (may_effective and (may_real or to_saved)),
    )
    real, effective = now.rule(
        (now.sure(real), now.sure(effective)),
        half.clause("setreuid(2)/sets-real-and-effective", "setregid(2)/sets-real-and-effective"),
        half.clause("setreuid(2)/minus-one-keeps", "setregid(2)/minus-one-keeps"),
        of=half.of_all,
    )
    if given(new_real):
        saved = now.rule(
            effective,
            half.clause("setreuid(2)/saved-follows-real-set", "setregid(2)/saved-follows-real-set"),
            of=half.of_saved,
        )
    elif effective != old.real and given(new_effective):
        saved = now.rule(
            effective,
            half.clause("setreuid(2)/saved-follows-effective", "setregid(2)/saved-follows-effective"),
            of=half.of_saved,
        )
    else:
        saved = now.rule(old.saved, half.clause("setreuid(2)/saved-kept", "setregid(2)/saved-kept"), of=half.of_saved)
    filesystem = now.rule(
        effective,
        half.clause("setreuid(2)/linux/fsuid-follows", "setregid(2)/linux/fsgid-follows"),
        of=half.of_filesystem,
    )
    credential = with_new_ids(
        now,
        half,
        Ids(real, effective, saved, filesystem),
        half.clause("setreuid(2)/linux/nothing-else", "setregid(2)/linux/nothing-else"),
        "setreuid(2)/linux/capabilities-follow",
    )
    return set_credential(
        now,
        credential,
        half.clause("setreuid(2)/C-library-kernel-differences", "setregid(2)/C-library-kernel-differences"),
        half.clause("setreuid(2)/kernel-per-thread", "setregid(2)/kernel-per-thread"),
    )
