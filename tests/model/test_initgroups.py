"""initgroups(3): the list that glibc and musl make of a database."""

from __future__ import annotations

import msgspec
import pytest

from credstone.model.world import World
from credstone.words.call import Text
from credstone.words.scenario import Database
from model.checking import call, world_of

GROUPS = ("a:x:70:alice", "b:x:80:bob", "c:x:30:bob,alice", "d:x:1000:alice", "e:x:30:alice", "f:x:20:alic,alice2")


def _world(libc: str = "glibc", actor: str = "root", groups: tuple[str, ...] | None = GROUPS) -> World:
    world = world_of(actor)
    system = msgspec.structs.replace(world.system, libc=libc)
    return msgspec.structs.replace(world, system=system, database=Database(("alice:x:1000:1000::/:",), groups))


def _list(world: World, user: str, gid: int) -> object:
    return call(world, "getgrouplist", Text(user), gid, api="libc").outcome.answer.value


def test_the_given_group_comes_first_and_once() -> None:
    assert _list(_world(), "alice", 1000) == (1000, 70, 30, 30)


@pytest.mark.parametrize("groups", [GROUPS, (), None])
def test_nobody_is_in_the_given_group_alone(groups: tuple[str, ...] | None) -> None:
    assert _list(_world(groups=groups), "carol", 5) == (5,)


def test_too_small_a_buffer_tells_the_size() -> None:
    assert call(_world(), "getgrouplist", Text("alice"), 1000, 2, api="libc").outcome.answer.value == (-1, 4, 1000, 70)


@pytest.mark.parametrize(
    ("libc", "gid", "errno", "groups"),
    [
        ("glibc", 7, "", (7, 70)),
        ("glibc", 65536, "EINVAL", None),
        ("musl", 7, "EINVAL", None),
        ("musl", 65536, "EINVAL", None),
        ("unknown", 7, "EINVAL", None),
    ],
)
def test_a_group_without_mapping(libc: str, gid: int, errno: str, groups: tuple[int, ...] | None) -> None:
    lines = ("a:x:70:alice", "z:x:70000:alice", "c:x:30:alice")
    before = _world(libc, "userns-range", lines)
    performed = call(before, "initgroups", Text("alice"), gid, api="libc")
    assert performed.outcome.answer.errno == errno
    after = performed.outcome.world.seen("main").groups
    assert after == (groups if groups is not None else before.seen("main").groups)
