"""ptrace(2): who may trace whom, and what a tracer is allowed to see of a new program."""

from __future__ import annotations

from credstone.model.arguments import NotModelled
from credstone.model.commit import replace
from credstone.model.moment import OK, Moment
from credstone.model.processes.proc_files import process
from credstone.model.processes.ptrace import CAP_SYS_PTRACE, may_access
from credstone.model.rules import Outcome, Page, Rules, refuse, rule
from credstone.model.world import Task, Tracer

PTRACE = Page(success=("ptrace(2)/returns-zero",), failure=("ptrace(2)/error-minus-one",))


def ptrace(now: Moment, request: str, name: str = "") -> Rules:
    """long ptrace(enum __ptrace_request request, pid_t pid, NULL, NULL)."""
    if request not in ("PTRACE_SEIZE", "PTRACE_ATTACH", "PTRACE_DETACH"):
        raise NotModelled(f"it does not know the request {request}")
    target = process(now, name)
    if request == "PTRACE_DETACH":
        mine = target.tracer is not None and target.tracer.who == now.who
        yield refuse("ESRCH", "ptrace(2)/ESRCH", not mine)
        return Outcome(OK, now.world.with_tasks(replace(target, tracer=None)))
    yield refuse("EPERM", "ptrace(2)/linux/EPERM-own-process", target.process == now.task.process)
    allowed = yield from may_access(now, target)
    allowed = yield rule("execve(2)/set-id-cannot-be-traced", allowed)
    yield refuse("EPERM", "ptrace(2)/EPERM", not allowed)
    yield refuse("EPERM", "ptrace(2)/EPERM-traced", target.tracer is not None)
    tracer = Tracer(now.who, now.credential, now.task.namespace)
    return Outcome(OK, now.world.with_tasks(replace(target, tracer=tracer)))


def process_vm_readv(now: Moment, name: str) -> Rules:
    """ssize_t process_vm_readv(pid_t pid, …) of one byte."""
    allowed = yield from may_access(now, process(now, name))
    yield refuse("EPERM", "ptrace(2)/EPERM", not allowed)
    return now.answers()


def capable_tracer(now: Moment, tracer: Tracer) -> bool:
    """Whether a tracer had CAP_SYS_PTRACE in the user namespace of this caller when it attached."""
    task = Task("", "", tracer.credential, tracer.namespace)
    then = replace(now, task=task, credential=tracer.credential, namespace=now.world.namespaces[tracer.namespace])
    return then.capable_in(now.task.namespace, CAP_SYS_PTRACE)
