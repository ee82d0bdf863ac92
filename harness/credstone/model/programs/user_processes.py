"""How many processes a user has, and whether those are more than RLIMIT_NPROC: execve(2), "execve() and EAGAIN".

Only the processes of the cell are counted: scenarios take ids that nobody else on the machine has, or limits that one
more or less does not matter to.
"""

from __future__ import annotations

import msgspec

from credstone.model.caller import Moment
from credstone.model.since import PROCESSES_BY_NAMESPACE
from credstone.model.world import Task, World

replace = msgspec.structs.replace


def is_over_limit(world: World, task: Task, uid: int, besides: int) -> bool:
    """Whether the processes of a user are more than this task's limit allows.

    ``besides`` is how many more are counted than those that the user has without this task.
    """
    if task.processes is None:
        return False
    others = (other for other in world.tasks if other.who != task.who)
    return sum(_belongs(world, other, task.namespace, uid) for other in others) + besides > task.processes


def _belongs(world: World, task: Task, number: int, uid: int) -> bool:
    """Whether a task is one of this user in this namespace: by its real uid, or as one of a namespace that is the
    user's.
    """
    if not world.system.has(PROCESSES_BY_NAMESPACE):
        return task.credential.uid.real == uid
    own, where = task.credential.uid.real, task.namespace
    while where != number and where >= 0:
        own, where = world.namespaces[where].owner, world.namespaces[where].parent
    return where == number and own == uid


def mark_over_limit(now: Moment, after: World) -> World:
    """The world in which every task whose real uid changed is marked, or not, as one over the limit."""
    changed = []
    for old in now.world.tasks:
        task = after.task(old.who)
        if task.credential.uid == old.credential.uid:
            continue
        noted = _too_many(now, after, old, task.credential.uid.real)
        noted = now.rule(noted, "credentials(7)/real-ids-own", of="world")
        changed.append(replace(task, over_limit=noted))
    return after.with_tasks(*changed) if changed else after


def _too_many(now: Moment, world: World, old: Task, uid: int) -> bool:
    """Whether a task that takes this real uid, or keeps it, is over the limit afterwards."""
    if uid == old.credential.uid.real:
        return old.over_limit
    besides = 0
    if old.processes is not None:
        # looked at without the caller; on older kernels the caller made the number reach the limit
        besides = 0 if world.system.has(PROCESSES_BY_NAMESPACE) else 1
        besides = now.rule(besides, "execve(2)/EAGAIN-the-last-process", of="world")
    exceeds = is_over_limit(world, old, uid, besides)
    if uid == 0 and world.system.initial_user_namespace:
        exceeds = now.rule(False, "execve(2)/linux/EAGAIN-not-for-root", of="world")
    now.refuse("EAGAIN", "execve(2)/EAGAIN-not-by-set-uid", False)
    return now.rule(exceeds, "execve(2)/EAGAIN-noted", of="world")
