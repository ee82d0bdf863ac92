"""setregid(2): the group half of setreuid(2)."""

from __future__ import annotations

from credstone.model.commit import done, replace
from credstone.model.moment import Moment, given
from credstone.model.rules import Page, Rules, refuse, rule
from credstone.words.capability import CAP_SETGID
from credstone.words.credential import Ids

SETREGID = Page(
    success=("setregid(2)/returns-zero",),
    failure=("setregid(2)/error-minus-one",),
    order=("setregid(2)/linux/check-order",),
    unchanged=("setregid(2)/linux/failure-changes-nothing",),
)


def setregid(now: Moment, rgid: int, egid: int) -> Rules:
    """int setregid(gid_t rgid, gid_t egid)."""
    old = now.credential.gid
    named = (now.gid_or(rgid, old.real), now.gid_or(egid, old.effective))
    real, effective = yield rule("setregid(2)/linux/every-id-is-an-id", named)
    privileged = yield rule("setregid(2)/privilege-is-the-capability", now.capable(CAP_SETGID))
    privileged = yield rule("setregid(2)/uid-0-can-fail", privileged)
    may_real = not given(rgid) or real in (old.real, old.effective)
    may_real = yield rule("setregid(2)/unprivileged-real", may_real)
    may_effective = not given(egid) or effective in (old.real, old.effective, old.saved)
    may_effective = yield rule("setregid(2)/unprivileged-effective", may_effective)
    may_effective = yield rule("credentials(7)/group-switching", may_effective)
    yield refuse("EINVAL", "setregid(2)/EINVAL", real is None or effective is None)
    # POSIX lets a process make its saved id the real one; Linux does not.
    to_saved = not may_real and real == old.saved
    yield refuse("EPERM", "setregid(2)/EPERM-real-to-saved", not privileged and to_saved)
    yield refuse("EPERM", "setregid(2)/EPERM", not privileged and not (may_effective and (may_real or to_saved)))
    real, effective = yield rule("setregid(2)/minus-one-keeps", (real, effective))
    real, effective = yield rule("setregid(2)/sets-real-and-effective", (real, effective))
    if given(rgid):
        saved = yield rule("setregid(2)/saved-follows-real-set", effective)
    elif effective != old.real and given(egid):
        saved = yield rule("setregid(2)/saved-follows-effective", effective)
    else:
        saved = yield rule("setregid(2)/saved-kept", old.saved)
    filesystem = yield rule("setregid(2)/linux/fsgid-follows", effective)
    ids = Ids(real, effective, saved, filesystem)
    credential = yield rule("setregid(2)/linux/nothing-else", replace(now.credential, gid=ids))
    return (
        yield from done(now, credential, "setregid(2)/C-library-kernel-differences", "setregid(2)/kernel-per-thread")
    )
