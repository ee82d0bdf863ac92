"""The model against this kernel where arguments end: every form of every call, each with the values that go wrong.

What the model does not know it must say, and the cell is broken; everything else must be as the kernel has it.
``CREDSTONE_WALK_STEPS`` is how many cells are tried (2,000 if it is not set).
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from building import line_alone, scenario
from credstone.calls.apis import apis_of
from credstone.calls.table import declarations
from credstone.model.perform import NotModelled
from credstone.model.play import performances
from credstone.notation.show import show_call
from credstone.runner import Runner
from credstone.suite.load import default_folder, load_suite
from credstone.words.call import Call
from credstone.words.cell import Cell
from credstone.words.facts import Facts
from credstone.words.scenario import MAIN, Fails, Is, Line, Raises, Scenario
from credstone.words.verdict import BROKEN, PASS, UNSUPPORTED
from walks.forms import FORMS, calls

CELLS = int(os.environ.get("CREDSTONE_WALK_STEPS", "2000"))
ACTORS = load_suite(default_folder(), scripts=()).actors
PLACE = scenario(
    '  file f = "....", owner 1000:1000, mode 6777\n'
    '  file mine = "hello", owner 0:0, mode 0644\n'
    "  file d = folder, owner 1000:1000, mode 0755\n"
    '  file d/in = "in"\n'
    "  file program = agent, owner 0:0, mode 0755\n"
    "  child c: getuid(); getuid()"
)
"""Where the calls are made: in a folder with files, with a child beside."""
ENDS = ("exit", "abort")
"""Calls after which the caller makes no other."""
LOOKS = (("stat", "f"), ("stat", "mine"), ("stat", "d"), ("read", "f"))
"""What is looked at afterwards: a call that fails leaves the files alone."""
KEEPS_FILES = (
    "access",
    "chmod",
    "chown",
    "faccessat",
    "open",
    "pwrite",
    "truncate",
    "write",
    "lchown",
    "mkdir",
    "umask",
)


def place_with(call: Call, number: int) -> Scenario:
    """A scenario in which main, or the child where main cannot, makes this call."""
    line = PLACE.lines[0]
    who = "child c" if call.name in (*ENDS, "ptrace") else MAIN
    lines = [*PLACE.lines, replace(line, call=call, who=who)]
    if call.name in KEEPS_FILES:
        lines += [replace(line_alone(f"  {name}({file})"), who=MAIN) for name, file in LOOKS]
    return replace(PLACE, name=f"{call.name}-{number}", lines=tuple(lines), limit=5000)


def all_cells() -> Iterator[Cell]:
    """A choice of all calls, actors and APIs, the same in every run."""
    chance = random.Random(7)
    found = [call for name, form in FORMS for call in calls(name, form, 20, chance)]
    chance.shuffle(found)
    names = ("root", "user", "userns-one-id")
    for number, call in enumerate(found):
        placed = place_with(call, number)
        apis = apis_of(replace(placed, apis=("syscall", "libc", "python")))
        if apis and not call.name.endswith("16"):
            yield Cell(placed, ACTORS[chance.choice(names)], chance.choice(apis), "host")


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    here = Runner(ACTORS)
    yield here
    here.close()


def expecting(cell: Cell, runner: Runner) -> tuple[Cell, str]:
    """The cell with the answers of the model as its expectations; and what the model does not know, if anything."""
    facts = runner.facts_of(cell)
    assert isinstance(facts, Facts)
    planned, plan = runner.plan(cell)
    lines: list[Line] = []
    try:
        steps = performances(planned, plan.setup, facts=facts)
        for line, performed in zip(cell.scenario.lines, steps, strict=False):
            answer = performed.outcome.answer
            if answer.killed:
                break
            said = Raises(answer.exception) if answer.exception and not answer.errno else Is(answer.value)
            expected = Fails(answer.errno) if answer.errno else said
            lines.append(replace(line, expected=(expected,) if performed.allowed else ()))
    except NotModelled as error:
        return cell, str(error)
    return replace(cell, scenario=replace(cell.scenario, lines=tuple(lines))), ""


@pytest.mark.usefixtures("_root")
def test_the_model_knows_every_boundary_or_says_so(runner: Runner) -> None:
    known, unknown, wrong = 0, 0, []
    cells: list[Cell] = []
    for cell in all_cells():
        as_modelled, open_question = expecting(cell, runner)
        if open_question:
            unknown += 1
        elif len(cells) < CELLS:
            cells.append(as_modelled)
    runner.expect(cells)
    for cell in cells:
        verdict = runner.verdict(cell)
        known += verdict.verdict == PASS
        if verdict.verdict not in (PASS, UNSUPPORTED) and "Python cannot make the call" not in verdict.reason:
            wrong.append(f"{cell.api} {cell.actor.name} {show_call(cell.scenario.lines[2].call)}: {verdict.reason}")
    assert not wrong, "\n".join(wrong)
    assert known > len(cells) * 0.9
    assert unknown


@pytest.mark.usefixtures("_root")
def test_what_the_model_does_not_know_is_broken_and_names_the_call(runner: Runner) -> None:
    """Whatever the target answers: the line itself is not judged, and no line after it."""
    seen: dict[str, Cell] = {}
    for cell in all_cells():
        call = cell.scenario.lines[2].call
        _, open_question = expecting(cell, runner)
        if open_question and call.name not in ("pause", "read_pipe", "accept", "waitid", "recvmsg", "sigwaitinfo"):
            seen.setdefault(f"{call.name}: {open_question}", cell)
    assert len(seen) > 20
    for cell in seen.values():
        verdict = runner.verdict(cell)
        assert verdict.verdict == BROKEN, verdict
        named = any(f"{line.call.name}(" in verdict.reason for line in cell.scenario.lines[2:])
        assert named or verdict.reason.startswith("agent: "), verdict


def test_every_form_of_the_agents_is_tried() -> None:
    here = {(name, len(form)) for name, form in FORMS}
    known = {(name, count) for name, call in declarations().items() for count in call.counts}
    assert len(known) > 120
    # the second argument of setgroups16 is a word, and those of prctl are the same whatever their number
    assert known - here == set()
