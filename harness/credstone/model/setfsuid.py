"""setfsuid(2) and setfsgid(2): the calls that never fail, and answer what was before."""

from __future__ import annotations

import msgspec

from credstone.model.capabilities import after_fsuid_change
from credstone.model.commit import commit, following
from credstone.model.halves import GROUPS, USERS, Half
from credstone.model.moment import Moment
from credstone.model.rules import Outcome, Page, Rules, rule
from credstone.words.answer import Answer

replace = msgspec.structs.replace
SETFSUID = Page(success=("setfsuid(2)/returns-previous",))
SETFSGID = Page(success=("setfsgid(2)/returns-previous",))


def setfsuid(now: Moment, fsuid: int) -> Rules:
<<<<<<< HEAD
    """int setfsuid(uid_t fsuid).  The C library makes the plain call: other threads do not move."""
    before, old, new = now.credential, now.credential.uid, now.uid(fsuid)
    permitted = now.capable(CAP_SETUID) or new in (old.real, old.effective, old.saved, old.filesystem)
    permitted = yield rule("setfsuid(2)/permitted", permitted and new is not None)
    number = yield rule("setfsuid(2)/sets-filesystem", new if permitted else old.filesystem)
    number = yield rule("credentials(7)/filesystem-ids-apart", number)
    sets = yield rule("setfsuid(2)/linux/capabilities-follow", after_fsuid_change(before, number, now.namespace))
    credential = replace(before, uid=replace(old, filesystem=number), capabilities=sets)
    previous = yield rule("setfsuid(2)/returns-previous", now.seen.uid.filesystem)
    return Outcome(Answer("", previous), alone(now, credential))


def setfsgid(now: Moment, fsgid: int) -> Rules:
    """int setfsgid(gid_t fsgid).  The C library makes the plain call: other threads do not move."""
    old, new = now.credential.gid, now.gid(fsgid)
    permitted = now.capable(CAP_SETGID) or new in (old.real, old.effective, old.saved, old.filesystem)
    permitted = yield rule("setfsgid(2)/permitted", permitted and new is not None)
    number = yield rule("setfsgid(2)/sets-filesystem", new if permitted else old.filesystem)
    number = yield rule("credentials(7)/filesystem-ids-apart", number)
    credential = replace(now.credential, gid=replace(old, filesystem=number))
    previous = yield rule("setfsgid(2)/returns-previous", now.seen.gid.filesystem)
    return Outcome(Answer("", previous), alone(now, credential))
=======
    """int setfsuid(uid_t fsuid)."""
    return (yield from _set_filesystem(now, USERS, "setfsuid(2)/", fsuid))


def setfsgid(now: Moment, fsgid: int) -> Rules:
    """int setfsgid(gid_t fsgid)."""
    return (yield from _set_filesystem(now, GROUPS, "setfsgid(2)/", fsgid))


def _set_filesystem(now: Moment, half: Half, page: str, number: int) -> Rules:
    old = half.of(now.credential)
    new = yield rule(page + "minus-one-is-refused", half.kernel(now, number))
    new = yield rule(page + "linux/unmapped-is-refused", new)
    new = yield rule(page + "every-id-is-an-id", new)
    privileged = yield rule(page + "privilege-is-the-capability", now.capable(half.capability))
    own = yield rule(page + "own-ids", new in (old.real, old.effective, old.saved, old.filesystem))
    if new is None or not (privileged or own):
        filesystem = yield rule(page + "refused-silently", old.filesystem)
    else:
        filesystem = yield rule(page + "sets-filesystem-id", new)
    credential = replace(now.credential, **{half.field: replace(old, filesystem=filesystem)})
    sets = now.credential.capabilities
    if half is USERS:
        sets = after_fsuid_change(now.credential, filesystem, now.namespace)
    sets = yield rule(page + ("linux/capabilities-follow" if half is USERS else "linux/capabilities-stay"), sets)
    credential = yield rule(page + "linux/nothing-else", replace(credential, capabilities=sets))
    moved = yield rule(page + "linux/per-thread", (now.task,))
    changes = [(task, credential if task is now.task else following(task, now, credential)) for task in moved]
    return Outcome(Answer("", half.shown(now, old.filesystem)), commit(now.world, changes))
>>>>>>> 3460bdf (wip)
