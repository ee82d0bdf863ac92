"""setuid(2)."""

from __future__ import annotations

from credstone.model.caller import OK, Moment
from credstone.model.commit import take_credential, with_dumpable
from credstone.model.ids.halves import USERS, with_new_ids
from credstone.model.rules import Outcome, Page
from credstone.model.subjects import UIDS
from credstone.words.capability import CAP_SETUID
from credstone.words.credential import Ids

SETUID = Page(
    success=("setuid(2)/returns-zero",),
    failure=("setuid(2)/error-minus-one",),
    order=("setuid(2)/linux/check-order",),
    unchanged=("setuid(2)/linux/failure-changes-nothing",),
)


def setuid(now: Moment, uid: int) -> Outcome:
    """int setuid(uid_t uid)."""
    old = now.credential.uid
    new = now.rule(now.uid(uid), "setuid(2)/every-id-is-an-id", of=("answer", *UIDS))
    privileged = now.rule(
        now.capable(CAP_SETUID),
        "setuid(2)/privilege-is-the-capability",
        "setuid(2)/uid-0-can-fail",
        "setuid(2)/root-is-gone",
        of=("answer", "real uid", "saved uid"),
    )
    given_back = now.rule(new == old.saved, "setuid(2)/saved-id-gives-it-back", of="answer")
    now.accept("setuid(2)/over-the-process-limit", "EAGAIN")
    now.refuse("EINVAL", "setuid(2)/EINVAL", new is None)
    now.refuse("EPERM", "setuid(2)/EPERM", not (privileged or given_back or new == old.real))
    new = now.sure(new)
    effective = now.rule(new, "setuid(2)/sets-effective", of=("effective uid", "filesystem uid"))
    if privileged:
        real, saved = now.rule((new, new), "setuid(2)/privileged-sets-all", of=("real uid", "saved uid"))
    else:
        real, saved = now.rule(
            (old.real, old.saved), "setuid(2)/unprivileged-sets-effective-only", of=("real uid", "saved uid")
        )
    filesystem = now.rule(effective, "setuid(2)/fsuid-follows", of="filesystem uid")
    ids = Ids(real, effective, saved, filesystem)
    credential = with_new_ids(now, USERS, ids, "setuid(2)/linux/nothing-else", "setuid(2)/linux/capabilities-follow")
    world = take_credential(now, credential, "setuid(2)/C-library-kernel-differences", "setuid(2)/kernel-per-thread")
    dumpable = now.rule(world.task(now.who).credential.dumpable, "setuid(2)/no-core-dumps", of="dumpable")
    return Outcome(OK, with_dumpable(world, now.task.process, dumpable))
