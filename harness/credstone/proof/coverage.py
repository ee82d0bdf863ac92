"""What the suite proves: for each clause its scenarios, and the mutants of the model that only a broken clause explains.

A clause is *tested* when a scenario cites it and a declared expectation of such a scenario fails in a mutant of the model
in which just this clause is broken.  A suite that cannot fail proves nothing; this is where that is looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from credstone.judge.matching import meets
from credstone.model.machine import FACTS, MACHINES
from credstone.model.perform import NotModelled
from credstone.model.play import clauses_at_stake, performances
from credstone.model.rules import Mutant
from credstone.plan.cells import cells_of
from credstone.plan.container_start import as_asked
from credstone.plan.missing import missing_for
from credstone.plan.setup import plan_actor
from credstone.suite.load import Suite
from credstone.words.actor import Setup
from credstone.words.cell import Cell
from credstone.words.clause import Clause
from credstone.words.facts import Facts

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


class ModelCell(msgspec.Struct, frozen=True):
    """A cell as the model performs it: on which machine, and the set-up that makes its actor there."""

    cell: Cell
    setup: Setup
    facts: Facts = FACTS

    @property
    def clauses_at_stake(self) -> set[str]:
        """The clauses of all rules that are looked at."""
        return clauses_at_stake(self.cell, self.setup, self.facts)


def model_cells(suite: Suite) -> list[ModelCell]:
    """Every cell of a suite on the model's machine; what is about a runtime, for all that runtimes are asked for."""
    plans = {name: plan_actor(actor, suite.actors, FACTS) for name, actor in suite.actors.items()}
    return [
        each
        for scenario in suite.scenarios
        for cell in cells_of(scenario, suite.actors, ["model"])
        for each in on_machines(cell, plans[cell.actor.name].setup)
    ]


def on_machines(cell: Cell, setup: Setup) -> Iterator[ModelCell]:
    """A cell on the model's machine; one that begins as a runtime started it, on all where it applies."""
    if not cell.actor.as_started:
        yield ModelCell(cell, setup)
        return
    for facts in MACHINES:
        scenario, missing = as_asked(cell.scenario, facts.asked)
        as_there = msgspec.structs.replace(cell, scenario=scenario)
        if not missing and not missing_for(as_there, facts):
            yield ModelCell(as_there, setup, facts)


def unmet(each: ModelCell, mutant: Mutant | None = None) -> str:
    """The first declared expectation that the model, or a mutant of it, does not meet; empty if it meets all."""
    try:
        steps = performances(each.cell, each.setup, mutant, each.facts)
        for line, performed in zip(each.cell.scenario.lines, steps, strict=False):
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
    reached: dict[str, list[ModelCell]] = defaultdict(list)
    for each in model_cells(suite):
        for clause in each.clauses_at_stake:
            reached[clause].append(each)
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


def _catching(mutant: Mutant, reached: list[ModelCell], alone: bool) -> set[str]:
    """The scenarios of which a declared expectation fails in this mutant."""
    scenarios: set[str] = set()
    for each in sorted(reached, key=lambda each: mutant.clause not in each.cell.scenario.cites):
        if scenarios and not alone:
            break
        scenario = each.cell.scenario.id.partition("[")[0]
        if scenario not in scenarios and unmet(each, mutant):
            scenarios.add(scenario)
    return scenarios


def _covered(
    clause: Clause, scenarios: tuple[str, ...], mutants: list[str], catching: dict[str, set[str]], alone: bool
) -> Covered:
    caught = tuple(name for name in mutants if not catching[name].isdisjoint(scenarios))
    sole = tuple(name for name in caught if catching[name] <= set(scenarios)) if alone else ()
    status = UNTESTABLE if clause.untestable else TESTED if caught else OPEN
    return Covered(clause, status, scenarios, tuple(mutants), caught, sole)
