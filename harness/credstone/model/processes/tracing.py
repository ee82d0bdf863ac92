"""ptrace(2): who may trace whom, and what a tracer is allowed to see of a new program."""

from __future__ import annotations

from credstone.model.arguments import NotModelled
from credstone.model.caller import OK, Moment
from credstone.model.commit import replace
from credstone.model.processes.proc_files import process
from credstone.model.processes.ptrace import CAP_SYS_PTRACE, may_access
from credstone.model.rules import Outcome, Page
from credstone.model.since import TRACEME_BY_THE_CALLER
from credstone.model.world import Task, Tracer
from credstone.words.constants import CONSTANTS
from credstone.words.scenario import MAIN

CLONE_PARENT = CONSTANTS["CLONE_PARENT"]

PTRACE = Page(success=("ptrace(2)/returns-zero",), failure=("ptrace(2)/error-minus-one",))


def ptrace(now: Moment, request: str, name: str = "") -> Outcome:
    """long ptrace(enum __ptrace_request request, pid_t pid, NULL, NULL)."""
    if request == "PTRACE_TRACEME":
        return _traced_by_parent(now)
    if request not in ("PTRACE_SEIZE", "PTRACE_ATTACH", "PTRACE_DETACH"):
        raise NotModelled(f"it does not know the request {request}")
    target = process(now, name)
    if request == "PTRACE_DETACH":
        mine = target.tracer is not None and target.tracer.who == now.who
        now.refuse("ESRCH", "ptrace(2)/ESRCH", not mine)
        return Outcome(OK, now.world.with_tasks(replace(target, tracer=None)))
    now.refuse("EPERM", "ptrace(2)/linux/EPERM-own-process", target.process == now.task.process)
    allowed = may_access(now, target)
    allowed = now.rule(allowed, "execve(2)/set-id-cannot-be-traced", of="answer")
    now.refuse("EPERM", "ptrace(2)/EPERM", not allowed)
    now.refuse("EPERM", "ptrace(2)/EPERM-traced", target.tracer is not None)
    tracer = Tracer(now.who, now.credential, now.task.namespace)
    return Outcome(OK, now.world.with_tasks(replace(target, tracer=tracer)))


def _traced_by_parent(now: Moment) -> Outcome:
    """PTRACE_TRACEME: the caller is traced by its parent, which is main for every process of a cell.

    What the kernel keeps of the tracer, to decide about programs, is the credential of the caller itself.
    """
    task = now.task
    if task.process == MAIN or task.sharing & CLONE_PARENT:
        raise NotModelled("the parent of main is the agent, which traces no process")
    parent = now.world.task(MAIN)
    near = parent.namespace == task.namespace
    fewer = not now.credential.capabilities.permitted & ~parent.credential.capabilities.permitted
    capable = capable_tracer(now, Tracer(MAIN, parent.credential, parent.namespace))
    allowed = now.rule((near and fewer) or capable, "ptrace(2)/linux/TRACEME-parent-may-trace", of="answer")
    now.refuse("EPERM", "ptrace(2)/EPERM", not allowed)
    now.refuse("EPERM", "ptrace(2)/EPERM-traced", task.tracer is not None)
    before = Tracer(MAIN, parent.credential, parent.namespace)
    own = Tracer(MAIN, now.credential, task.namespace)
    if capable_tracer(now, own) != capable and not now.system.has(TRACEME_BY_THE_CALLER):
        own = before
    tracer = now.rule(own, "ptrace(2)/linux/TRACEME-credential-of-the-caller", of="world")
    return Outcome(OK, now.world.with_tasks(replace(task, tracer=tracer)))


def process_vm_readv(now: Moment, name: str) -> Outcome:
    """ssize_t process_vm_readv(pid_t pid, …) of one byte."""
    allowed = may_access(now, process(now, name))
    now.refuse("EPERM", "ptrace(2)/EPERM", not allowed)
    return now.answers()


def capable_tracer(now: Moment, tracer: Tracer) -> bool:
    """Whether a tracer had CAP_SYS_PTRACE in the user namespace of this caller when it attached."""
    task = Task("", "", tracer.credential, tracer.namespace)
    then = replace(now, task=task, credential=tracer.credential, namespace=now.world.namespaces[tracer.namespace])
    return then.capable_in(now.task.namespace, CAP_SYS_PTRACE)
