"""Who may set how another process is scheduled: credentials(7), "User and group identifiers".

sched_setscheduler(2), sched_setaffinity(2), ioprio_set(2).
"""

from __future__ import annotations

from credstone.model.arguments import NotModelled, as_int
from credstone.model.moment import Moment
from credstone.model.processes.proc_files import process
from credstone.model.rules import Choosing, Rules, refuse, rule
from credstone.model.world import Task
from credstone.words.capability import MASKS

CAP_SYS_NICE = MASKS["CAP_SYS_NICE"]
ANYBODYS_POLICIES = (0, 3)
"""SCHED_OTHER, SCHED_BATCH."""
UNKNOWN_POLICIES = (1, 2, 5, 6, 7)
"""Those that take privilege, or limits: SCHED_FIFO, SCHED_RR, SCHED_IDLE, SCHED_DEADLINE, SCHED_EXT."""
RESET_ON_FORK = 0x40000000


def owns(now: Moment, target: Task) -> Choosing:
    """Whether a process is the caller's own to schedule: by its effective uid and two of the target's."""
    mine = yield rule("credentials(7)/linux/scheduling-by-the-effective-uid", now.credential.uid.effective)
    theirs = yield rule(
        "credentials(7)/linux/scheduling-of-real-and-effective-uid",
        (target.credential.uid.real, target.credential.uid.effective),
    )
    return (yield rule("credentials(7)/scheduling", mine in theirs))


def sched_setscheduler(now: Moment, name: str, policy: int) -> Rules:
    """int sched_setscheduler(pid_t pid, int policy, …), for the policies that everybody may choose."""
    policy = as_int(policy)
    if policy & RESET_ON_FORK or policy in UNKNOWN_POLICIES:
        raise NotModelled(f"it does not know what the policy {policy} takes")
    target = process(now, name)
    yield refuse("EINVAL", "sched_setscheduler(2)/EINVAL", policy not in ANYBODYS_POLICIES)
    own = yield from owns(now, target)
    yield refuse("EPERM", "sched_setscheduler(2)/EPERM", not own and not (yield from _on_the_machine(now)))
    return now.answers()


def sched_setaffinity(now: Moment, name: str) -> Rules:
    """int sched_setaffinity(pid_t pid, …) to the set that the process has."""
    target = process(now, name)
    own = yield from owns(now, target)
    capable = yield rule("credentials(7)/linux/CAP_SYS_NICE", now.capable_in(target.namespace, CAP_SYS_NICE))
    yield refuse("EPERM", "sched_setaffinity(2)/EPERM", not own and not capable)
    return now.answers()


def ioprio_set(now: Moment, name: str) -> Rules:
    """int ioprio_set(IOPRIO_WHO_PROCESS, pid, …) to a priority that everybody may choose."""
    target, own = process(now, name), now.credential.uid
    matches = target.credential.uid.real in (own.real, own.effective)
    matches = yield rule("credentials(7)/linux/input-output-priority", matches)
    yield refuse("EPERM", "ioprio_set(2)/EPERM", not matches and not (yield from _on_the_machine(now)))
    return now.answers()


def _on_the_machine(now: Moment) -> Choosing:
    """Whether the caller has CAP_SYS_NICE where the whole machine is meant."""
    initial = now.task.namespace == 0 and now.system.initial_user_namespace
    capable = yield rule("credentials(7)/linux/CAP_SYS_NICE", now.capable(CAP_SYS_NICE))
    return capable and initial
