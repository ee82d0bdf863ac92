"""The world in which a cell begins: from the facts of the target and the steps that make the actor.

No call under test takes part: a step says what the credentials are, and they are.
"""

from __future__ import annotations

from itertools import pairwise

import msgspec

from credstone.model.container_start import found_by_agent, hand_over
from credstone.model.files.paths import CELL
from credstone.model.fork import new_task
from credstone.model.namespaces.clone import as_creator, with_new_namespace
from credstone.model.namespaces.maps import in_kernel_order, to_kernel_extents
from credstone.model.rules import Context, Decision, Mutant, Rule, Run
from credstone.model.threads import COMES_AND_GOES, WATCHES
from credstone.model.world import (
    IDENTITY,
    NO_ID,
    Extent,
    Map,
    Namespace,
    System,
    Task,
    World,
    to_kernel,
)
from credstone.words.actor import Become, Enter, NewNamespace, Setup, Started
from credstone.words.capability import CAP_SETFCAP
from credstone.words.credential import Credential, Ids
from credstone.words.facts import Facts
from credstone.words.scenario import MAIN, OUTSIDE, OWN, File, Scenario

replace = msgspec.structs.replace


class Begun(msgspec.Struct, frozen=True):
    """The beginning of a cell: its world, the rules that made it so, and the clauses that the target broke before.

    Only who starts a process is held to rules here; all other cells begin with what the agent made.
    """

    world: World
    applied: tuple[Rule, ...] = ()
    broken: tuple[str, ...] = ()


def start(setup: Setup, facts: Facts, scenario: Scenario | None = None) -> World:
    """The world before the first line of a cell."""
    return begin(setup, facts, scenario).world


def begin(setup: Setup, facts: Facts, scenario: Scenario | None = None, mutant: Mutant | None = None) -> Begun:
    """The beginning of a cell; a process as a runtime started it has what the scenario's clauses give it."""
    world = _world(setup, facts, scenario)
    if Started() not in setup or facts.asked is None or scenario is None:
        return Begun(world)
    found = found_by_agent(facts)
    run = Run(Context("start", MAIN, "", world), mutant)
    due = hand_over(run, found, facts.asked, scenario.cites)
    values = [found, *(each.value for each in run.applied if isinstance(each, Decision))]
    broken = [
        each.clause for each, (before, after) in zip(run.applied, pairwise(values), strict=True) if before != after
    ]
    as_due = replace(
        facts, credential=due.credential, uid_map=due.uid_map, gid_map=due.gid_map, setgroups=due.setgroups
    )
    world = _world(setup, as_due, scenario)
    world = world.with_tasks(replace(world.task(MAIN), umask=due.umask))
    return Begun(world, tuple(run.applied), tuple(broken))


def _world(setup: Setup, facts: Facts, scenario: Scenario | None) -> World:
    outer = Namespace(_map(facts.uid_map), _map(facts.gid_map), setgroups_denied=facts.setgroups == "deny")
    world = World(
        tasks=(Task(MAIN, MAIN, _in_kernel_ids(facts.credential, outer)),),
        namespaces=(outer,),
        system=_system(facts, scenario is not None and scenario.nosuid),
        files=_files(scenario, facts, outer),
        database=scenario.database if scenario else None,
        cast=scenario.children if scenario else (),
    )
    outside_wanted = scenario is not None and any(line.who == OUTSIDE for line in scenario.lines)
    for step in setup:
        if isinstance(step, Enter) and outside_wanted:
            world, outside_wanted = _with_outside(world), False
        if isinstance(step, Become):
            world = _become(world, step)
        elif isinstance(step, Enter):
            world = enter(world, step.namespace)
    if outside_wanted:
        world = _with_outside(world)
    if scenario is not None and scenario.load:
        world = _with_threads(world, COMES_AND_GOES)
    if scenario is not None and scenario.watch:
        world = _with_threads(world, WATCHES)
    return world


def _with_threads(world: World, name: str) -> World:
    """The world with threads that come and go, or that watch each other: three stand for all."""
    born = (new_task(world.task(MAIN), f"{name}{number}", MAIN) for number in range(3))
    return world.with_tasks(*(replace(task, silent=True) for task in born))


