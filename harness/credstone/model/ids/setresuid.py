"""setresuid(2) and setresgid(2)."""

from __future__ import annotations

from credstone.model.caller import Moment, given
from credstone.model.commit import done
from credstone.model.ids.halves import GROUPS, USERS, Half, taken
from credstone.model.rules import Outcome
from credstone.model.since import NO_OP_RETURNS_EARLY
from credstone.words.credential import Ids


def setresuid(now: Moment, ruid: int, euid: int, suid: int) -> Outcome:
    """int setresuid(uid_t ruid, uid_t euid, uid_t suid)."""
    return _set_three(now, USERS, "setresuid(2)/", (ruid, euid, suid))


def setresgid(now: Moment, rgid: int, egid: int, sgid: int) -> Outcome:
    """int setresgid(gid_t rgid, gid_t egid, gid_t sgid)."""
    return _set_three(now, GROUPS, "setresgid(2)/", (rgid, egid, sgid))


def _set_three(now: Moment, half: Half, page: str, numbers: tuple[int, int, int]) -> Outcome:
    old = half.of(now.credential)
    had = (old.real, old.effective, old.saved)
    new = tuple([half.kernel_or(now, number, each) for number, each in zip(numbers, had, strict=True)])
    new = now.rule(new, page + "every-id-is-an-id")
    privileged = now.rule(now.capable(half.capability), page + "privilege-is-the-capability")
    privileged = now.rule(privileged, page + "uid-0-can-fail")
    permutes = all(not given(number) or each in had for number, each in zip(numbers, new, strict=True))
    permutes = now.rule(permutes, page + "unprivileged-permutes")
    permutes = now.rule(permutes, f"credentials(7)/{half.word}-switching")
    if half is USERS:
        now.accept(page + "over-the-process-limit", "EAGAIN")
    now.refuse("EINVAL", page + "EINVAL", None in new)
    now.refuse("EPERM", page + "EPERM", not privileged and not permutes)
    three = (now.sure(new[0]), now.sure(new[1]), now.sure(new[2]))
    real, effective, saved = now.rule(three, page + "minus-one-keeps", page + "sets-all")
    filesystem = effective
    if new == had and not given(numbers[1]) and filesystem != old.filesystem and now.system.has(NO_OP_RETURNS_EARLY):
        filesystem = old.filesystem  # nothing new is asked for, and the filesystem ID is not looked at
    filesystem = now.rule(filesystem, page + f"{half.filesystem}-follows")
    credential = taken(now, half, page, Ids(real, effective, saved, filesystem))
    return done(now, credential, page + "C-library-kernel-differences", page + "kernel-per-thread")
