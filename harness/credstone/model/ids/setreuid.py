"""setreuid(2) and setregid(2)."""

from __future__ import annotations

from credstone.model.commit import done
from credstone.model.ids.halves import GROUPS, USERS, Half, taken
from credstone.model.moment import Moment, given
from credstone.model.rules import Rules, accept, refuse, rule
from credstone.words.credential import Ids


def setreuid(now: Moment, ruid: int, euid: int) -> Rules:
    """int setreuid(uid_t ruid, uid_t euid)."""
    return (yield from _set_two(now, USERS, "setreuid(2)/", ruid, euid))


def setregid(now: Moment, rgid: int, egid: int) -> Rules:
    """int setregid(gid_t rgid, gid_t egid)."""
    return (yield from _set_two(now, GROUPS, "setregid(2)/", rgid, egid))


def _set_two(now: Moment, half: Half, page: str, new_real: int, new_effective: int) -> Rules:
    old = half.of(now.credential)
    named = (half.kernel_or(now, new_real, old.real), half.kernel_or(now, new_effective, old.effective))
    real, effective = yield rule(page + "every-id-is-an-id", named)
    privileged = yield rule(page + "privilege-is-the-capability", now.capable(half.capability))
    privileged = yield rule(page + "uid-0-can-fail", privileged)
    may_real = not given(new_real) or real in (old.real, old.effective)
    may_real = yield rule(page + "unprivileged-real", may_real)
    may_effective = not given(new_effective) or effective in (old.real, old.effective, old.saved)
    may_effective = yield rule(page + "unprivileged-effective", may_effective)
    may_effective = yield rule(f"credentials(7)/{half.word}-switching", may_effective)
    if half is USERS:
        yield accept(page + "over-the-process-limit", "EAGAIN")
    yield refuse("EINVAL", page + "EINVAL", real is None or effective is None)
    # POSIX lets a process make its saved ID the real one; Linux does not.
    to_saved = not may_real and real == old.saved
    yield refuse("EPERM", page + "EPERM-real-to-saved", not privileged and to_saved)
    yield refuse("EPERM", page + "EPERM", not privileged and not (may_effective and (may_real or to_saved)))
    real, effective = yield rule(page + "minus-one-keeps", (real, effective))
    real, effective = yield rule(page + "sets-real-and-effective", (real, effective))
    if given(new_real):
        saved = yield rule(page + "saved-follows-real-set", effective)
    elif effective != old.real and given(new_effective):
        saved = yield rule(page + "saved-follows-effective", effective)
    else:
        saved = yield rule(page + "saved-kept", old.saved)
    filesystem = yield rule(page + f"linux/{half.filesystem}-follows", effective)
    credential = yield from taken(now, half, page, Ids(real, effective, saved, filesystem))
    return (yield from done(now, credential, page + "C-library-kernel-differences", page + "kernel-per-thread"))
