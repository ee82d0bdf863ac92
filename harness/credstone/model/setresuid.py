"""setresuid(2) and setresgid(2), and what the C library makes of them: seteuid(2) and setegid(2)."""

from __future__ import annotations

from credstone.model.capabilities import after_uid_change
from credstone.model.commit import done, replace
from credstone.model.moment import Moment, given
from credstone.model.rules import Page, Rules, refuse, rule
from credstone.model.world import System
from credstone.words.capability import CAP_SETGID, CAP_SETUID
from credstone.words.credential import Ids


def page(call: str) -> Page:
    """What the pages of these calls say of every answer."""
    return Page(
        success=(f"{call}(2)/returns-zero",),
        failure=(f"{call}(2)/error-minus-one",),
        order=(f"{call}(2)/linux/check-order",),
        unchanged=(f"{call}(2)/linux/failure-changes-nothing",),
    )


def setresuid(now: Moment, ruid: int, euid: int, suid: int) -> Rules:
    """int setresuid(uid_t ruid, uid_t euid, uid_t suid)."""
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
    sets = yield from after_uid_change(before, ids, now.namespace)
    sets = yield rule("setresuid(2)/linux/capabilities-follow", sets)
    credential = yield rule("setresuid(2)/linux/nothing-else", replace(before, uid=ids, capabilities=sets))
    return (
        yield from done(now, credential, "setresuid(2)/C-library-kernel-differences", "setresuid(2)/kernel-per-thread")
    )


def setresgid(now: Moment, rgid: int, egid: int, sgid: int) -> Rules:
    """int setresgid(gid_t rgid, gid_t egid, gid_t sgid)."""
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


def seteuid(now: Moment, euid: int) -> Rules:
    """int seteuid(uid_t euid): setresuid(-1, euid, -1); glibc refuses -1, musl makes the call that changes nothing."""
    yield refuse("EINVAL", "seteuid(2)/EINVAL", not given(euid) and now.system.libc != "musl")
    yield rule("seteuid(2)/sets-effective", euid)
    return (yield from setresuid(now, -1, euid, -1))


def setegid(now: Moment, egid: int) -> Rules:
    """int setegid(gid_t egid): setresgid(-1, egid, -1); glibc refuses -1, musl makes the call that changes nothing."""
    yield refuse("EINVAL", "setegid(2)/EINVAL", not given(egid) and now.system.libc != "musl")
    yield rule("setegid(2)/sets-effective", egid)
    return (yield from setresgid(now, -1, egid, -1))


def _permuted(new: tuple[int | None, ...], old: Ids) -> bool:
    """Whether each id that changes becomes one of the three that the caller has."""
    had = (old.real, old.effective, old.saved)
    return all(each == before or each in had for each, before in zip(new, had, strict=True))


def _filesystem(system: System, new: Ids, old: Ids, effective_given: bool) -> int:
    """The filesystem id after the call: the effective one.

    Since Linux 6.3, and in the series kept alive since 6.1, a call that asks for nothing new returns at once; one that
    does not name the effective id then leaves a filesystem id that differs from it.
    """
    nothing_new = (new.real, new.effective, new.saved) == (old.real, old.effective, old.saved)
    if nothing_new and not effective_given and system.kernel >= (6, 1):
        return old.filesystem
    return new.effective
