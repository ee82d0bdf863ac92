"""How many processes a user has, and whether those are more than RLIMIT_NPROC: execve(2), "execve() and EAGAIN".

Only the processes of the cell are counted: scenarios take ids that nobody else on the machine has, or limits that one
more or less does not matter to.
"""

from __future__ import annotations

import msgspec

from credstone.model.world import Task, World

replace = msgspec.structs.replace

BY_NAMESPACE = (5, 14)
"""Since this kernel the processes of a user are counted in each user namespace apart, and set*uid looks at the number
without the caller; before, the caller made it reach the limit."""


def over(world: World, task: Task, uid: int, besides: int) -> bool:
    """Whether the processes of a user are more than this task's limit allows.

    ``besides`` is how many more are counted than those that the user has without this task.  Root of the machine has no
    limit.
    """
    if task.processes is None or (uid == 0 and world.system.initial_user_namespace):
        return False
    count = sum(
        other.credential.uid.real == uid
        and other.who != task.who
        and (other.namespace == task.namespace or world.system.kernel < BY_NAMESPACE)
        for other in world.tasks
    )
    return count + besides > task.processes


def noted(before: World, after: World) -> World:
    """The world in which every task whose real uid changed is marked, or not, as one over the limit."""
    known = {task.who: task for task in before.tasks}
    changed = []
    for task in after.tasks:
        uid = task.credential.uid.real
        if task.who in known and known[task.who].credential.uid.real != uid:
            besides = 0 if after.system.kernel >= BY_NAMESPACE else 1
            changed.append(replace(task, over_limit=over(before, task, uid, besides)))
    return after.with_tasks(*changed) if changed else after
