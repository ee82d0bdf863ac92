"""Threads and children: who moves with whom."""

from __future__ import annotations

import msgspec
import pytest

from credstone.model.arguments import NotModelled
from credstone.model.world import World
from credstone.words.call import Word
from model.checking import call, world_of


def _with_thread(actor: str = "root") -> World:
    return call(world_of(actor), "getuid", who="thread t").outcome.world


@pytest.mark.parametrize(("api", "moved"), [("syscall", 0), ("libc", 5), ("python", 5)])
def test_the_wrappers_move_all_threads(api: str, moved: int) -> None:
    after = call(_with_thread(), "setgid", 5, api=api).outcome.world
    assert after.task("main").credential.gid.real == 5
    assert after.task("thread t").credential.gid.real == moved


@pytest.mark.parametrize("api", ["syscall", "libc"])
def test_setfsuid_never_moves_another(api: str) -> None:
    after = call(_with_thread(), "setfsuid", 1000, api=api).outcome.world
    assert after.task("thread t").credential.uid.filesystem == 0


def test_the_dumpable_attribute_belongs_to_the_process() -> None:
    after = call(_with_thread(), "setuid", 1000).outcome.world
    assert after.task("thread t").credential.dumpable == 0
    assert after.task("thread t").credential.uid.real == 0


def test_each_threads_capabilities_follow_its_own_securebits() -> None:
    world = call(_with_thread(), "prctl", Word("PR_SET_SECUREBITS"), Word("SECBIT_NO_SETUID_FIXUP")).outcome.world
    after = call(world, "setuid", 1000, api="libc").outcome.world
    assert after.task("main").credential.capabilities.effective
    assert not after.task("thread t").credential.capabilities.effective


def test_a_child_goes_its_own_way() -> None:
    world = call(world_of("root"), "setgid", 5, who="child c", api="libc").outcome.world
    assert world.task("child c").credential.gid.real == 5
    assert world.task("main").credential.gid.real == 0


def test_the_parent_death_signal_is_not_inherited() -> None:
    world = call(world_of("root"), "prctl", Word("PR_SET_PDEATHSIG"), 10).outcome.world
    assert world.task("main").credential.parent_death_signal == 10
    assert call(world, "getuid", who="child c").outcome.world.task("child c").credential.parent_death_signal == 0


def test_who_is_named_as_an_argument_comes_to_life() -> None:
    world = msgspec.structs.replace(world_of("root"), cast=("c",))
    after = call(world, "kill", Word("c"), 0).outcome.world
    assert [task.who for task in after.tasks] == ["main", "child c"]


def test_what_is_not_known_is_said() -> None:
    with pytest.raises(NotModelled, match="frobnicate"):
        call(world_of("root"), "frobnicate")
    with pytest.raises(NotModelled, match="no outside"):
        call(world_of("root"), "getuid", who="outside")


def _in_libc(world: World, libc: str) -> World:
    return msgspec.structs.replace(world, system=msgspec.structs.replace(world.system, libc=libc))


def _without_privilege(world: World, who: str) -> World:
    return call(world, "capset", 0, 0, 0, who=who).outcome.world


@pytest.mark.parametrize("powerless", ["main", "thread a", "thread b"])
def test_glibc_aborts_whoever_is_refused(powerless: str) -> None:
    world = call(_with_thread(), "getuid", who="thread a").outcome.world
    world = _without_privilege(call(world, "getuid", who="thread b").outcome.world, powerless)
    assert call(world, "setgid", 5, api="libc").outcome.answer.killed == "SIGABRT"
    assert call(world, "setgid", -1, api="libc").outcome.answer.errno == "EINVAL"


@pytest.mark.parametrize(
    ("powerless", "errno", "killed"),
    [("main", "", "SIGKILL"), ("thread a", "", "SIGKILL"), ("thread b", "EPERM", "")],
)
def test_musl_asks_the_youngest_thread_first_and_the_caller_last(powerless: str, errno: str, killed: str) -> None:
    world = call(world_of("root"), "getuid", who="thread a").outcome.world
    world = _without_privilege(call(world, "getuid", who="thread b").outcome.world, powerless)
    answer = call(_in_libc(world, "musl"), "setgid", 5, api="libc").outcome.answer
    assert (answer.errno, answer.killed) == (errno, killed)


@pytest.mark.parametrize("powerless", ["main", "thread a", "thread b"])
@pytest.mark.parametrize("libc", ["unknown", "dietlibc", "uClibc"])
def test_of_other_libraries_no_more_is_known_than_that_a_refusal_moves_no_thread(libc: str, powerless: str) -> None:
    world = call(world_of("root"), "getuid", who="thread a").outcome.world
    world = _without_privilege(call(world, "getuid", who="thread b").outcome.world, powerless)
    performed = call(_in_libc(world, libc), "setgid", 5, api="libc")
    assert (performed.outcome.answer.errno, performed.outcome.answer.killed) == ("EPERM", "")
    assert performed.outcome.world == _in_libc(world, libc)


@pytest.mark.parametrize(
    ("libc", "errno", "first", "hidden"),
    [("glibc", "EINVAL", 34, {32, 33}), ("musl", "", 35, {32, 33, 34}), ("unknown", "EINVAL", 34, {32, 33})],
)
def test_a_library_that_is_not_known_has_no_way_of_its_own(libc: str, errno: str, first: int, hidden: set[int]) -> None:
    world = _in_libc(world_of("root"), libc)
    assert call(world, "seteuid", -1, api="libc").outcome.answer.errno == errno
    assert call(world, "setegid", -1, api="libc").outcome.answer.errno == errno
    assert call(world, "constant", Word("SIGRTMIN"), api="libc").outcome.answer.value == first
    blocked = call(world, "sigprocmask", Word("SIG_BLOCK"), Word("all"), api="libc").outcome.world
    assert not any(blocked.task("main").blocked >> signal - 1 & 1 for signal in hidden)


def test_each_thread_makes_the_call_with_what_it_is() -> None:
    world = _without_privilege(
        call(world_of("three-gids-with-privilege"), "getuid", who="thread t").outcome.world, "thread t"
    )
    after = call(world, "setgid", 3000, api="libc").outcome.world
    assert after.task("main").credential.gid.real == 3000
    assert after.task("thread t").credential.gid.real == 1000
