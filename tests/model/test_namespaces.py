"""User namespaces: who may write which map, and what the files say."""

from __future__ import annotations

import msgspec
import pytest

from credstone.model.machine import FACTS
from credstone.model.namespaces.map_text import read_lines
from credstone.model.perform import perform_line
from credstone.model.start import start
from credstone.model.world import Extent
from credstone.words.actor import Enter, NewNamespace
from credstone.words.call import Text, Word
from credstone.words.capability import CAP_SETFCAP
from credstone.words.kernel import Kernel
from credstone.words.scenario import Scenario
from model.checking import call, scenarios, world_of, wrong_lines

HEAD = "scenario maps\n  cites a(2)/b\n"


@pytest.mark.parametrize(
    "text",
    ["", "0 0", "0 0 0", "a 0 1", "0 0 1 1", "0 4294967295 1", "0 4294967290 10", "0 0 5\n3 100 5", "0 0 5\n10 4 5",
     "-1 0 1", "0 0 1\n\n5 5 1"],
)  # fmt: skip
def test_no_map(text: str) -> None:
    assert not read_lines(text).sound


def test_a_map() -> None:
    assert read_lines("0 1000 1\n1 100000 65535\n").extents == (Extent(0, 1000, 1), Extent(1, 100000, 65535))


def test_340_lines_are_a_map_and_341_are_not() -> None:
    lines = [f"{number} {number} 1" for number in range(341)]
    assert read_lines("\n".join(lines[:340])).sound
    assert not read_lines("\n".join(lines)).sound


def test_ones_own_id() -> None:
    script = (
        HEAD
        + """
  as user
  unshare(CLONE_NEWUSER)                   = 0
  write("/proc/self/uid_map", "0 1001 1")  = EPERM
  write("/proc/self/uid_map", "0 1000 2")  = EPERM
  write("/proc/self/uid_map", "0 1000 1")  = 8
  write("/proc/self/uid_map", "0 1000 1")  = EPERM
  read("/proc/self/uid_map")               = "         0       1000          1"
  write("/proc/self/gid_map", "0 1000 1")  = EPERM
  write("/proc/self/setgroups", "deny")    = 4
  write("/proc/self/gid_map", "0 1000 1")  = 8
  read("/proc/self/setgroups")             = "deny"
  getresuid()                              = 0 0 0
"""
    )
    assert wrong_lines(script) == []


def test_the_setgroups_file() -> None:
    script = (
        HEAD
        + """
  as root
  write("/proc/self/setgroups", "deny")    = EPERM
  write("/proc/self/setgroups", "allow")   = 5
  unshare(CLONE_NEWUSER)                   = 0
  write("/proc/self/setgroups", "never")   = EINVAL
  write("/proc/self/setgroups", "")        = EINVAL
  write("/proc/self/setgroups", "deny")    = 4
  unshare(CLONE_NEWUSER)                   = EPERM
"""
    )
    assert wrong_lines(script) == []


def test_an_ordinary_user_cannot_deny_for_the_machine() -> None:
    assert wrong_lines(HEAD + '  as user\n  write("/proc/self/setgroups", "deny") = EACCES\n') == []


def test_deny_is_inherited() -> None:
    script = (
        HEAD
        + """
  as userns-range-denied
  unshare(CLONE_NEWUSER)                   = 0
  read("/proc/self/setgroups")             = "deny"
"""
    )
    assert wrong_lines(script) == []


def test_threads_cannot_leave() -> None:
    script = (
        HEAD
        + """
  as root
  thread t: getuid()                       = 0
  unshare(CLONE_NEWUSER)                   = EINVAL
"""
    )
    assert wrong_lines(script) == []


def test_everything_in_the_new_namespace_nothing_outside() -> None:
    world = call(world_of("user"), "unshare", Word("CLONE_NEWUSER")).outcome.world
    seen = world.seen("main")
    assert seen.capabilities.effective == seen.capabilities.bounding == world.system.all_capabilities
    assert (seen.capabilities.inheritable, seen.capabilities.ambient, seen.securebits) == (0, 0, 0)
    assert (seen.uid.real, seen.gid.real) == (65534, 65534)
    assert call(world, "write", Text("/proc/self/uid_map"), Text("0 0 1")).outcome.answer.errno == "EPERM"


def test_root_can_only_be_mapped_with_the_capability_for_it() -> None:
    world = world_of("root")
    task = world.task("main")
    sets = task.credential.capabilities
    without = msgspec.structs.replace(sets, effective=sets.effective & ~CAP_SETFCAP)
    poorer = world.with_tasks(
        msgspec.structs.replace(task, credential=msgspec.structs.replace(task.credential, capabilities=without))
    )
    new, old = Kernel((6, 1)), Kernel((5, 11), 18)
    for start_world, kernel, errno in ((world, new, ""), (poorer, new, "EPERM"), (poorer, old, "")):
        system = msgspec.structs.replace(start_world.system, kernel=kernel)
        inside = call(msgspec.structs.replace(start_world, system=system), "unshare", Word("CLONE_NEWUSER"))
        written = call(inside.outcome.world, "write", Text("/proc/self/uid_map"), Text("0 0 1"))
        assert written.outcome.answer.errno == errno


