"""What the suite proves: for each clause its scenarios, and the mutants of the model that only a broken clause explains.

A clause is *tested* when a scenario cites it and a declared expectation of such a scenario fails in a mutant of the model
in which just this clause is broken.  A suite that cannot fail proves nothing; this is where that is looked at.
"""

from __future__ import annotations

import importlib.util
import sys
from collections import defaultdict
from collections.abc import Iterable

import msgspec

from credstone.judge.matching import meets
from credstone.model.perform import NotModelled
from credstone.model.rules import Mutant
from credstone.plan.cells import cells_of
from credstone.plan.setup import plan_actor
from credstone.suite.load import Suite
from credstone.targets.model import FACTS, clauses_at_stake, performances
from credstone.words.actor import Setup
from credstone.words.cell import Cell
from credstone.words.clause import Clause
from credstone.words.errors import CredstoneError

TESTED, UNTESTABLE, OPEN = "tested", "untestable", "open"


class Covered(msgspec.Struct, frozen=True):
    """One clause: its status, the scenarios that cite it, its mutants, and those of them that its scenarios catch.

    ``sole`` are the mutants that no other scenario catches, where that was looked at.
    """

    clause: Clause
    status: str
    scenarios: tuple[str, ...]
    mutants: tuple[str, ...]
    caught: tuple[str, ...]
    sole: tuple[str, ...]


class Coverage(msgspec.Struct, frozen=True):
    """The coverage of a suite; ``survivors`` are mutants that no scenario catches at all."""

    clauses: tuple[Covered, ...]
    survivors: tuple[str, ...]


def load_mutants(suite: Suite) -> tuple[Mutant, ...]:
    """The mutants that stand beside a suite in its repository.  Raises CredstoneError where there are none."""
    package = suite.folder.resolve().parent / "tests" / "mutants" / "__init__.py"
    if not package.is_file():
        raise CredstoneError(
            f"There are no mutants of the model beside {suite.folder}.", "They come with the repository: tests/mutants."
        )
    if "mutants" not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            "mutants", package, submodule_search_locations=[str(package.parent)]
        )
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["mutants"] = module
        spec.loader.exec_module(module)
    mutants: tuple[Mutant, ...] = sys.modules["mutants"].MUTANTS
    return mutants


def model_cells(suite: Suite) -> list[tuple[Cell, Setup]]:
    """Every cell of a suite with the set-up that makes its actor on the model's machine."""
    plans = {name: plan_actor(actor, suite.actors, FACTS) for name, actor in suite.actors.items()}
    return [
        (cell, plans[cell.actor.name].setup)
        for scenario in suite.scenarios
        for cell in cells_of(scenario, suite.actors, ["model"])
    ]


def unmet(cell: Cell, setup: Setup, mutant: Mutant | None = None) -> str:
    """The first declared expectation that the model, or a mutant of it, does not meet; empty if it meets all."""
    try:
        for line, performed in zip(cell.scenario.lines, performances(cell, setup, mutant), strict=False):
            answer = performed.outcome.answer
            if (answer.killed or line.expected) and not meets(line.expected, answer):
                return f"line {line.number}: {answer}"
    except NotModelled as error:
        return str(error)
    return ""


def coverage(suite: Suite, mutants: Iterable[Mutant], alone: bool = False) -> Coverage:
    """Tries every mutant on the cells that the broken clause could concern.

    A mutant is done when a scenario that cites its clause has caught it; with ``alone`` all others are tried too, which
    takes minutes, and ``sole`` is found.
    """
    reached: dict[str, list[tuple[Cell, Setup]]] = defaultdict(list)
    for cell, setup in model_cells(suite):
        for clause in clauses_at_stake(cell, setup):
            reached[clause].append((cell, setup))
    catching = {mutant.name: _catching(mutant, reached[mutant.clause], alone) for mutant in mutants}
    by_clause: dict[str, list[str]] = defaultdict(list)
    for mutant in mutants:
        by_clause[mutant.clause].append(mutant.name)
    citing: dict[str, dict[str, None]] = defaultdict(dict)
    for scenario in suite.scenarios:
        for clause in scenario.cites:
            citing[clause][scenario.id.partition("[")[0]] = None
    covered = tuple(
        _covered(clause, tuple(citing[clause.id]), by_clause[clause.id], catching, alone)
        for clause in suite.clauses.values()
    )
    return Coverage(covered, tuple(name for name, scenarios in catching.items() if not scenarios))


def _catching(mutant: Mutant, reached: list[tuple[Cell, Setup]], alone: bool) -> set[str]:
    """The scenarios of which a declared expectation fails in this mutant."""
    scenarios: set[str] = set()
    for cell, setup in sorted(reached, key=lambda each: mutant.clause not in each[0].scenario.cites):
        if scenarios and not alone:
            break
        scenario = cell.scenario.id.partition("[")[0]
        if scenario not in scenarios and unmet(cell, setup, mutant):
            scenarios.add(scenario)
    return scenarios


def _covered(
    clause: Clause, scenarios: tuple[str, ...], mutants: list[str], catching: dict[str, set[str]], alone: bool
) -> Covered:
    caught = tuple(name for name in mutants if not catching[name].isdisjoint(scenarios))
    sole = tuple(name for name in caught if catching[name] <= set(scenarios)) if alone else ()
    status = UNTESTABLE if clause.untestable else TESTED if caught else OPEN
    return Covered(clause, status, scenarios, tuple(mutants), caught, sole)
