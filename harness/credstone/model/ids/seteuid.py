"""seteuid(2) and setegid(2): functions of the C library, made of setresuid(-1, euid, -1)."""

from __future__ import annotations

from credstone.model.caller import Moment, given
from credstone.model.commit import set_credential
from credstone.model.ids.halves import GROUPS, USERS, Half, with_new_ids
from credstone.model.ids.setresuid import setresgid, setresuid
from credstone.model.rules import Outcome, Page
from credstone.words.credential import Ids

SETEUID = Page(
    success=("seteuid(2)/returns-zero",),
    failure=("seteuid(2)/error-minus-one",),
    order=("seteuid(2)/linux/check-order",),
    unchanged=("seteuid(2)/linux/failure-changes-nothing",),
)
SETEGID = Page(
    success=("setegid(2)/returns-zero",),
    failure=("setegid(2)/error-minus-one",),
    order=("setegid(2)/linux/check-order",),
    unchanged=("setegid(2)/linux/failure-changes-nothing",),
)


def seteuid(now: Moment, euid: int) -> Outcome:
    """int seteuid(uid_t euid)."""
    if not given(euid) and now.system.libc == "musl":
        now.refuse("EINVAL", "seteuid(2)/EINVAL-minus-one", False)
        return setresuid(now, -1, -1, -1)
    return _set_effective(now, USERS, euid)


def setegid(now: Moment, egid: int) -> Outcome:
    """int setegid(gid_t egid)."""
    if not given(egid) and now.system.libc == "musl":
        now.refuse("EINVAL", "setegid(2)/EINVAL-minus-one", False)
        return setresgid(now, -1, -1, -1)
    return _set_effective(now, GROUPS, egid)


def _set_effective(now: Moment, half: Half, number: int) -> Outcome:
    old = half.of(now.credential)
    new = now.rule(
        half.kernel(now, number),
        half.clause("seteuid(2)/linux/every-id-is-an-id", "setegid(2)/linux/every-id-is-an-id"),
        of=("answer", half.of_effective, half.of_filesystem),
    )
    privileged = now.rule(
        now.capable(half.capability),
        half.clause("seteuid(2)/privilege-is-the-capability", "setegid(2)/privilege-is-the-capability"),
        half.clause("seteuid(2)/uid-0-can-fail", "setegid(2)/uid-0-can-fail"),
        of="answer",
    )
    own = now.rule(
        new in (old.real, old.effective, old.saved),
        half.clause("seteuid(2)/unprivileged", "setegid(2)/unprivileged"),
        of="answer",
    )
    now.refuse("EINVAL", half.clause("seteuid(2)/EINVAL-minus-one", "setegid(2)/EINVAL-minus-one"), not given(number))
    now.refuse("EINVAL", half.clause("seteuid(2)/EINVAL", "setegid(2)/EINVAL"), new is None and given(number))
    now.refuse("EPERM", half.clause("seteuid(2)/EPERM", "setegid(2)/EPERM"), not privileged and not own)
    effective = now.rule(
        now.sure(new),
        half.clause("seteuid(2)/sets-effective", "setegid(2)/sets-effective"),
        of=(half.of_effective, half.of_filesystem),
    )
    real = now.rule(old.real, half.clause("seteuid(2)/real-stays", "setegid(2)/real-stays"), of=half.of_real)
    saved = now.rule(old.saved, half.clause("seteuid(2)/saved-stays", "setegid(2)/saved-stays"), of=half.of_saved)
    filesystem = now.rule(
        effective,
        half.clause("seteuid(2)/linux/fsuid-follows", "setegid(2)/linux/fsgid-follows"),
        of=half.of_filesystem,
    )
    credential = with_new_ids(
        now,
        half,
        Ids(real, effective, saved, filesystem),
        half.clause("seteuid(2)/linux/nothing-else", "setegid(2)/linux/nothing-else"),
        "seteuid(2)/linux/capabilities-follow",
    )
    return set_credential(
        now,
        credential,
        half.clause("seteuid(2)/linux/all-threads", "setegid(2)/linux/all-threads"),
        half.clause("seteuid(2)/linux/all-threads", "setegid(2)/linux/all-threads"),
    )
