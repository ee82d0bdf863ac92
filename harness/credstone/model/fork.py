"""fork(2) and pthread_create(3): what those inherit that a line names for the first time."""

from __future__ import annotations

from credstone.model.arguments import NotModelled
from credstone.model.commit import replace
from credstone.model.rules import Run
from credstone.model.subjects import CAPABILITIES, CREDENTIAL, GIDS, PERMITTED, UIDS
from credstone.model.world import Task, World
from credstone.words.scenario import ALL_THREADS, MAIN

CHILD = "child "
THREAD = "thread "


def with_newcomer(run: Run, world: World, who: str) -> World:
    """The world in which this thread or child exists: made by main, now, if it was not there before."""
    if who == ALL_THREADS or any(task.who == who for task in world.tasks):
        return world
    if not who.startswith((CHILD, THREAD)):
        raise NotModelled(f"there is no {who} in this cell")
    parent = world.task(MAIN)
    born = new_task(parent, who, MAIN if who.startswith(THREAD) else who)
    groups = run.rule(parent.credential.groups, "getgroups(2)/inherited-from-parent", of=("answer", "groups"))
    sets = run.rule(
        parent.credential.capabilities,
        "capabilities(7)/inherited-over-fork",
        of=("answer", *CAPABILITIES),
    )
    bounding = run.rule(
        sets.bounding,
        "prctl(2)/PR_CAPBSET_DROP-inherited",
        "capabilities(7)/bounding-over-fork",
        of=("answer", "bounding capabilities"),
    )
    securebits = run.rule(
        parent.credential.securebits, "capabilities(7)/securebits-over-fork", of=("answer", *PERMITTED, "securebits")
    )
    no_new_privs = run.rule(
        parent.credential.no_new_privs, "prctl(2)/PR_SET_NO_NEW_PRIVS-inherited", of=("answer", "no_new_privs")
    )
    signal = run.rule(
        born.credential.parent_death_signal,
        "prctl(2)/PR_SET_PDEATHSIG-cleared-over-fork",
        of=("answer", "parent_death_signal"),
    )
    credential = replace(
        born.credential, groups=groups, capabilities=replace(sets, bounding=bounding), securebits=securebits,
        no_new_privs=no_new_privs, parent_death_signal=signal,
    )  # fmt: skip
    clause = "nptl(7)/linux/later-threads" if who.startswith(THREAD) else "credentials(7)/inherited-over-fork"
    credential = run.rule(credential, clause, of=("answer", *CREDENTIAL))
    noted = run.rule(False, "execve(2)/EAGAIN-cleared-by-fork", of="world")
    world = world.with_tasks(replace(parent, over_limit=parent.over_limit and noted))
    noted = run.rule(parent.over_limit, "execve(2)/linux/EAGAIN-inherited", of="world")
    namespace = run.rule(born.namespace, "user_namespaces(7)/fork-stays", of=("answer", *UIDS, *GIDS))
    return world.with_tasks(replace(born, credential=credential, over_limit=noted, namespace=namespace))


def new_task(parent: Task, who: str, process: str) -> Task:
    """A task with everything of its parent but the parent-death signal (fork(2))."""
    credential = replace(parent.credential, parent_death_signal=0)
    return replace(
        parent, who=who, process=process, credential=credential, silent=False, inside="", tracer=None, sharing=0
    )
