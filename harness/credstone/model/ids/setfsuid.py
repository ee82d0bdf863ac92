"""setfsuid(2) and setfsgid(2): the calls that never fail, and answer what was before."""

from __future__ import annotations

import msgspec

from credstone.model.capabilities.uid_changes import after_fsuid_change
from credstone.model.commit import alone
from credstone.model.ids.halves import GROUPS, USERS, Half
from credstone.model.moment import Moment
from credstone.model.rules import Outcome, Page, Rules, rule
from credstone.words.answer import Answer

replace = msgspec.structs.replace
SETFSUID = Page(success=("setfsuid(2)/returns-previous",))
SETFSGID = Page(success=("setfsgid(2)/returns-previous",))


def setfsuid(now: Moment, fsuid: int) -> Rules:
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
    filesystem = yield rule("credentials(7)/filesystem-ids-apart", filesystem)
    credential = replace(now.credential, **{half.field: replace(old, filesystem=filesystem)})
    sets = now.credential.capabilities
    if half is USERS:
        sets = yield from after_fsuid_change(now.credential, filesystem, now.namespace)
    sets = yield rule(page + ("linux/capabilities-follow" if half is USERS else "linux/capabilities-stay"), sets)
    credential = yield rule(page + "linux/nothing-else", replace(credential, capabilities=sets))
    world = yield from alone(now, credential, page + "linux/per-thread")
    previous = yield rule(page + "linux/overflow-shown", half.shown(now, old.filesystem))
    return Outcome(Answer("", previous), world)
