"""setuid(2)."""

from __future__ import annotations

from credstone.model.commit import change, with_dumpable
from credstone.model.ids.halves import USERS, taken
from credstone.model.moment import OK, Moment
from credstone.model.rules import Outcome, Rules, accept, refuse, rule
from credstone.words.capability import CAP_SETUID
from credstone.words.credential import Ids


def setuid(now: Moment, uid: int) -> Rules:
    """int setuid(uid_t uid)."""
    old = now.credential.uid
    new = yield rule("setuid(2)/every-id-is-an-id", now.uid(uid))
    privileged = yield rule("setuid(2)/privilege-is-the-capability", now.capable(CAP_SETUID))
    privileged = yield rule("setuid(2)/uid-0-can-fail", privileged)
    privileged = yield rule("setuid(2)/root-is-gone", privileged)
    given_back = yield rule("setuid(2)/saved-id-gives-it-back", new == old.saved)
    yield accept("setuid(2)/over-the-process-limit", "EAGAIN")
    yield refuse("EINVAL", "setuid(2)/EINVAL", new is None)
    yield refuse("EPERM", "setuid(2)/EPERM", not (privileged or given_back or new == old.real))
    effective = yield rule("setuid(2)/sets-effective", new)
    if privileged:
        real, saved = yield rule("setuid(2)/privileged-sets-all", (new, new))
    else:
        real, saved = yield rule("setuid(2)/unprivileged-sets-effective-only", (old.real, old.saved))
    filesystem = yield rule("setuid(2)/fsuid-follows", effective)
    ids = Ids(real, effective, saved, filesystem)
    credential = yield from taken(now, USERS, "setuid(2)/", ids)
    world = yield from change(now, credential, "setuid(2)/C-library-kernel-differences", "setuid(2)/kernel-per-thread")
    dumpable = yield rule("setuid(2)/no-core-dumps", world.task(now.who).credential.dumpable)
    return Outcome(OK, with_dumpable(world, now.task.process, dumpable))