def enter(world: World, described: NewNamespace) -> World:
    """Main makes a user namespace, and its maps are written."""
    task = world.task(MAIN)
    parent = world.namespaces[task.namespace]
    new = Namespace(
        uid_map=_inside(_map(described.uid_map), parent.uid_map),
        gid_map=_inside(_map(described.gid_map), parent.gid_map),
        parent=task.namespace,
        owner=task.credential.uid.effective,
        setgroups_denied=described.setgroups == "deny" or (described.setgroups == "keep" and parent.setgroups_denied),
        creator_could_setfcap=bool(task.credential.capabilities.effective & CAP_SETFCAP),
    )
    return with_new_namespace(world, MAIN, new, as_creator(task.credential, world.system))


def _become(world: World, step: Become) -> World:
    task = world.task(MAIN)
    namespace = world.namespaces[task.namespace]
    wanted = _in_kernel_ids(step.credential, namespace)
    # An overflow id that was there before still stands for the same id outside.
    seen = world.seen(MAIN)
    if seen.groups == step.credential.groups:
        wanted = replace(wanted, groups=task.credential.groups)
    if seen.uid == step.credential.uid:
        wanted = replace(wanted, uid=task.credential.uid)
    if seen.gid == step.credential.gid:
        wanted = replace(wanted, gid=task.credential.gid)
    return world.with_tasks(replace(task, credential=wanted))


def _with_outside(world: World) -> World:
    return world.with_tasks(new_task(world.task(MAIN), OUTSIDE, OUTSIDE))


def _in_kernel_ids(credential: Credential, namespace: Namespace) -> Credential:
    """The kernel ids behind what a task sees; an id that shows only as the overflow id is nobody's here."""
    if namespace.uid_map == IDENTITY and namespace.gid_map == IDENTITY:
        return credential
    groups = tuple(_known(namespace.gid_map, gid) for gid in credential.groups)
    uid, gid = _ids(credential.uid, namespace.uid_map), _ids(credential.gid, namespace.gid_map)
    return replace(credential, uid=uid, gid=gid, groups=groups)


def _ids(ids: Ids, extents: Map) -> Ids:
    return Ids(*(_known(extents, number) for number in (ids.real, ids.effective, ids.saved, ids.filesystem)))


def _known(extents: Map, number: int) -> int:
    kernel = to_kernel(extents, number)
    return NO_ID if kernel is None else kernel


def _owned(file: File, outer: Namespace, own: Credential) -> File:
    capabilities = file.capabilities
    if capabilities is not None and capabilities.rootid is not None:
        capabilities = replace(capabilities, rootid=_known(outer.uid_map, capabilities.rootid))
    owner = _known(outer.uid_map, own.uid.filesystem if file.owner == OWN else file.owner)
    group = _known(outer.gid_map, own.gid.filesystem if file.group == OWN else file.group)
    return replace(file, owner=owner, group=group, capabilities=capabilities)


def _files(scenario: Scenario | None, facts: Facts, outer: Namespace) -> tuple[File, ...]:
    """The cell's folder, which the agent made, and what is in it."""
    if scenario is None:
        return ()
    folder = File(CELL, "folder", mode=0o755)
    return tuple(_owned(file, outer, facts.credential) for file in (folder, *scenario.files))


def _map(text: str) -> Map:
    """The extents of a map as its file shows it."""
    return tuple(Extent(*(int(number) for number in line.split())) for line in text.splitlines() if line.strip())


def _inside(extents: Map, parent: Map) -> Map:
    """The extents of a new namespace, from the ids of its parent to kernel ids."""
    found = to_kernel_extents(extents, parent)
    if found is None:
        raise ValueError(f"the namespace outside does not have all ids of the map {extents}")
    return in_kernel_order(found)


def _system(facts: Facts, nosuid: bool) -> System:
    """What the facts decide.  A number that the pages promise, such as NGROUPS_MAX, is not taken from the target: a
    target that has another one would be its own witness.
    """
    last = facts.last_capability
    default = System()
    return System(
        overflow_uid=facts.overflow_uid,
        overflow_gid=facts.overflow_gid,
        all_capabilities=(1 << last + 1) - 1 if last >= 0 else default.all_capabilities,
        suid_dumpable=facts.suid_dumpable,
        kernel=facts.linux,
        libc=facts.library or default.libc,
        initial_user_namespace=facts.initial_user_namespace,
        nosuid=nosuid or "nosuid" in facts.folder_options.split(","),
    )
