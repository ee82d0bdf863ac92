"""Who may look into another process, by its ids: ptrace(2), "Ptrace access mode checking"; process_vm_readv(2)."""

from __future__ import annotations

from credstone.model.caller import Moment
from credstone.model.world import Task
from credstone.words.capability import MASKS

CAP_SYS_PTRACE = MASKS["CAP_SYS_PTRACE"]


def may_access(now: Moment, target: Task, filesystem: bool = False) -> bool:
    """Whether the caller passes the ptrace access check for a process.

    It is asked by its real ids and permitted capabilities, or, for the files below /proc, by its filesystem ids and
    effective capabilities.
    """
    if now.rule(target.process == now.task.process, "ptrace(2)/same-thread-group", of="answer"):
        return True
    own, theirs = now.credential, target.credential
    if filesystem:
        ids = now.rule((own.uid.filesystem, own.gid.filesystem), "ptrace(2)/filesystem-ids", of="answer")
        held = now.rule(own.capabilities.effective, "ptrace(2)/effective-capabilities", of="answer")
    else:
        ids = now.rule((own.uid.real, own.gid.real), "ptrace(2)/real-ids", of="answer")
        held = now.rule(own.capabilities.permitted, "ptrace(2)/permitted-capabilities", of="answer")
    uids = now.rule((theirs.uid.real, theirs.uid.effective, theirs.uid.saved), "ptrace(2)/all-uids-match", of="answer")
    gids = now.rule((theirs.gid.real, theirs.gid.effective, theirs.gid.saved), "ptrace(2)/all-gids-match", of="answer")
    capable = now.rule(now.capable_in(target.namespace, CAP_SYS_PTRACE), "ptrace(2)/CAP_SYS_PTRACE", of="answer")
    over_memory = now.capable_in(target.memory, CAP_SYS_PTRACE)
    over_memory = now.rule(over_memory, "ptrace(2)/linux/namespace-of-the-memory", of="answer")
    dumpable = now.rule(
        theirs.dumpable == 1 or over_memory, "ptrace(2)/dumpable", "prctl(2)/PR_SET_DUMPABLE-ptrace", of="answer"
    )
    near = now.rule(target.namespace == now.task.namespace, "ptrace(2)/same-namespace", of="answer")
    fewer = now.rule(not theirs.capabilities.permitted & ~held, "ptrace(2)/no-more-capabilities", of="answer")
    same = {*uids} == {ids[0]} and {*gids} == {ids[1]}
    allowed = (capable or (same and near and fewer)) and dumpable
    return now.rule(allowed, "ptrace(2)/reading-is-attaching", of="answer") if filesystem else allowed
