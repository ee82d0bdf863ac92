"""Who may set how another process is scheduled: credentials(7), "User and group identifiers".

sched_setscheduler(2), sched_setaffinity(2), ioprio_set(2).
"""

from __future__ import annotations

from credstone.model.arguments import NotModelled, as_int
from credstone.model.caller import Moment
from credstone.model.processes.proc_files import process
from credstone.model.rules import Outcome
from credstone.model.world import Task
from credstone.words.capability import MASKS

CAP_SYS_NICE = MASKS["CAP_SYS_NICE"]
ANYBODYS_POLICIES = (0, 3)
"""SCHED_OTHER, SCHED_BATCH."""
UNKNOWN_POLICIES = (1, 2, 5, 6, 7)
"""Those that take privilege, or limits: SCHED_FIFO, SCHED_RR, SCHED_IDLE, SCHED_DEADLINE, SCHED_EXT."""
RESET_ON_FORK = 0x40000000


def owns(now: Moment, target: Task) -> bool:
    """Whether a process is the caller's own to schedule: by its effective uid and two of the target's."""
    mine = now.rule(now.credential.uid.effective, "credentials(7)/linux/scheduling-by-the-effective-uid", of="answer")
    theirs = now.rule(
        (target.credential.uid.real, target.credential.uid.effective),
        "credentials(7)/linux/scheduling-of-real-and-effective-uid",
        of="answer",
    )
    return now.rule(mine in theirs, "credentials(7)/scheduling", of="answer")


def sched_setscheduler(now: Moment, name: str, policy: int) -> Outcome:
    """int sched_setscheduler(pid_t pid, int policy, …), for the policies that everybody may choose."""
    policy = as_int(policy)
    if policy & RESET_ON_FORK or policy in UNKNOWN_POLICIES:
        raise NotModelled(f"it does not know what the policy {policy} takes")
    target = process(now, name)
    now.refuse("EINVAL", "sched_setscheduler(2)/EINVAL", policy not in ANYBODYS_POLICIES)
    own = owns(now, target)
    now.refuse("EPERM", "sched_setscheduler(2)/EPERM", not own and not _on_the_machine(now))
    return now.answers()


def sched_setaffinity(now: Moment, name: str) -> Outcome:
    """int sched_setaffinity(pid_t pid, …) to the set that the process has."""
    target = process(now, name)
    own = owns(now, target)
    capable = now.rule(now.capable_in(target.namespace, CAP_SYS_NICE), "credentials(7)/linux/CAP_SYS_NICE", of="answer")
    now.refuse("EPERM", "sched_setaffinity(2)/EPERM", not own and not capable)
    return now.answers()


def ioprio_set(now: Moment, name: str) -> Outcome:
    """int ioprio_set(IOPRIO_WHO_PROCESS, pid, …) to a priority that everybody may choose."""
    target, own = process(now, name), now.credential.uid
    matches = target.credential.uid.real in (own.real, own.effective)
    matches = now.rule(matches, "credentials(7)/linux/input-output-priority", of="answer")
    now.refuse("EPERM", "ioprio_set(2)/EPERM", not matches and not _on_the_machine(now))
    return now.answers()


def _on_the_machine(now: Moment) -> bool:
    """Whether the caller has CAP_SYS_NICE where the whole machine is meant."""
    initial = now.task.namespace == 0 and now.system.initial_user_namespace
    capable = now.rule(now.capable(CAP_SYS_NICE), "credentials(7)/linux/CAP_SYS_NICE", of="answer")
    return capable and initial