def test_an_agent_that_lives_in_a_namespace_itself() -> None:
    facts = msgspec.structs.replace(
        FACTS,
        uid_map="         0     100000      65536",
        gid_map="         0       1000          1\n         1     100000       1000",
        setgroups="deny",
        credential=msgspec.structs.replace(FACTS.credential, groups=(65534,)),
        kernel="6.18.44-x",
        libc="musl 1.2.3",
    )
    world = start((), facts)
    assert world.seen("main") == facts.credential
    assert world.system.libc == "musl"
    assert world.system.kernel == Kernel((6, 18), 44)
    assert call(world, "setgid", 1001).outcome.answer.errno == "EINVAL"
    assert call(world, "setgid", 1000).outcome.world.task("main").credential.gid.real == 100999
    assert call(world, "setgroups", 0, Word("null")).outcome.answer.errno == "EPERM"


def test_the_set_up_follows_the_rules_of_the_namespace() -> None:
    world = start(
        (Enter(NewNamespace("0 100000 10", "0 5 1", "deny", "outside")),), FACTS, Scenario("", "", "", (), (), ())
    )
    namespace = world.namespaces[1]
    assert (namespace.uid_map, namespace.gid_map) == ((Extent(0, 100000, 10),), (Extent(0, 5, 1),))
    assert namespace.setgroups_denied
    with pytest.raises(ValueError, match="does not have all ids"):
        start((Enter(NewNamespace("0 0 4294967295")), Enter(NewNamespace("0 4294967290 10"))), FACTS)


def _answer(kernel: tuple[int, int], lines: str) -> list[str]:
    """What the last line of a script answers to root of a namespace, with the rules of this kernel."""
    (scenario,) = scenarios(HEAD + "  as userns-one-id\n" + lines)
    world = world_of("userns-one-id", scenario)
    world = msgspec.structs.replace(world, system=msgspec.structs.replace(world.system, kernel=Kernel(kernel)))
    answers = []
    for line in scenario.lines:
        performed = perform_line(world, line, "syscall")
        world = performed.outcome.world
        answers.append(performed.outcome.answer.errno or str(performed.outcome.answer.value))
    return answers


@pytest.mark.parametrize(("kernel", "errno"), [((4, 8), "EUSERS"), ((4, 9), "ENOSPC"), ((6, 18), "ENOSPC")])
def test_the_limit_of_nesting(kernel: tuple[int, int], errno: str) -> None:
    deeper = (
        'unshare(CLONE_NEWUSER); write("/proc/self/uid_map", "0 0 1"); write("/proc/self/gid_map", "0 0 1")'
        " for n in 2..33"
    )
    answers = _answer(kernel, f"  {deeper}\n  unshare(CLONE_NEWUSER)\n")
    assert set(answers[:-1]) == {"0", "5"}
    assert answers[-1] == errno


def test_where_the_level_is_not_known_there_is_no_limit() -> None:
    (scenario,) = scenarios(HEAD + "  as userns-one-id\n  unshare(CLONE_NEWUSER) = 0\n")
    world = world_of("userns-one-id", scenario)
    elsewhere = msgspec.structs.replace(world.system, initial_user_namespace=False)
    assert world.level(1) == 1
    assert msgspec.structs.replace(world, system=elsewhere).level(1) is None


@pytest.mark.parametrize(("kernel", "answer"), [((4, 14), "EINVAL"), ((4, 15), "EPERM")])
def test_six_lines_are_too_many_for_old_kernels(kernel: tuple[int, int], answer: str) -> None:
    lines = '  child c: unshare(CLONE_NEWUSER)\n  write("/proc/$c/uid_map", "$n $n 1" for n in 1..6)\n'
    assert _answer(kernel, lines)[-1] == answer


@pytest.mark.parametrize(("kernel", "answer"), [((5, 7), "EINVAL"), ((5, 8), "0")])
def test_pidfds_stand_for_namespaces_in_newer_kernels(kernel: tuple[int, int], answer: str) -> None:
    lines = "  child c: unshare(CLONE_NEWUSER)\n  setns(c, CLONE_NEWUSER)\n"
    assert _answer(kernel, lines)[-1] == answer


def test_what_a_clone_made_for_itself_is_gone_with_it() -> None:
    (scenario,) = scenarios(HEAD + "  as user\n  clone(CLONE_NEWUSER|CLONE_NEWUTS) child getuid() = 65534\n")
    world = world_of("user", scenario)
    done = perform_line(world, scenario.lines[0], "syscall")
    assert done.outcome.answer.value == 65534
    assert done.outcome.world == world
