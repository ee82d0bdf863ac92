"""Rules that hold since some kernel: the table, each rule from both sides, and kernels that do not tell."""

from __future__ import annotations

import pytest

from building import credential, facts
from credstone.judge.matching import meets
from credstone.model import world
from credstone.model.commit import replace
from credstone.model.perform import NotModelled, perform_line
from credstone.model.since import (
    MAPS_OF_ROOT,
    NO_OP_RETURNS_EARLY,
    PROCESSES_BY_NAMESPACE,
    RULES,
    Since,
    Unknown,
    holds,
)
from credstone.model.start import begin
from credstone.model.world import World
from credstone.notation.show import show_answer, show_line
from credstone.plan.cells import cells_of
from credstone.plan.missing import unwritable
from credstone.plan.setup import plan_actor
from credstone.suite.load import Suite, default_folder, load_suite
from credstone.targets.model import ModelTarget
from credstone.words.actor import NewNamespace, Setup
from credstone.words.answer import Answer
from credstone.words.cell import NATIVE, Cell
from credstone.words.facts import Facts
from credstone.words.kernel import Kernel, read_kernel
from model.checking import scenarios, world_of

FEATURE = Since("a thing is there", (5, 12))
FIX = Since("a fault is gone", (6, 3), (((5, 10), 179), ((6, 1), 26)))
BEGUN = Since("a thing is right", (5, 17), (((5, 16), 11),), began=(5, 14))

SIDES = [
    # kernels that lack it, and the first that have it; with what shows it
    ("5.11.18 5.10.34", "5.12.0 5.11.19 5.10.35", "root-without-CAP_SETFCAP", "", """
  unshare(CLONE_NEWUSER)                  = 0
  write("/proc/self/uid_map", "0 0 1")    = {5|EPERM}"""),
    ("6.2.12 6.1.25 5.15.108 5.10.178", "6.3.0 6.2.13 6.1.26 5.15.109 5.10.179", "root", "", """
  setfsuid(1000)
  setresuid(-1, -1, -1)                   = 0
  status(self, Uid)                       = {[0, 0, 0, 0]|[0, 0, 0, 1000]}"""),
    ("6.1.14 5.10.175", "6.2.0 6.1.15 5.10.176", "user", "  file f owner 1000:2000 mode 02644\n", """
  chown(f, -1, 1000)                      = 0
  stat(f)                                 = {[1000, 1000, 1444]|[1000, 1000, 420]}"""),
    ("6.16.12", "6.17.0", "three-gids", "  via syscall\n  file p = agent, owner 0:0, mode 0755\n", """
  prctl(PR_SET_NO_NEW_PRIVS, 1)           = 0
  exec(p)                                 = 0
  getresgid()                             = {[1000, 1000, 1000]|[1000, 2000, 2000]}"""),
    ("6.13.12", "6.14.0", "user", "", """
  prctl(PR_SET_SECUREBITS, 256)         = {EPERM|0}"""),
    ("5.7.19", "5.8.0", "root", "", """
  child c: unshare(CLONE_NEWUSER)         = 0
  setns(c, CLONE_NEWUSER)                 = {EINVAL|0}"""),
    ("5.5.19", "5.6.0", "root", "", """
  unshare(CLONE_NEWTIME)                  = {EINVAL|0}"""),
    ("5.2.21 4.19.300", "5.3.0", "root", "", """
  child c: getuid()                       = 0
  pidfd_send_signal(c, 0)                 = {ENOSYS|0}"""),
    ("5.2.21", "5.8.0", "root", "", """
  child c: unshare(CLONE_NEWUSER)         = 0
  setns(c, CLONE_NEWUSER)                 = {ENOSYS|0}"""),
    ("5.7.19", "5.8.0", "user", "  via syscall\n  file f owner 1000:2000 mode 0600\n", """
  faccessat(f, R_OK, 0)                   = 0
  faccessat(f, R_OK, AT_EACCESS)          = {ENOSYS|0}"""),
    ("4.13.16 4.4.302", "4.14.0", "user", "  via syscall\n  file p = agent, owner 2000:3000, mode 4755\n", """
  ptrace(PTRACE_SEIZE, c)                 = 0
  child c: exec(p)                        = 0
  child c: getauxval(AT_SECURE)           = {0|1}"""),
    ("4.12.14", "4.13.0", "root", "", """
  socketpair()                            = 0
  getsockopt(SO_PEERGROUPS)               = {ENOPROTOOPT|[]}"""),
    ("4.9.337", "4.10.0", "user", "", """
  status(self, NoNewPrivs)                = {ENOENT|0}"""),
    ("4.8.17 4.4.302", "4.9.0", "root", "", """
  setuid(4294967294)                      = 0
  status(self, Uid)                       = {[-2, -2, -2, -2]|[4294967294, 4294967294, 4294967294, 4294967294]}"""),
    ("4.8.17", "4.9.0", "root", "", """
  unshare(CLONE_NEWUSER)                  = 0
  read("/proc/sys/user/max_user_namespaces") = {ENOENT|"2147483647"}"""),
    ("4.14.300", "4.15.0", "root", "", """
  unshare(CLONE_NEWUSER)                  = 0
  outside: write("/proc/$pid/gid_map", "0 0 1\\n1 1 1\\n2 2 1\\n3 3 1\\n4 4 1\\n5 5 1") = {EINVAL|35}"""),
]  # fmt: skip


