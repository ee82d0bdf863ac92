"""setpriority(2) of a process: what it takes to get more of the processors."""

from __future__ import annotations

from credstone.model.arguments import NotModelled, as_int
from credstone.model.caller import Moment
from credstone.model.processes.proc_files import process
from credstone.model.processes.scheduling import owns
from credstone.model.rules import Outcome
from credstone.words.capability import MASKS
from credstone.words.constants import CONSTANTS

CAP_SYS_NICE = MASKS["CAP_SYS_NICE"]
WHICH = tuple(CONSTANTS[f"PRIO_{name}"] for name in ("PROCESS", "PGRP", "USER"))
LOWEST = 19


def setpriority(now: Moment, which: int, who: str, nice: int) -> Outcome:
    """int setpriority(int which, id_t who, int prio).

    What a process had before the cell is not known: scripts ask for 19, which is never more, or for what is below 0.
    """
    which, nice = as_int(which), as_int(nice)
    _of_a_process(now, which)
    if 0 <= nice < LOWEST:
        raise NotModelled(f"whether {nice} raises the priority depends on how the agent was started")
    target = process(now, who)
    own = owns(now, target)
    now.refuse("EPERM", "setpriority(2)/EPERM", not own and not now.capable_in(target.namespace, CAP_SYS_NICE))
    initial = now.task.namespace == 0 and now.system.initial_user_namespace
    initial = now.rule(initial, "user_namespaces(7)/not-for-the-machine", of="answer")
    now.refuse("EACCES", "setpriority(2)/EACCES", nice < 0 and not (initial and now.capable(CAP_SYS_NICE)))
    return now.answers()


def getpriority(now: Moment, which: int, who: str) -> Outcome:
    """int getpriority(int which, id_t who): a number that depends on how the agent was started."""
    _of_a_process(now, as_int(which))
    process(now, who)
    return now.undecided()


def _of_a_process(now: Moment, which: int) -> None:
    now.refuse("EINVAL", "setpriority(2)/EINVAL", which not in WHICH)
    if which in WHICH and which != CONSTANTS["PRIO_PROCESS"]:
        raise NotModelled("it knows the priority of single processes only (PRIO_PROCESS)")
