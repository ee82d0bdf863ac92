"""setgid(2)."""

from __future__ import annotations

from credstone.model.caller import Moment
from credstone.model.commit import set_credential
from credstone.model.ids.halves import GROUPS, with_new_ids
from credstone.model.rules import Outcome, Page
from credstone.model.subjects import GIDS
from credstone.words.capability import CAP_SETGID
from credstone.words.credential import Ids

SETGID = Page(
    success=("setgid(2)/returns-zero",),
    failure=("setgid(2)/error-minus-one",),
    order=("setgid(2)/linux/check-order",),
    unchanged=("setgid(2)/linux/failure-changes-nothing",),
)


def setgid(now: Moment, gid: int) -> Outcome:
    """int setgid(gid_t gid)."""
    old = now.credential.gid
    new = now.rule(now.gid(gid), "setgid(2)/every-id-is-an-id", of=("answer", *GIDS))
    privileged = now.rule(
        now.capable(CAP_SETGID), "setgid(2)/privilege-is-the-capability", of=("answer", "real gid", "saved gid")
    )
    given_back = now.rule(new == old.saved, "setgid(2)/saved-id-gives-it-back", of="answer")
    now.refuse("EINVAL", "setgid(2)/EINVAL", new is None)
    now.refuse("EPERM", "setgid(2)/EPERM", not (privileged or given_back or new == old.real))
    new = now.sure(new)
    effective = now.rule(new, "setgid(2)/sets-effective", of=("effective gid", "filesystem gid"))
    if privileged:
        real, saved = now.rule((new, new), "setgid(2)/privileged-sets-all", of=("real gid", "saved gid"))
    else:
        real, saved = now.rule(
            (old.real, old.saved), "setgid(2)/unprivileged-sets-effective-only", of=("real gid", "saved gid")
        )
    filesystem = now.rule(effective, "setgid(2)/linux/fsgid-follows", of="filesystem gid")
    ids = Ids(real, effective, saved, filesystem)
    credential = with_new_ids(now, GROUPS, ids, "setgid(2)/linux/nothing-else")
    return set_credential(now, credential, "setgid(2)/C-library-kernel-differences", "setgid(2)/kernel-per-thread")
