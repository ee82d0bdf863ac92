"""A clause on a page: what it says and where, its scenarios, and the mutants of the model that they catch."""

from __future__ import annotations

from collections.abc import Iterator

from credstone.explain.layout import hanging, wrapped
from credstone.model.machine import FACTS
from credstone.model.rules import Mutant
from credstone.plan.cells import cells_of
from credstone.plan.setup import plan_actor
from credstone.proof.coverage import on_machines, unmet
from credstone.proof.mutants import MUTANTS
from credstone.suite.load import Suite
from credstone.words.clause import Clause


def explain_clause(suite: Suite, clause: Clause) -> Iterator[str]:
    """The lines of the page."""
    yield clause.id
    yield from wrapped(clause.says, "  ")
    yield ""
    yield f"  page      {clause.id.partition('/')[0]}   suites/{clause.folder}"
    yield f"  section   {clause.section}"
    yield f"  level     {clause.level}" + ("" if clause.level == "man" else ": the page is silent, and Linux does so")
    if clause.since:
        yield f"  since     {clause.since}"
    if clause.erratum:
        yield from hanging("erratum   ", clause.erratum, "  ")
    if clause.untestable:
        yield from hanging("untestable", f" {clause.untestable}", "  ")
    families: dict[str, int] = {}
    for scenario in suite.scenarios:
        if clause.id in scenario.cites:
            name = scenario.id.partition("[")[0]
            families[name] = families.get(name, 0) + 1
    yield "" if families else "  No scenario cites it."
    for name, count in families.items():
        yield f"  scenario  {name}" + (f"   {count} values" if count > 1 else "")
    yield from _mutants(suite, clause)


def _mutants(suite: Suite, clause: Clause) -> Iterator[str]:
    """The mutants that break the clause."""
    mutants = [mutant for mutant in MUTANTS if mutant.clause == clause.id]
    if mutants:
        yield ""
    for mutant in mutants:
        yield from hanging("mutant    ", f"{mutant.about} {_caught(suite, clause, mutant)}", "  ")


def _caught(suite: Suite, clause: Clause, mutant: Mutant) -> str:
    """Whether the scenarios of the clause catch a mutant, and which does first."""
    for scenario in suite.scenarios:
        if clause.id not in scenario.cites:
            continue
        for cell in cells_of(scenario, suite.actors, ["model"]):
            for each in on_machines(cell, plan_actor(cell.actor, suite.actors, FACTS).setup):
                if unmet(each, mutant):
                    return f"Caught by {cell.id}."
    return "No scenario of this clause catches it."
