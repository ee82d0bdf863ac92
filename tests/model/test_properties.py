"""What must hold for all credentials and arguments."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from credstone.model.world import NO_ID, Extent, Namespace, World
from credstone.words.call import Items
from credstone.words.capability import CAP_SETGID, CAP_SETUID
from credstone.words.credential import Capabilities, Credential, Ids
from model.checking import call, world_of

IDS = st.sampled_from((0, 1, 1000, 2000, 3000, 65534, 65535, 65536, 2**31, NO_ID - 1))
ARGUMENTS = st.one_of(IDS, st.just(-1), st.just(NO_ID))
SETS = st.sampled_from((0, CAP_SETGID, CAP_SETUID, CAP_SETGID | CAP_SETUID, (1 << 41) - 1))
FOUR = st.builds(Ids, IDS, IDS, IDS, IDS)
GROUPS = st.lists(IDS, max_size=4).map(lambda gids: tuple(sorted(gids)))
SETTERS = (
    ("setuid", 1), ("setgid", 1), ("setreuid", 2), ("setregid", 2), ("setresuid", 3), ("setresgid", 3),
    ("setfsuid", 1), ("setfsgid", 1),
)  # fmt: skip
SOME_CALLS = st.sampled_from(SETTERS).flatmap(lambda row: st.tuples(st.just(row[0]), st.tuples(*[ARGUMENTS] * row[1])))


def _world(uid: Ids, gid: Ids, groups: tuple[int, ...], held: int, namespace: Namespace | None = None) -> World:
    world = world_of("root")
    credential = Credential(uid, gid, groups, Capabilities(permitted=held, effective=held, bounding=held))
    if namespace is not None:
        world = world.with_namespace(1, namespace)
    task = msgspec.structs.replace(world.task("main"), credential=credential, namespace=1 if namespace else 0)
    return world.with_tasks(task)


WORLDS = st.builds(_world, FOUR, FOUR, GROUPS, SETS)


@given(WORLDS, SOME_CALLS)
def test_a_refusal_changes_nothing(world: World, asked: tuple[str, tuple[int, ...]]) -> None:
    performed = call(world, asked[0], *asked[1])
    if performed.outcome.answer.failed:
        assert performed.outcome.world == world


@given(WORLDS, SOME_CALLS)
def test_without_privilege_no_id_is_gained(world: World, asked: tuple[str, tuple[int, ...]]) -> None:
    before = world.task("main").credential
    after = call(world, asked[0], *asked[1]).outcome.world.task("main").credential
    if not before.capabilities.effective & CAP_SETUID:
        assert set(msgspec.structs.astuple(after.uid)) <= set(msgspec.structs.astuple(before.uid))
    if not before.capabilities.effective & CAP_SETGID:
        assert set(msgspec.structs.astuple(after.gid)) <= set(msgspec.structs.astuple(before.gid))


@given(WORLDS, ARGUMENTS, ARGUMENTS)
def test_setregid_makes_up_no_id(world: World, real: int, effective: int) -> None:
    before = world.task("main").credential.gid
    after = call(world, "setregid", real, effective).outcome.world.task("main").credential.gid
    known = {before.real, before.effective, before.saved, real, effective}
    assert {after.real, after.effective, after.saved} <= known


@given(WORLDS, SOME_CALLS)
def test_only_the_named_half_moves(world: World, asked: tuple[str, tuple[int, ...]]) -> None:
    before = world.task("main").credential
    after = call(world, asked[0], *asked[1]).outcome.world.task("main").credential
    assert after.groups == before.groups
    if "gid" in asked[0]:
        assert (after.uid, after.capabilities) == (before.uid, before.capabilities)
    else:
        assert after.gid == before.gid


@given(WORLDS, SOME_CALLS)
def test_no_permitted_capability_is_gained(world: World, asked: tuple[str, tuple[int, ...]]) -> None:
    before = world.task("main").credential.capabilities
    after = call(world, asked[0], *asked[1]).outcome.world.task("main").credential.capabilities
    assert not after.permitted & ~before.permitted
    assert not after.effective & ~after.permitted
    assert after.bounding == before.bounding


@given(WORLDS, st.lists(ARGUMENTS, max_size=6))
def test_the_list_reads_back_sorted(world: World, gids: list[int]) -> None:
    performed = call(world, "setgroups", Items(tuple(gids)))
    read = call(performed.outcome.world, "getgroups").outcome.answer
    if performed.outcome.answer.failed:
        assert read.value == world.task("main").credential.groups
    else:
        assert read.value == tuple(sorted(gids))


@given(FOUR, FOUR, GROUPS, st.builds(Extent, st.integers(0, 3), IDS, st.integers(1, 70000)))
def test_an_id_without_mapping_shows_as_the_overflow_id(
    uid: Ids, gid: Ids, groups: tuple[int, ...], extent: Extent
) -> None:
    seen = _world(uid, gid, groups, 0, Namespace((extent,), (extent,), 0)).seen("main")
    for kernel, shown in zip(
        (*groups, gid.real, gid.saved), (*seen.groups, seen.gid.real, seen.gid.saved), strict=True
    ):
        mapped = extent.outside <= kernel < extent.outside + extent.count
        assert shown == (kernel - extent.outside + extent.inside if mapped else 65534)


@given(WORLDS)
def test_worlds_can_be_remembered(world: World) -> None:
    again = msgspec.structs.replace(world, tasks=tuple(world.tasks))
    assert hash(again) == hash(world)
    assert again == world


@settings(max_examples=30)
@given(WORLDS, SOME_CALLS)
def test_a_call_is_the_same_every_time(world: World, asked: tuple[str, tuple[int, ...]]) -> None:
    assert call(world, asked[0], *asked[1]) == call(world, asked[0], *asked[1])