def wrong(script: str, actor: str, kernel: str) -> list[str]:
    """The lines that the model of this kernel does not answer as they say."""
    found = []
    scenario = scenarios(script)[0]
    world = world_of(actor, scenario, facts(kernel=kernel))
    for line in scenario.lines:
        performed = perform_line(world, line, "syscall")
        world = performed.outcome.world
        if line.expected and not meets(line.expected, performed.outcome.answer):
            found.append(f"{show_line(line)} answers {show_answer(performed.outcome.answer, line.call)}")
    return found


def test_a_feature_is_there_since_its_series() -> None:
    assert [holds(FEATURE, read_kernel(each)) for each in ("5.11.22", "5.12.0", "6.1.0")] == [False, True, True]


def test_a_fix_is_there_since_its_series_and_in_the_updates_of_older_ones() -> None:
    kernels = ("6.1.25", "6.1.26", "5.10.178", "5.10.179", "6.3.0", "6.4.1")
    assert [holds(FIX, read_kernel(each)) for each in kernels] == [False, True, False, True, True, True]


@pytest.mark.parametrize(
    ("rule", "release", "why"),
    [
        (
            FIX,
            "5.10.0-30-amd64",
            "a fault is gone since Linux 6.3 and 5.10.179, and this kernel tells no more than 5.10",
        ),
        (FIX, "5.4.200", "a fault is gone since Linux 6.3, and it is not known whether an update of 5.4.200 has it"),
        (FIX, "6.3.0-rc2", "a fault is gone since Linux 6.3, and this kernel is a candidate of that"),
        (BEGUN, "5.16.10", "a thing is right since Linux 5.17, and 5.16.10 has the beginnings of it alone"),
    ],
)
def test_a_kernel_that_does_not_tell(rule: Since, release: str, why: str) -> None:
    with pytest.raises(Unknown) as raised:
        holds(rule, read_kernel(release))
    assert str(raised.value) == why


def test_a_rule_decides_where_it_is_asked_for() -> None:
    """Whether 4.4 has cgroup namespaces is not known: only those who ask for one need know."""
    body = """
  unshare(CLONE_NEWUTS)                   = 0
  unshare(CLONE_NEWCGROUP)                = 0"""
    with pytest.raises(Unknown, match=r"there are cgroup namespaces since Linux 4\.6"):
        wrong(_script("", "root", body, 0), "root", "4.4.262")
    assert wrong(_script("", "root", body, 0), "root", "4.6.0") == []
    assert wrong(_script("", "root", body.rpartition("\n")[0], 0), "root", "4.4.262") == []


