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
    uids = yield rule("ptrace(2)/all-uids-match", (theirs.uid.real, theirs.uid.effective, theirs.uid.saved))
    gids = yield rule("ptrace(2)/all-gids-match", (theirs.gid.real, theirs.gid.effective, theirs.gid.saved))
    capable = yield rule("ptrace(2)/CAP_SYS_PTRACE", now.capable_in(target.namespace, CAP_SYS_PTRACE))
    over_memory = now.capable_in(target.memory, CAP_SYS_PTRACE)
    over_memory = yield rule("ptrace(2)/linux/namespace-of-the-memory", over_memory)
    dumpable = yield rule("ptrace(2)/dumpable", theirs.dumpable == 1 or over_memory)
    dumpable = yield rule("prctl(2)/PR_SET_DUMPABLE-ptrace", dumpable)
    near = yield rule("ptrace(2)/same-namespace", target.namespace == now.task.namespace)
    fewer = yield rule("ptrace(2)/no-more-capabilities", not theirs.capabilities.permitted & ~held)
    same = {*uids} == {ids[0]} and {*gids} == {ids[1]}
    allowed = (capable or (same and near and fewer)) and dumpable
    return (yield rule("ptrace(2)/reading-is-attaching", allowed)) if filesystem else allowed
