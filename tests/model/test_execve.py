"""execve(2): ids, capabilities and process attributes in the new program."""

from __future__ import annotations

import msgspec
import pytest

from credstone.model.machine import FACTS
from credstone.model.world import World
from credstone.words.call import Word
from credstone.words.credential import Credential
from credstone.words.kernel import Kernel
from credstone.words.scenario import File, Scenario
from model.checking import call, world_of, wrong_lines

replace = msgspec.structs.replace
HELPERS = (
    File("of-root", "agent", "", 0, 0, 0o4755),
    File("of-group", "agent", "", 0, 2000, 0o2755),
    File("no-group-execution", "agent", "", 0, 2000, 0o2745),
    File("plain", "agent", "", 0, 0, 0o755),
    File("secret", "agent", "", 0, 0, 0o711),
    File("closed", "agent", "", 0, 0, 0o644),
)


def _with(world: World, **changes: object) -> World:
    task = world.task("main")
    return world.with_tasks(replace(task, credential=replace(task.credential, **changes)))


def _executed(world: World, name: str) -> Credential:
    performed = call(replace(world, files=HELPERS), "exec", Word(name))
    assert not performed.outcome.answer.failed, performed.outcome.answer
    return performed.outcome.world.task("main").credential


def test_a_set_user_id_program_of_root_has_everything_but_the_real_id() -> None:
    after = _executed(world_of("user"), "of-root")
    assert (after.uid.real, after.uid.effective, after.uid.saved, after.uid.filesystem) == (1000, 0, 0, 0)
    assert after.capabilities.permitted == after.capabilities.effective == after.capabilities.bounding
    assert after.dumpable == 0


def test_a_set_group_id_program() -> None:
    after = _executed(world_of("user"), "of-group")
    assert (after.gid.real, after.gid.effective, after.gid.saved, after.gid.filesystem) == (1000, 2000, 2000, 2000)
    assert after.capabilities.effective == 0


def test_without_execution_by_the_group_the_bit_says_nothing() -> None:
    assert _executed(world_of("user"), "no-group-execution").gid.effective == 1000


def test_the_saved_id_becomes_the_effective_one() -> None:
    assert _executed(world_of("three-gids"), "plain").gid.saved == 2000


def test_no_new_privs_switches_the_bits_off() -> None:
    after = _executed(_with(world_of("user"), no_new_privs=True), "of-root")
    assert after.uid.effective == 1000
    assert after.no_new_privs


def test_nosuid_switches_the_bits_off() -> None:
    facts = replace(FACTS, folder_options="rw,nosuid,nodev")
    scenario = Scenario("p", "s", "n", (), ("user",), (), files=HELPERS)
    world = world_of("user", scenario, facts)
    assert _executed(world, "of-root").uid.effective == 1000


def test_ids_without_a_mapping_switch_the_bits_off() -> None:
    assert _executed(world_of("userns-one-id"), "of-group").gid.effective == 1000


def test_root_keeps_everything_and_keep_caps_is_over() -> None:
    after = _executed(_with(world_of("root"), keep_caps=True, securebits=0x10), "plain")
    assert not after.keep_caps
    assert after.securebits == 0
    assert after.capabilities.effective == after.capabilities.bounding


def test_a_user_loses_all_but_the_ambient_capabilities() -> None:
    world = world_of("user-with-CAP_SETGID")
    sets = replace(world.task("main").credential.capabilities, inheritable=64, ambient=64)
    after = _executed(_with(world, capabilities=sets), "plain")
    assert (after.capabilities.permitted, after.capabilities.effective, after.capabilities.ambient) == (64, 64, 64)
    assert _executed(_with(world, capabilities=sets), "of-root").capabilities.ambient == 0
    assert _executed(world, "plain").capabilities.permitted == 0


@pytest.mark.parametrize(("name", "dumpable"), [("plain", 1), ("secret", 0)])
def test_what_cannot_be_read_cannot_be_dumped(name: str, dumpable: int) -> None:
    assert _executed(world_of("user"), name).dumpable == dumpable


def test_the_parent_death_signal_ends_with_a_set_id_program() -> None:
    world = _with(world_of("user"), parent_death_signal=10)
    assert _executed(world, "plain").parent_death_signal == 10
    assert _executed(world, "of-root").parent_death_signal == 0


def test_what_nobody_may_execute_is_not_even_roots() -> None:
    world = replace(world_of("root"), files=HELPERS)
    assert call(world, "exec", Word("closed")).outcome.answer.errno == "EACCES"


def test_other_threads_are_gone_afterwards() -> None:
    world = call(replace(world_of("root"), files=HELPERS), "getuid", who="thread t").outcome.world
    assert [task.who for task in call(world, "exec", Word("plain")).outcome.world.tasks] == ["main"]


def test_groups_stay() -> None:
    script = """
scenario groups-stay
  cites a(2)/b
  as    user-in-groups
  file  helper = agent, owner 0:0, mode 4755
  exec(helper)                     = 0
  getgroups()                      = [100, 200]
"""
    assert wrong_lines(script) == []


def _on(kernel: tuple[int, int], world: World) -> World:
    return replace(world, system=replace(world.system, kernel=Kernel(kernel)))


@pytest.mark.parametrize(("kernel", "ambient"), [((6, 16), 0), ((6, 17), 64)])
def test_a_group_of_ones_own_is_no_change_since_6_17(kernel: tuple[int, int], ambient: int) -> None:
    world = world_of("user-with-CAP_SETGID")
    sets = replace(world.task("main").credential.capabilities, inheritable=64, ambient=64)
    after = _executed(_with(_on(kernel, world), capabilities=sets, groups=(2000,)), "of-group")
    assert (after.gid.effective, after.capabilities.ambient) == (2000, ambient)


@pytest.mark.parametrize(("kernel", "effective"), [((6, 16), 1000), ((6, 17), 2000)])
def test_differing_ids_are_no_change_since_6_17(kernel: tuple[int, int], effective: int) -> None:
    assert _executed(_with(_on(kernel, world_of("three-uids")), no_new_privs=True), "plain").uid.effective == effective


@pytest.mark.parametrize(("kernel", "errno"), [((5, 13), "EAGAIN"), ((5, 17), "")])
def test_the_only_process_of_its_user_is_not_counted_since_5_17(kernel: tuple[int, int], errno: str) -> None:
    world = replace(_on(kernel, world_of("root")), files=HELPERS)
    world = call(world, "setrlimit", Word("RLIMIT_NPROC"), 0).outcome.world
    world = call(world, "setuid", 61001).outcome.world
    assert call(world, "exec", Word("plain")).outcome.answer.errno == errno


@pytest.mark.parametrize(("kernel", "errno"), [((5, 13), ""), ((5, 17), "EAGAIN")])
def test_a_namespace_is_its_owners(kernel: tuple[int, int], errno: str) -> None:
    """Its processes belong to the owner outside since 5.14, before to whoever their real uid is."""
    world = replace(_on(kernel, world_of("root")), files=HELPERS)
    world = call(world, "setresuid", 61001, 61001, 61001, who="child c").outcome.world
    world = call(world, "unshare", Word("CLONE_NEWUSER"), who="child c").outcome.world
    child = world.task("child c")
    taken = replace(child.credential, uid=replace(child.credential.uid, real=7))
    world = world.with_tasks(replace(child, credential=taken))
    world = call(world, "setrlimit", Word("RLIMIT_NPROC"), 1 if kernel < (5, 14) else 0).outcome.world
    world = call(world, "setuid", 61001).outcome.world
    assert call(world, "exec", Word("plain")).outcome.answer.errno == errno
