"""setrlimit(2) and prlimit(2): who may set whose limits.  Of the limits only RLIMIT_NPROC has an effect here."""

from __future__ import annotations

from credstone.model.arguments import NotModelled, as_int
from credstone.model.caller import OK, Moment
from credstone.model.commit import replace
from credstone.model.processes.proc_files import process
from credstone.model.rules import Outcome
from credstone.model.world import World
from credstone.words.capability import MASKS
from credstone.words.constants import CONSTANTS

CAP_SYS_RESOURCE = MASKS["CAP_SYS_RESOURCE"]
PROCESSES = CONSTANTS["RLIMIT_NPROC"]
RESOURCES = 16
SURE = {PROCESSES: 2**31 - 1, CONSTANTS["RLIMIT_NOFILE"]: 256, CONSTANTS["RLIMIT_CORE"]: 0}
"""Up to which soft limit every hard limit leaves room; that of processes is among the facts."""


def setrlimit(now: Moment, resource: int, soft: int) -> Outcome:
    """int setrlimit(int resource, const struct rlimit *rlim), for the soft limit alone."""
    resource = as_int(resource)
    _in_range(now, resource, soft)
    now.rule(soft, "setrlimit(2)/soft-limit", of="world")
    return Outcome(OK, _limited(now.world, now.task.process, resource, soft))


def prlimit(now: Moment, name: str, resource: int, soft: int) -> Outcome:
    """int prlimit(pid_t pid, int resource, const struct rlimit *new_limit, NULL), for the soft limit alone."""
    target, resource = process(now, name), as_int(resource)
    uid, gid = now.credential.uid.real, now.credential.gid.real
    theirs, group = target.credential.uid, target.credential.gid
    same = {theirs.real, theirs.effective, theirs.saved} == {uid} and {group.real, group.effective, group.saved} == {
        gid
    }
    same = now.rule(same, "credentials(7)/linux/limits-of-others", of="answer")
    itself = now.rule(target.who == now.who, "credentials(7)/linux/limits-of-oneself", of="answer")
    same = now.rule(same or itself, "prlimit(2)/same-ids", of="answer")
    capable = now.rule(now.capable_in(target.namespace, CAP_SYS_RESOURCE), "prlimit(2)/CAP_SYS_RESOURCE", of="answer")
    now.refuse("EPERM", "prlimit(2)/EPERM", not same and not capable)
    _in_range(now, resource, soft)
    return Outcome(OK, _limited(now.world, target.process, resource, soft))


def _in_range(now: Moment, resource: int, soft: int) -> None:
    """Whether there is such a resource, and its soft limit can be set whatever the hard one is."""
    now.refuse("EINVAL", "setrlimit(2)/EINVAL", not 0 <= resource < RESOURCES)
    if 0 <= resource < RESOURCES and not 0 <= soft <= SURE.get(resource, -1):
        raise NotModelled(f"whether the soft limit of resource {resource} may be {soft} depends on the hard one")


def _limited(world: World, who: str, resource: int, soft: int) -> World:
    if resource != PROCESSES:
        return world
    return world.with_tasks(*(replace(task, processes=soft) for task in world.threads(who)))
