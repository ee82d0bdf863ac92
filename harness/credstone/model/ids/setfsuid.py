"""setfsuid(2) and setfsgid(2): the calls that never fail, and answer what was before."""

from __future__ import annotations

import msgspec

from credstone.model.caller import Moment
from credstone.model.capabilities.uid_changes import after_fsuid_change
from credstone.model.commit import take_credential_alone
from credstone.model.ids.halves import GROUPS, USERS, Half
from credstone.model.rules import Outcome, Page
from credstone.model.subjects import CAPABILITIES, CREDENTIAL
from credstone.words.answer import Answer

replace = msgspec.structs.replace
SETFSUID = Page(success=("setfsuid(2)/returns-previous",))
SETFSGID = Page(success=("setfsgid(2)/returns-previous",))


def setfsuid(now: Moment, fsuid: int) -> Outcome:
    """int setfsuid(uid_t fsuid)."""
    return _set_filesystem(now, USERS, fsuid)


def setfsgid(now: Moment, fsgid: int) -> Outcome:
    """int setfsgid(gid_t fsgid)."""
    return _set_filesystem(now, GROUPS, fsgid)


def _set_filesystem(now: Moment, half: Half, number: int) -> Outcome:
    old = half.of(now.credential)
    new = now.rule(
        half.kernel(now, number),
        half.clause("setfsuid(2)/minus-one-is-refused", "setfsgid(2)/minus-one-is-refused"),
        half.clause("setfsuid(2)/linux/unmapped-is-refused", "setfsgid(2)/linux/unmapped-is-refused"),
        half.clause("setfsuid(2)/every-id-is-an-id", "setfsgid(2)/every-id-is-an-id"),
        of=half.of_filesystem,
    )
    privileged = now.rule(
        now.capable(half.capability),
        half.clause("setfsuid(2)/privilege-is-the-capability", "setfsgid(2)/privilege-is-the-capability"),
        of=half.of_filesystem,
    )
    own = now.rule(
        new in (old.real, old.effective, old.saved, old.filesystem),
        half.clause("setfsuid(2)/own-ids", "setfsgid(2)/own-ids"),
        of=half.of_filesystem,
    )
    if new is None or not (privileged or own):
        filesystem = now.rule(
            old.filesystem,
            half.clause("setfsuid(2)/refused-silently", "setfsgid(2)/refused-silently"),
            of=half.of_filesystem,
        )
    else:
        filesystem = now.rule(
            new, half.clause("setfsuid(2)/sets-filesystem-id", "setfsgid(2)/sets-filesystem-id"), of=half.of_filesystem
        )
    filesystem = now.rule(filesystem, "credentials(7)/filesystem-ids-apart", of=("filesystem uid", "filesystem gid"))
    credential = replace(now.credential, **{half.field: replace(old, filesystem=filesystem)})
    sets = now.credential.capabilities
    if half is USERS:
        sets = after_fsuid_change(now, filesystem)
    sets = now.rule(
        sets,
        half.clause("setfsuid(2)/linux/capabilities-follow", "setfsgid(2)/linux/capabilities-stay"),
        of=CAPABILITIES,
    )
    credential = now.rule(
        replace(credential, capabilities=sets),
        half.clause("setfsuid(2)/linux/nothing-else", "setfsgid(2)/linux/nothing-else"),
        of=CREDENTIAL,
    )
    world = take_credential_alone(
        now, credential, half.clause("setfsuid(2)/linux/per-thread", "setfsgid(2)/linux/per-thread")
    )
    previous = now.rule(
        half.shown(now, old.filesystem),
        half.clause("setfsuid(2)/linux/overflow-shown", "setfsgid(2)/linux/overflow-shown"),
        of="answer",
    )
    return Outcome(Answer("", previous), world)
