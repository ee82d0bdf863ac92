"""Who may look into another process, by its ids: ptrace(2), "Ptrace access mode checking"; process_vm_readv(2)."""

from __future__ import annotations

from credstone.model.moment import Moment
from credstone.model.rules import Choosing, rule
from credstone.model.world import Task
from credstone.words.capability import MASKS

CAP_SYS_PTRACE = MASKS["CAP_SYS_PTRACE"]


def may_access(now: Moment, target: Task, filesystem: bool = False) -> Choosing:
    """Whether the caller passes the ptrace access check for a process.

    It is asked by its real ids and permitted capabilities, or, for the files below /proc, by its filesystem ids and
    effective capabilities.
    """
    if (yield rule("ptrace(2)/same-thread-group", target.process == now.task.process)):
        return True
    own, theirs = now.credential, target.credential
    if filesystem:
        ids = yield rule("ptrace(2)/filesystem-ids", (own.uid.filesystem, own.gid.filesystem))
        held = yield rule("ptrace(2)/effective-capabilities", own.capabilities.effective)
    else:
        ids = yield rule("ptrace(2)/real-ids", (own.uid.real, own.gid.real))
        held = yield rule("ptrace(2)/permitted-capabilities", own.capabilities.permitted)
    uids, gids = (
        {theirs.uid.real, theirs.uid.effective, theirs.uid.saved},
        {theirs.gid.real, theirs.gid.effective, theirs.gid.saved},
    )
    uids = yield rule("ptrace(2)/all-uids-match", uids)
    gids = yield rule("ptrace(2)/all-gids-match", gids)
    capable = yield rule("ptrace(2)/CAP_SYS_PTRACE", now.capable_in(target.namespace, CAP_SYS_PTRACE))
    over_memory = now.capable_in(target.memory, CAP_SYS_PTRACE)
    dumpable = yield rule("ptrace(2)/dumpable", theirs.dumpable == 1 or over_memory)
    dumpable = yield rule("prctl(2)/PR_SET_DUMPABLE-ptrace", dumpable)
    near = target.namespace == now.task.namespace
    superset = yield rule("ptrace(2)/no-more-capabilities", near and not theirs.capabilities.permitted & ~held)
    return (capable or (uids == {ids[0]} and gids == {ids[1]} and superset)) and dumpable
