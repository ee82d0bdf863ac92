"""The planner's reasons, by what would change them: there is none that nobody knows."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from building import make_suite, scenario
from credstone.agent.build import build_agent
from credstone.agent.folder import folder_error
from credstone.agent.process import Process
from credstone.doctor import needs
from credstone.doctor.needs import asked_capabilities, by_kind, kind_of
from credstone.judge.crosscheck import applies
from credstone.plan.cells import cells_of
from credstone.plan.container_start import as_asked
from credstone.plan.missing import missing_for
from credstone.plan.setup import plan_actor
from credstone.plan.unknown_rules import unknown_for
from credstone.suite.load import Suite, default_folder, load_suite
from credstone.words.actor import Actor, Become
from credstone.words.capability import MASKS
from credstone.words.cell import Cell
from credstone.words.errors import MachineError
from doctor.machines import HOSTILE
from plan.targets import AS_ROOT, SMALL


@cache
def whole_suite() -> Suite:
    return load_suite(default_folder())


@cache
def reasons_on(machine: str) -> frozenset[str]:
    """All that the planner says of all cells on a hostile machine."""
    suite = whole_suite()
    found: set[str] = set()
    told = HOSTILE[machine]
    plans = {name: plan_actor(actor, suite.actors, told) for name, actor in suite.actors.items()}
    for plan in plans.values():
        found.update(plan.missing)
    for each in suite.scenarios:
        _, unasked = as_asked(each, told.asked)
        found.update(unasked)
        for cell in cells_of(each, suite.actors, [""]):
            missing = missing_for(cell, told)
            found.update(missing or unknown_for(cell, plans[cell.actor.name].setup, told))
    return frozenset(found)


@pytest.mark.parametrize("machine", HOSTILE)
def test_every_reason_is_of_a_kind(machine: str) -> None:
    assert reasons_on(machine)
    assert {reason for reason in reasons_on(machine) if kind_of(reason) == needs.OTHER} == set()


@pytest.mark.parametrize(
    ("call", "as_root", "denied"), [("= 0", True, False), ("= EPERM", False, True), ("", True, False)]
)
def test_whether_it_applies_under_these_facts(call: str, as_root: bool, denied: bool) -> None:
    one = scenario(f"  setgroups([]) {call}\n  getuid() = 0")
    cell = Cell(one, Actor(about="", name="self"), "libc", "host")
    for told, expected in ((AS_ROOT, as_root), (SMALL, denied)):
        assert applies(cell, (Become(told.credential),), told) == expected


def errors(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What is said where there is no agent, and the kind that it is of."""
    found = {folder_error(OSError(28, "No space left on device")).what: needs.FOLDER}
    for compiler, abi, kind in (("no-such", "", "C"), ("false", "", "C"), ("false", "i386", "i386")):
        monkeypatch.setenv("CC", compiler)
        with pytest.raises(MachineError) as caught:
            build_agent(folder, abi)
        found[caught.value.what] = {"C": needs.COMPILER, "i386": needs.I386}[kind]
    for name, kind in (("agent", needs.FOLDER), ("agent-i386", needs.FOLDER), ("python3", needs.INTERPRETER)):
        (folder / name).touch()
        with pytest.raises(MachineError) as caught:
            Process([str(folder / name)], folder)
        found[caught.value.what] = kind
    found["The agent /usr/bin/python3 does not start: the agent's process ended with status 3"] = needs.INTERPRETER
    found["The kernel runs no programs for i386: Exec format error."] = needs.I386
    return found


def test_so_is_everything_that_keeps_an_agent_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for what, kind in errors(tmp_path, monkeypatch).items():
        assert kind_of(what) == kind, what


def test_no_pattern_is_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {reason for machine in HOSTILE for reason in reasons_on(machine)} | {needs.DOES_NOT_APPLY}
    said |= errors(tmp_path, monkeypatch).keys()
    for kind, patterns in needs._PATTERNS.items():
        for each in patterns:
            assert any(re.match(each, reason) and kind_of(reason) == kind for reason in said), each
    assert {kind_of(reason) for reason in said} == set(needs.KINDS)


def test_a_cell_counts_once_for_each_kind() -> None:
    missing = [
        ("needs root: uid 7 has no CAP_SETUID to take uid 0", "needs CAP_KILL, which uid 7 does not have here"),
        ("needs root: uid 7 has no CAP_SETUID to take uid 0", "no_new_privs is set: so"),
        (),
        ("There is no C compiler: 'cc' is not to be found.\n  Install one.",),
        ("something that nobody thought of",),
    ]
    found = {need.kind: (need.cells, need.reasons) for need in by_kind(missing)}
    assert found == {
        needs.CAPABILITIES: (
            2,
            ("needs root: uid 7 has no CAP_SETUID to take uid 0", "needs CAP_KILL, which uid 7 does not have here"),
        ),
        needs.NO_NEW_PRIVS: (1, ("no_new_privs is set: so",)),
        needs.COMPILER: (1, ("There is no C compiler: 'cc' is not to be found.",)),
        needs.OTHER: (1, ("something that nobody thought of",)),
    }
    assert by_kind(missing)[0].capabilities == ("CAP_KILL", "CAP_SETUID")


def test_what_cells_ask_for(tmp_path: Path) -> None:
    small = make_suite(
        tmp_path, looks="scenario one\n  cites stays-open\n  as user\n  via syscall, libc\n\n  getuid() = 0\n"
    )
    assert asked_capabilities(small, AS_ROOT) == {"CAP_SETUID": 2, "CAP_SETGID": 2}
    whole = asked_capabilities(whole_suite(), AS_ROOT)
    assert whole.keys() <= MASKS.keys()
    assert "CAP_SYS_RESOURCE" not in whole
    assert whole["CAP_SETUID"] > whole["CAP_SETFCAP"] > 0