def test_before_anything_of_a_rule_began() -> None:
    assert not holds(BEGUN, read_kernel("5.13.19"))
    assert not holds(BEGUN, read_kernel("5.10.0-30-amd64"))
    assert holds(BEGUN, read_kernel("5.16.11"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.what)
def test_levels_are_of_older_series(rule: Since) -> None:
    assert all(series < rule.mainline for series, _ in rule.updates or ())
    assert holds(rule, Kernel(rule.mainline, 0))


@pytest.mark.parametrize(("before", "since", "actor", "head", "body"), SIDES)
def test_both_sides(before: str, since: str, actor: str, head: str, body: str) -> None:
    for kernels, side in ((before, 0), (since, 1)):
        for kernel in kernels.split():
            assert wrong(_script(head, actor, body, side), actor, kernel) == []
            assert wrong(_script(head, actor, body, 1 - side), actor, kernel) != []


def _script(head: str, actor: str, body: str, side: int) -> str:
    """A scenario with one of two answers where the body has ``{one|the other}``."""
    lines = []
    for line in body.splitlines():
        start, brace, rest = line.partition("{")
        lines.append(start + rest.rstrip("}").split("|")[side] if brace else line)
    return f"scenario s\n  cites a(2)/b\n  as {actor}\n{head}" + "\n".join(lines) + "\n"


def test_the_maps_of_an_actor_follow_the_same_table() -> None:
    creator = credential(0, 0, (), 0)
    namespace = NewNamespace("0 0 1", "0 0 1")
    for kernel, reasons in (("5.10.34", 0), ("5.10.35", 1), ("5.10.0-5-amd64", 1)):
        assert len(list(unwritable(namespace, creator, facts(creator, kernel=kernel)))) == reasons


def test_the_rules_that_the_suite_stumbled_over() -> None:
    kernel = read_kernel("5.10.0-32-cloud-amd64", "#1 SMP Debian 5.10.223-1 (2024-08-10)")
    assert holds(NO_OP_RETURNS_EARLY, kernel)
    assert holds(MAPS_OF_ROOT, kernel)
    assert not holds(PROCESSES_BY_NAMESPACE, kernel)


@pytest.fixture(scope="module")
def suite() -> Suite:
    return load_suite(default_folder())


def test_each_rule_names_the_clauses_whose_answers_it_changes(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a rule some cells are answered otherwise: their scenarios are about its clauses, and there are no others."""
    absent: list[Since] = []
    monkeypatch.setattr(world, "holds", lambda rule, kernel: rule not in absent)
    told = ModelTarget().facts(NATIVE)
    setups = {name: plan_actor(actor, suite.actors, told).setup for name, actor in suite.actors.items()}
    cells = [cell for each in suite.scenarios for cell in cells_of(each, suite.actors, ["model"], ["syscall"])]
    usual = {cell.id: answers(cell, setups[cell.actor.name], told) for cell in cells}
    for rule in RULES:
        absent[:] = [rule]
        changed = [cell for cell in cells if answers(cell, setups[cell.actor.name], told) != usual[cell.id]]
        assert not [cell.id for cell in changed if set(rule.clauses).isdisjoint(cell.scenario.cites)], rule
        about = {clause for cell in changed for clause in cell.scenario.cites}
        assert not {*rule.clauses} - about, rule


def answers(cell: Cell, setup: Setup, told: Facts) -> list[tuple[Answer, World]]:
    """What the model answers, and the world after each line, but for what nothing but an answer shows."""
    now, found = begin(setup, told, cell.scenario).world, []
    for line in cell.scenario.lines:
        try:
            outcome = perform_line(now, line, cell.api).outcome
        except NotModelled:
            continue
        now = outcome.world
        tasks = tuple(replace(task, auxiliary=None) for task in now.tasks)
        found.append((outcome.answer, replace(now, tasks=tasks)))
    return found
