"""setgid(2)."""

from __future__ import annotations

from credstone.model.commit import done
from credstone.model.ids.halves import GROUPS, taken
from credstone.model.moment import Moment
from credstone.model.rules import Rules, refuse, rule
from credstone.words.capability import CAP_SETGID
from credstone.words.credential import Ids


def setgid(now: Moment, gid: int) -> Rules:
    """int setgid(gid_t gid)."""
    old = now.credential.gid
    new = yield rule("setgid(2)/every-id-is-an-id", now.gid(gid))
    privileged = yield rule("setgid(2)/privilege-is-the-capability", now.capable(CAP_SETGID))
    given_back = yield rule("setgid(2)/saved-id-gives-it-back", new == old.saved)
    yield refuse("EINVAL", "setgid(2)/EINVAL", new is None)
    yield refuse("EPERM", "setgid(2)/EPERM", not (privileged or given_back or new == old.real))
    effective = yield rule("setgid(2)/sets-effective", new)
    if privileged:
        real, saved = yield rule("setgid(2)/privileged-sets-all", (new, new))
    else:
        real, saved = yield rule("setgid(2)/unprivileged-sets-effective-only", (old.real, old.saved))
    filesystem = yield rule("setgid(2)/linux/fsgid-follows", effective)
    ids = Ids(real, effective, saved, filesystem)
    credential = yield from taken(now, GROUPS, "setgid(2)/", ids)
    return (yield from done(now, credential, "setgid(2)/C-library-kernel-differences", "setgid(2)/kernel-per-thread"))
