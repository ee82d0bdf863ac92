"""setreuid(2) and setregid(2)."""

from __future__ import annotations

from credstone.model.caller import Moment, given
from credstone.model.commit import done
from credstone.model.ids.halves import GROUPS, USERS, Half, taken
from credstone.model.rules import Outcome
from credstone.words.credential import Ids


def setreuid(now: Moment, ruid: int, euid: int) -> Outcome:
    """int setreuid(uid_t ruid, uid_t euid)."""
    return _set_two(now, USERS, "setreuid(2)/", ruid, euid)


def setregid(now: Moment, rgid: int, egid: int) -> Outcome:
    """int setregid(gid_t rgid, gid_t egid)."""
    return _set_two(now, GROUPS, "setregid(2)/", rgid, egid)


def _set_two(now: Moment, half: Half, page: str, new_real: int, new_effective: int) -> Outcome:
    old = half.of(now.credential)
    named = (half.kernel_or(now, new_real, old.real), half.kernel_or(now, new_effective, old.effective))
    real, effective = now.rule(named, page + "every-id-is-an-id")
    privileged = now.rule(now.capable(half.capability), page + "privilege-is-the-capability")
    privileged = now.rule(privileged, page + "uid-0-can-fail")
    may_real = not given(new_real) or real in (old.real, old.effective)
    may_real = now.rule(may_real, page + "unprivileged-real")
    may_effective = not given(new_effective) or effective in (old.real, old.effective, old.saved)
    may_effective = now.rule(may_effective, page + "unprivileged-effective")
    may_effective = now.rule(may_effective, f"credentials(7)/{half.word}-switching")
    if half is USERS:
        now.accept(page + "over-the-process-limit", "EAGAIN")
    now.refuse("EINVAL", page + "EINVAL", real is None or effective is None)
    # POSIX lets a process make its saved ID the real one; Linux does not.
    to_saved = not may_real and real == old.saved
    now.refuse("EPERM", page + "EPERM-real-to-saved", not privileged and to_saved)
    now.refuse("EPERM", page + "EPERM", not privileged and not (may_effective and (may_real or to_saved)))
    real, effective = now.rule((now.sure(real), now.sure(effective)), page + "minus-one-keeps")
    real, effective = now.rule((real, effective), page + "sets-real-and-effective")
    if given(new_real):
        saved = now.rule(effective, page + "saved-follows-real-set")
    elif effective != old.real and given(new_effective):
        saved = now.rule(effective, page + "saved-follows-effective")
    else:
        saved = now.rule(old.saved, page + "saved-kept")
    filesystem = now.rule(effective, page + f"linux/{half.filesystem}-follows")
    credential = taken(now, half, page, Ids(real, effective, saved, filesystem))
    return done(now, credential, page + "C-library-kernel-differences", page + "kernel-per-thread")
