"""A sample of the scenarios: few of them, but each call, and each feature of the notation, is in one of them."""

from __future__ import annotations

from collections.abc import Iterator

from credstone.calls.apis import apis_of
from credstone.model.machine import FACTS
from credstone.plan.cells import cells_of
from credstone.repro.program import write
from credstone.suite.load import Suite
from credstone.words.call import Call, Text, Word
from credstone.words.cell import Cell
from credstone.words.errors import CredstoneError
from credstone.words.scenario import Is, Scenario

_SLOW = 8
"""A scenario with a load counts less than others: it takes that much longer."""


def all_cells(suite: Suite, *, python: bool, script: str = "") -> Iterator[Cell]:
    """A cell of every scenario (of a script) and API; which actor goes round with the number of the scenario."""
    for number, scenario in enumerate(suite.scenarios):
        if script not in ("", f"{scenario.page}/{scenario.script}"):
            continue
        by_api: dict[str, list[Cell]] = {}
        for cell in cells_of(scenario, suite.actors, ["host"]):
            if (cell.api == "python") == python:
                by_api.setdefault(cell.api, []).append(cell)
        for cells in by_api.values():
            yield cells[number % len(cells)]


def shell_cells(suite: Suite, *, script: str = "", step: int = 1) -> Iterator[Cell]:
    """The cells that a shell can show, of all scenarios (of a script) or of one in so many."""
    for scenario in suite.scenarios[::step]:
        if script not in ("", f"{scenario.page}/{scenario.script}"):
            continue
        api = "libc" if "libc" in apis_of(scenario) else "syscall"
        for cell in cells_of(scenario, suite.actors, ["host"], [api]):
            if _in_shell(cell, suite):
                yield cell


def _in_shell(cell: Cell, suite: Suite) -> bool:
    try:
        return bool(write(cell, suite, FACTS.asked, "shell"))
    except CredstoneError:
        return False


def sample(suite: Suite, *, python: bool) -> Iterator[Cell]:
    """One after the other the cell that has most of what is still missing."""
    found = {cell.id: (cell, set(_features(cell))) for cell in all_cells(suite, python=python)}
    missing = set().union(*(features for _, features in found.values()))
    while missing:
        cell, features = max(found.values(), key=lambda each: _worth(each[0], each[1] & missing))
        missing -= features
        yield cell


def _worth(cell: Cell, new: set[str]) -> float:
    return len(new) / (_SLOW if cell.scenario.load else 1 + len(cell.scenario.lines) / 20)


def _features(cell: Cell) -> Iterator[str]:
    """What a cell makes use of."""
    scenario = cell.scenario
    yield f"api {cell.api}"
    yield f"abi {cell.abi}"
    yield f"load {scenario.load > 0} {scenario.watch > 0}"
    yield f"database {scenario.database is not None}"
    yield f"nosuid {scenario.nosuid}"
    yield f"namespace {cell.actor.namespace is not None}"
    for file in scenario.files:
        yield f"file {file.kind} {file.capabilities is not None} {file.owner < 0} {file.content[:2] == '#!'}"
    for line in scenario.lines:
        yield f"who {line.who.split()[0]} {line.call.name == 'exec'} {line.unfinished} {line.resumed}"
        yield f"then {line.call.name} {line.then is not None}"
        yield from (f"expects {type(each).__name__} {len(line.expected) > 1}" for each in line.expected)
        values = (each.value for each in line.expected if isinstance(each, Is))
        yield from (f"value {type(value).__name__}" for value in values)
        yield from _of_call(line.call, scenario)
        yield from _of_call(line.then, scenario) if line.then else ()


def _of_call(call: Call, scenario: Scenario) -> Iterator[str]:
    yield f"call {call.name} {len(call.arguments) if len(call.arguments) < 7 else 'many'}"
    for value in call.arguments:
        if isinstance(value, Word) and ("pointer" in value.word or value.word in scenario.children):
            yield f"word {call.name} {'child' if value.word in scenario.children else value.word}"
        if isinstance(value, Text):
            yield f"variable {'$' in value.text} {'$pid' in value.text}"
