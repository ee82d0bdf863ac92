"""setpriority(2) of a process: what it takes to get more of the processors."""

from __future__ import annotations

from credstone.model.arguments import NotModelled
from credstone.model.moment import Moment
from credstone.model.processes.proc_files import process
from credstone.model.processes.scheduling import owns
from credstone.model.rules import Rules, refuse, rule
from credstone.words.capability import MASKS
from credstone.words.constants import CONSTANTS

CAP_SYS_NICE = MASKS["CAP_SYS_NICE"]


def setpriority(now: Moment, which: int, who: str, nice: int) -> Rules:
    """int setpriority(int which, id_t who, int prio).

    What a process had before the cell is not known: scripts ask for 19, which is never more, or for what is below 0.
    """
    if which != CONSTANTS["PRIO_PROCESS"]:
        raise NotModelled("it knows the priority of single processes only (PRIO_PROCESS)")
    target = process(now, who)
    own = yield from owns(now, target)
    yield refuse("EPERM", "setpriority(2)/EPERM", not own and not now.capable_in(target.namespace, CAP_SYS_NICE))
    initial = now.task.namespace == 0 and now.system.initial_user_namespace
    initial = yield rule("user_namespaces(7)/not-for-the-machine", initial)
    yield refuse("EACCES", "setpriority(2)/EACCES", nice < 0 and not (initial and now.capable(CAP_SYS_NICE)))
    return now.answers()
