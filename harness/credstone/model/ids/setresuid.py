"""setresuid(2) and setresgid(2)."""

from __future__ import annotations

from credstone.model.commit import done
from credstone.model.ids.halves import GROUPS, USERS, Half, taken
from credstone.model.moment import Moment, given
from credstone.model.rules import Rules, accept, refuse, rule
from credstone.model.since import NO_OP_RETURNS_EARLY
from credstone.words.credential import Ids


def setresuid(now: Moment, ruid: int, euid: int, suid: int) -> Rules:
    """int setresuid(uid_t ruid, uid_t euid, uid_t suid)."""
    return (yield from _set_three(now, USERS, "setresuid(2)/", (ruid, euid, suid)))


def setresgid(now: Moment, rgid: int, egid: int, sgid: int) -> Rules:
    """int setresgid(gid_t rgid, gid_t egid, gid_t sgid)."""
    return (yield from _set_three(now, GROUPS, "setresgid(2)/", (rgid, egid, sgid)))


def _set_three(now: Moment, half: Half, page: str, numbers: tuple[int, int, int]) -> Rules:
    old = half.of(now.credential)
    had = (old.real, old.effective, old.saved)
    new = tuple([half.kernel_or(now, number, each) for number, each in zip(numbers, had, strict=True)])
    new = yield rule(page + "every-id-is-an-id", new)
    privileged = yield rule(page + "privilege-is-the-capability", now.capable(half.capability))
    privileged = yield rule(page + "uid-0-can-fail", privileged)
    permutes = all(not given(number) or each in had for number, each in zip(numbers, new, strict=True))
    permutes = yield rule(page + "unprivileged-permutes", permutes)
    permutes = yield rule(f"credentials(7)/{half.word}-switching", permutes)
    if half is USERS:
        yield accept(page + "over-the-process-limit", "EAGAIN")
    yield refuse("EINVAL", page + "EINVAL", None in new)
    yield refuse("EPERM", page + "EPERM", not privileged and not permutes)
    new = yield rule(page + "minus-one-keeps", new)
    real, effective, saved = yield rule(page + "sets-all", new)
    filesystem = effective
    if new == had and not given(numbers[1]) and filesystem != old.filesystem and now.system.has(NO_OP_RETURNS_EARLY):
        filesystem = old.filesystem  # nothing new is asked for, and the filesystem ID is not looked at
    filesystem = yield rule(page + f"{half.filesystem}-follows", filesystem)
    credential = yield from taken(now, half, page, Ids(real, effective, saved, filesystem))
    return (yield from done(now, credential, page + "C-library-kernel-differences", page + "kernel-per-thread"))
