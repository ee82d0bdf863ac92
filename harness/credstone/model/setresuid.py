"""setresuid(2) and setresgid(2)."""

from __future__ import annotations

from credstone.model.commit import done
from credstone.model.halves import GROUPS, USERS, Half, taken
from credstone.model.moment import Moment, given
from credstone.model.rules import Rules, refuse, rule
from credstone.words.credential import Ids

NO_OP_RETURNS_EARLY = (6, 1)
"""Linux 6.3 began it; the series that are kept alive took it over from 6.1 on."""


def setresuid(now: Moment, ruid: int, euid: int, suid: int) -> Rules:
    """int setresuid(uid_t ruid, uid_t euid, uid_t suid)."""
<<<<<<< HEAD
    before, old = now.credential, now.credential.uid
    named = (now.uid_or(ruid, old.real), now.uid_or(euid, old.effective), now.uid_or(suid, old.saved))
    new = yield rule("setresuid(2)/linux/every-id-is-an-id", named)
    privileged = yield rule("setresuid(2)/privilege-is-the-capability", now.capable(CAP_SETUID))
    permitted = yield rule("setresuid(2)/unprivileged-permutes", _permuted(new, old))
    permitted = yield rule("credentials(7)/user-switching", permitted)
    yield refuse("EINVAL", "setresuid(2)/EINVAL", None in new)
    yield refuse("EPERM", "setresuid(2)/EPERM", not privileged and not permitted)
    real, effective, saved = yield rule("setresuid(2)/minus-one-keeps", new)
    real, effective, saved = yield rule("setresuid(2)/sets-all", (real, effective, saved))
    wanted = _filesystem(now.system, Ids(real, effective, saved, effective), old, given(euid))
    filesystem = yield rule("setresuid(2)/fsuid-follows", wanted)
    ids = Ids(real, effective, saved, filesystem)
    sets = yield rule("setresuid(2)/linux/capabilities-follow", after_uid_change(before, ids, now.namespace))
    credential = yield rule("setresuid(2)/linux/nothing-else", replace(before, uid=ids, capabilities=sets))
    return (
        yield from done(now, credential, "setresuid(2)/C-library-kernel-differences", "setresuid(2)/kernel-per-thread")
    )
=======
    return (yield from _set_three(now, USERS, "setresuid(2)/", (ruid, euid, suid)))
>>>>>>> 3460bdf (wip)


def setresgid(now: Moment, rgid: int, egid: int, sgid: int) -> Rules:
    """int setresgid(gid_t rgid, gid_t egid, gid_t sgid)."""
<<<<<<< HEAD
    old = now.credential.gid
    named = (now.gid_or(rgid, old.real), now.gid_or(egid, old.effective), now.gid_or(sgid, old.saved))
    new = yield rule("setresgid(2)/linux/every-id-is-an-id", named)
    privileged = yield rule("setresgid(2)/privilege-is-the-capability", now.capable(CAP_SETGID))
    permitted = yield rule("setresgid(2)/unprivileged-permutes", _permuted(new, old))
    permitted = yield rule("credentials(7)/group-switching", permitted)
    yield refuse("EINVAL", "setresgid(2)/EINVAL", None in new)
    yield refuse("EPERM", "setresgid(2)/EPERM", not privileged and not permitted)
    real, effective, saved = yield rule("setresgid(2)/minus-one-keeps", new)
    real, effective, saved = yield rule("setresgid(2)/sets-all", (real, effective, saved))
    wanted = _filesystem(now.system, Ids(real, effective, saved, effective), old, given(egid))
    filesystem = yield rule("setresgid(2)/fsgid-follows", wanted)
    ids = Ids(real, effective, saved, filesystem)
    credential = yield rule("setresgid(2)/linux/nothing-else", replace(now.credential, gid=ids))
    return (
        yield from done(now, credential, "setresgid(2)/C-library-kernel-differences", "setresgid(2)/kernel-per-thread")
    )
=======
    return (yield from _set_three(now, GROUPS, "setresgid(2)/", (rgid, egid, sgid)))
>>>>>>> 3460bdf (wip)


def _set_three(now: Moment, half: Half, page: str, numbers: tuple[int, int, int]) -> Rules:
    old = half.of(now.credential)
    had = (old.real, old.effective, old.saved)
    new = tuple([half.kernel_or(now, number, each) for number, each in zip(numbers, had, strict=True)])
    new = yield rule(page + "every-id-is-an-id", new)
    privileged = yield rule(page + "privilege-is-the-capability", now.capable(half.capability))
    privileged = yield rule(page + "uid-0-can-fail", privileged)
    permutes = all(not given(number) or each in had for number, each in zip(numbers, new, strict=True))
    permutes = yield rule(page + "unprivileged-permutes", permutes)
    yield refuse("EINVAL", page + "EINVAL", None in new)
    yield refuse("EPERM", page + "EPERM", not privileged and not permutes)
    new = yield rule(page + "minus-one-keeps", new)
    real, effective, saved = yield rule(page + "sets-all", new)
    filesystem = effective
    if new == had and not given(numbers[1]) and now.system.kernel >= NO_OP_RETURNS_EARLY:
        filesystem = old.filesystem  # nothing new is asked for, and the filesystem ID is not looked at
    filesystem = yield rule(page + f"{half.filesystem}-follows", filesystem)
    credential = yield from taken(now, half, page, Ids(real, effective, saved, filesystem))
    return (yield from done(now, credential, page + "C-library-kernel-differences", page + "kernel-per-thread"))
