"""setfsuid(2) and setfsgid(2): the calls that never fail, and answer what was before."""

from __future__ import annotations

from credstone.model.capabilities import after_fsuid_change
from credstone.model.commit import alone, replace
from credstone.model.moment import Moment
from credstone.model.rules import Outcome, Rules, rule
from credstone.words.answer import Answer
from credstone.words.capability import CAP_SETGID, CAP_SETUID


def setfsuid(now: Moment, fsuid: int) -> Rules:
    """int setfsuid(uid_t fsuid).  The C library makes the plain call: other threads do not move."""
    before, old, new = now.credential, now.credential.uid, now.uid(fsuid)
    permitted = now.capable(CAP_SETUID) or new in (old.real, old.effective, old.saved, old.filesystem)
    permitted = yield rule("setfsuid(2)/permitted", permitted and new is not None)
    number = yield rule("setfsuid(2)/sets-filesystem", new if permitted else old.filesystem)
    number = yield rule("credentials(7)/filesystem-ids-apart", number)
    sets = yield from after_fsuid_change(before, number, now.namespace)
    sets = yield rule("setfsuid(2)/linux/capabilities-follow", sets)
    credential = replace(before, uid=replace(old, filesystem=number), capabilities=sets)
    previous = yield rule("setfsuid(2)/returns-previous", now.seen.uid.filesystem)
    return Outcome(Answer("", previous), (yield from alone(now, credential)))


def setfsgid(now: Moment, fsgid: int) -> Rules:
    """int setfsgid(gid_t fsgid).  The C library makes the plain call: other threads do not move."""
    old, new = now.credential.gid, now.gid(fsgid)
    permitted = now.capable(CAP_SETGID) or new in (old.real, old.effective, old.saved, old.filesystem)
    permitted = yield rule("setfsgid(2)/permitted", permitted and new is not None)
    number = yield rule("setfsgid(2)/sets-filesystem", new if permitted else old.filesystem)
    number = yield rule("credentials(7)/filesystem-ids-apart", number)
    credential = replace(now.credential, gid=replace(old, filesystem=number))
    previous = yield rule("setfsgid(2)/returns-previous", now.seen.gid.filesystem)
    return Outcome(Answer("", previous), (yield from alone(now, credential)))
