"""seteuid(2) and setegid(2): functions of the C library, made of setresuid(-1, euid, -1)."""

from __future__ import annotations

from credstone.model.commit import done
from credstone.model.ids.halves import GROUPS, USERS, Half, taken
from credstone.model.ids.setresuid import setresgid, setresuid
from credstone.model.moment import Moment, given
from credstone.model.rules import Rules, refuse, rule
from credstone.words.credential import Ids


def seteuid(now: Moment, euid: int) -> Rules:
    """int seteuid(uid_t euid)."""
    if not given(euid) and now.system.libc == "musl":
        yield refuse("EINVAL", "seteuid(2)/EINVAL-minus-one", False)
        return (yield from setresuid(now, -1, -1, -1))
    return (yield from _set_effective(now, USERS, "seteuid(2)/", euid))


def setegid(now: Moment, egid: int) -> Rules:
    """int setegid(gid_t egid)."""
    if not given(egid) and now.system.libc == "musl":
        yield refuse("EINVAL", "setegid(2)/EINVAL-minus-one", False)
        return (yield from setresgid(now, -1, -1, -1))
    return (yield from _set_effective(now, GROUPS, "setegid(2)/", egid))


def _set_effective(now: Moment, half: Half, page: str, number: int) -> Rules:
    old = half.of(now.credential)
    new = yield rule(page + "linux/every-id-is-an-id", half.kernel(now, number))
    privileged = yield rule(page + "privilege-is-the-capability", now.capable(half.capability))
    privileged = yield rule(page + "uid-0-can-fail", privileged)
    own = yield rule(page + "unprivileged", new in (old.real, old.effective, old.saved))
    yield refuse("EINVAL", page + "EINVAL-minus-one", not given(number))
    yield refuse("EINVAL", page + "EINVAL", new is None and given(number))
    yield refuse("EPERM", page + "EPERM", not privileged and not own)
    effective = yield rule(page + "sets-effective", new)
    real = yield rule(page + "real-stays", old.real)
    saved = yield rule(page + "saved-stays", old.saved)
    filesystem = yield rule(page + f"linux/{half.filesystem}-follows", effective)
    credential = yield from taken(now, half, page, Ids(real, effective, saved, filesystem))
    return (yield from done(now, credential, page + "linux/all-threads", page + "linux/all-threads"))
