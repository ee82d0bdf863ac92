"""seteuid(2) and setegid(2): functions of the C library, made of setresuid(-1, euid, -1)."""

from __future__ import annotations

from credstone.model.caller import Moment, given
from credstone.model.commit import done
from credstone.model.ids.halves import GROUPS, USERS, Half, taken
from credstone.model.ids.setresuid import setresgid, setresuid
from credstone.model.rules import Outcome
from credstone.words.credential import Ids


def seteuid(now: Moment, euid: int) -> Outcome:
    """int seteuid(uid_t euid)."""
    if not given(euid) and now.system.libc == "musl":
        now.refuse("EINVAL", "seteuid(2)/EINVAL-minus-one", False)
        return setresuid(now, -1, -1, -1)
    return _set_effective(now, USERS, "seteuid(2)/", euid)


def setegid(now: Moment, egid: int) -> Outcome:
    """int setegid(gid_t egid)."""
    if not given(egid) and now.system.libc == "musl":
        now.refuse("EINVAL", "setegid(2)/EINVAL-minus-one", False)
        return setresgid(now, -1, -1, -1)
    return _set_effective(now, GROUPS, "setegid(2)/", egid)


def _set_effective(now: Moment, half: Half, page: str, number: int) -> Outcome:
    old = half.of(now.credential)
    new = now.rule(half.kernel(now, number), page + "linux/every-id-is-an-id")
    privileged = now.rule(now.capable(half.capability), page + "privilege-is-the-capability")
    privileged = now.rule(privileged, page + "uid-0-can-fail")
    own = now.rule(new in (old.real, old.effective, old.saved), page + "unprivileged")
    now.refuse("EINVAL", page + "EINVAL-minus-one", not given(number))
    now.refuse("EINVAL", page + "EINVAL", new is None and given(number))
    now.refuse("EPERM", page + "EPERM", not privileged and not own)
    effective = now.rule(now.sure(new), page + "sets-effective")
    real = now.rule(old.real, page + "real-stays")
    saved = now.rule(old.saved, page + "saved-stays")
    filesystem = now.rule(effective, page + f"linux/{half.filesystem}-follows")
    credential = taken(now, half, page, Ids(real, effective, saved, filesystem))
    return done(now, credential, page + "linux/all-threads", page + "linux/all-threads")
