"""setreuid(2): the user half; its group half is in ``setregid``."""

from __future__ import annotations

from credstone.model.capabilities import after_uid_change
from credstone.model.commit import done, replace
from credstone.model.moment import Moment, given
from credstone.model.rules import Page, Rules, refuse, rule
from credstone.words.capability import CAP_SETUID
from credstone.words.credential import Ids

SETREUID = Page(
    success=("setreuid(2)/returns-zero",),
    failure=("setreuid(2)/error-minus-one",),
    order=("setreuid(2)/linux/check-order",),
    unchanged=("setreuid(2)/linux/failure-changes-nothing",),
)


def setreuid(now: Moment, ruid: int, euid: int) -> Rules:
    """int setreuid(uid_t ruid, uid_t euid)."""
    before, old = now.credential, now.credential.uid
    named = (now.uid_or(ruid, old.real), now.uid_or(euid, old.effective))
    real, effective = yield rule("setreuid(2)/linux/every-id-is-an-id", named)
    privileged = yield rule("setreuid(2)/privilege-is-the-capability", now.capable(CAP_SETUID))
    privileged = yield rule("setreuid(2)/uid-0-can-fail", privileged)
    may_real = not given(ruid) or real in (old.real, old.effective)
    may_real = yield rule("setreuid(2)/unprivileged-real", may_real)
    may_effective = not given(euid) or effective in (old.real, old.effective, old.saved)
    may_effective = yield rule("setreuid(2)/unprivileged-effective", may_effective)
    may_effective = yield rule("credentials(7)/user-switching", may_effective)
    yield refuse("EINVAL", "setreuid(2)/EINVAL", real is None or effective is None)
    to_saved = not may_real and real == old.saved
    yield refuse("EPERM", "setreuid(2)/EPERM-real-to-saved", not privileged and to_saved)
    yield refuse("EPERM", "setreuid(2)/EPERM", not privileged and not (may_effective and (may_real or to_saved)))
    real, effective = yield rule("setreuid(2)/minus-one-keeps", (real, effective))
    real, effective = yield rule("setreuid(2)/sets-real-and-effective", (real, effective))
    if given(ruid):
        saved = yield rule("setreuid(2)/saved-follows-real-set", effective)
    elif effective != old.real and given(euid):
        saved = yield rule("setreuid(2)/saved-follows-effective", effective)
    else:
        saved = yield rule("setreuid(2)/saved-kept", old.saved)
    filesystem = yield rule("setreuid(2)/linux/fsuid-follows", effective)
    ids = Ids(real, effective, saved, filesystem)
    sets = yield from after_uid_change(before, ids, now.namespace)
    sets = yield rule("setreuid(2)/linux/capabilities-follow", sets)
    credential = yield rule("setreuid(2)/linux/nothing-else", replace(before, uid=ids, capabilities=sets))
    return (
        yield from done(now, credential, "setreuid(2)/C-library-kernel-differences", "setreuid(2)/kernel-per-thread")
    )
