"""``credstone explain``: a clause, a scenario, or a cell, and how the model comes to its answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from credstone.cli.options import Suites, open_suite
from credstone.coverage import on_machines
from credstone.model.perform import NotModelled
from credstone.model.rules import Performed, Refusal
from credstone.model.start import begin
from credstone.plan.apis import apis_of
from credstone.plan.cells import cells_of
from credstone.plan.setup import plan_actor
from credstone.suite.load import Suite
from credstone.suite.select import select
from credstone.targets.model import FACTS, performances
from credstone.words.cell import Cell
from credstone.words.clause import Clause
from credstone.words.notation import show_answer, show_expectations, show_line
from credstone.words.scenario import Scenario


def explain(
    name: Annotated[str, Parameter(name="ID", help="a clause, a scenario or a cell")], suites: Suites = None
) -> int:
    """Explain a clause, a scenario or a cell.

    For a cell the model's reasoning is shown line by line: which condition held, which did not, what followed.
    """
    suite = open_suite(suites)
    if name in suite.clauses:
        _explain_clause(suite, suite.clauses[name])
        return 0
    chosen = select(suite, name)
    for scenario in chosen.scenarios:
        cells = [
            cell
            for cell in cells_of(scenario, suite.actors, ["model"], [chosen.api] if chosen.api else [])
            if chosen.actor in ("", cell.actor.name)
        ]
        _explain_scenario(suite, scenario)
        if chosen.actor or len(chosen.scenarios) == 1:
            for cell in cells[: None if chosen.actor else 1]:
                _explain_cell(suite, cell)
    return 0


def _explain_clause(suite: Suite, clause: Clause) -> None:
    print(f"{clause.id}\n  {clause.says}")
    print(f"  section {clause.section}, level {clause.level}" + (f", since {clause.since}" if clause.since else ""))
    for label, text in (("untestable", clause.untestable), ("erratum", clause.erratum)):
        if text:
            print(f"  {label}: {text}")
    for scenario in suite.scenarios:
        if clause.id in scenario.cites:
            print(f"  scenario {scenario.id}")


def _explain_scenario(suite: Suite, scenario: Scenario) -> None:
    print(f"\n{scenario.id}   {scenario.path}:{scenario.number}")
    if scenario.about:
        print(f"  # {scenario.about}")
    print(f"  as {', '.join(scenario.actors)}; via {', '.join(apis_of(scenario))}")
    for cited in scenario.cites:
        print(f"  {cited}: {suite.clauses[cited].says}")
    text = Path(scenario.path).read_text(encoding="utf-8-sig").split("\n")
    body = text[scenario.number : scenario.lines[-1].number]
    print("\n".join(["", *(f"    {line.strip()}" for line in body if line.strip())]))


def _explain_cell(suite: Suite, cell: Cell) -> None:
    print(f"\n  {cell.id}\n  {cell.actor.name}: {cell.actor.about}\n")
    plan = plan_actor(cell.actor, suite.actors, FACTS)
    found = next(on_machines(cell, plan.setup), None)
    if found is None:
        print("    applies to nothing that the model is asked for")
        return
    cell, facts = found.cell, found.facts
    for applied in begin(plan.setup, facts, cell.scenario).applied:
        print(f"    begins with       {applied.clause}")
    steps = performances(cell, plan.setup, facts=facts)
    for line in cell.scenario.lines:
        print(f"    {show_line(line)}  {show_expectations(line)}".rstrip())
        try:
            performed = next(steps)
        except NotModelled as error:
            print(f"        the model does not know this: {error}")
            return
        _explain_call(performed)
        print(f"        answer: {show_answer(performed.outcome.answer, line.asked)}")


def _explain_call(performed: Performed) -> None:
    for rule in performed.applied:
        if not rule.clause:
            continue
        if isinstance(rule, Refusal):
            print(f"        {'holds    ' if rule.holds else 'not so   '} {rule.errno:<7} {rule.clause}")
        else:
            print(f"        decides           {rule.clause}")
