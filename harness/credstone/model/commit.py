"""What happens when a task takes new credentials: which threads move, and what the kernel does besides."""

from __future__ import annotations

import msgspec

from credstone.model.caller import OK, Moment
from credstone.model.programs.user_processes import mark_over_limit
from credstone.model.rules import Outcome
from credstone.model.threads import credential_of_follower, movers
from credstone.model.world import Task, World
from credstone.words.credential import Credential

replace = msgspec.structs.replace


def take_credential(now: Moment, credential: Credential, library: str, kernel: str) -> World:
    """The common end of every successful change of ids or groups: gives the world after it.

    The C library's wrappers carry it out in all threads of the process (clause ``library``), the raw call in the
    caller's alone (clause ``kernel``): nptl(7), and each page's "C library/kernel differences".
    """
    credential = now.rule(credential, "credentials(7)/filesystem-ids-follow", of=("filesystem uid", "filesystem gid"))
    moved = movers(now, library, kernel)
    changes = []
    for task in moved:
        after = credential if task.who == now.who else credential_of_follower(now, task, credential)
        changes.append((task, after))
    world = now.rule(commit(now, changes), "credentials(7)/dumpable", of="dumpable")
    return mark_over_limit(now, world)


def set_credential(now: Moment, credential: Credential, library: str, kernel: str) -> Outcome:
    """As ``take_credential``, for the calls that answer 0."""
    return Outcome(OK, take_credential(now, credential, library, kernel))


def take_credential_alone(now: Moment, credential: Credential, *clauses: str) -> World:
    """The world after a change that never leaves the calling thread, as ``clauses`` say."""
    moved: tuple[Task, ...] = (now.task,)
    moved = now.rule(moved, *clauses, of="others")
    return commit(now, [(task, credential) for task in moved])


def commit(now: Moment, changes: list[tuple[Task, Credential]]) -> World:
    """The world in which these tasks have these credentials.

    A change of an effective or filesystem id sets the dumpable attribute to the value of /proc/sys/fs/suid_dumpable and
    forgets the parent-death signal: prctl(2), PR_SET_DUMPABLE and PR_SET_PDEATHSIG.  The attribute belongs to the memory
    of the process, so all its threads show it.
    """
    world = now.world
    undumpable: list[str] = []
    tasks = []
    for task, after in changes:
        before, taken = task.credential, after
        effective, filesystem = new_effective_ids(before, after), new_filesystem_ids(before, after)
        by_effective = now.rule(effective, "prctl(2)/PR_SET_DUMPABLE-effective-ids", of="dumpable")
        by_filesystem = now.rule(filesystem and not effective, "prctl(2)/PR_SET_DUMPABLE-filesystem-ids", of="dumpable")
        if now.rule(by_effective or by_filesystem, "prctl(2)/linux/PR_SET_DUMPABLE-other-ids", of="dumpable"):
            undumpable.append(task.process)
        forgotten = now.rule(
            effective or filesystem, "prctl(2)/PR_SET_PDEATHSIG-cleared-by-ids", of="parent_death_signal"
        )
        if now.rule(forgotten, "prctl(2)/linux/PR_SET_PDEATHSIG-other-ids", of="parent_death_signal"):
            taken = replace(after, parent_death_signal=0)
        tasks.append(replace(task, credential=taken))
    world = world.with_tasks(*tasks)
    for process in dict.fromkeys(undumpable):
        world = with_dumpable(world, process, world.system.suid_dumpable)
    return world


def elevated(before: Credential, after: Credential) -> bool:
    """Whether the kernel takes this change for one that others may not look into."""
    changed = new_effective_ids(before, after) or new_filesystem_ids(before, after)
    return changed or new_permitted(before, after)


def new_effective_ids(before: Credential, after: Credential) -> bool:
    """Whether the effective uid or gid changes."""
    return (before.uid.effective, before.gid.effective) != (after.uid.effective, after.gid.effective)


def new_filesystem_ids(before: Credential, after: Credential) -> bool:
    """Whether the filesystem uid or gid changes."""
    return (before.uid.filesystem, before.gid.filesystem) != (after.uid.filesystem, after.gid.filesystem)


def new_permitted(before: Credential, after: Credential) -> bool:
    """Whether a capability is permitted that was not."""
    return bool(after.capabilities.permitted & ~before.capabilities.permitted)


def with_dumpable(world: World, process: str, dumpable: int) -> World:
    """The world in which all threads of a process show this dumpable attribute."""
    others = [task for task in world.tasks if task.process == process and task.credential.dumpable != dumpable]
    if not others:
        return world
    return world.with_tasks(*(replace(task, credential=replace(task.credential, dumpable=dumpable)) for task in others))
