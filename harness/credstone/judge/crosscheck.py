"""Whether a scenario is a test at all: whether the model can perform it, and agrees with its author.

Under the facts of one target the two may part: then the scenario does not apply there.  If they part on a machine on which
everything can be tried, one of them is wrong, and no target can be judged.
"""

from __future__ import annotations

from msgspec.structs import replace

from credstone.judge.matching import meets
from credstone.model.machine import FACTS
from credstone.model.perform import NotModelled, beyond_the_model
from credstone.model.play import performances
from credstone.notation.show import show_answer, show_expectations, show_line
from credstone.plan.container_start import as_asked
from credstone.plan.missing import missing_for
from credstone.plan.setup import plan_actor
from credstone.words.actor import Actor, Setup
from credstone.words.cell import Cell
from credstone.words.facts import Facts
from credstone.words.verdict import BROKEN, Finding, Verdict


def applies(cell: Cell, setup: Setup, facts: Facts) -> bool:
    """Whether what a scenario expects is what the pages ask for under these facts."""
    return _apart(cell, setup, facts) is None


def mistake(cell: Cell, actors: dict[str, Actor]) -> Verdict | None:
    """The verdict on a cell that tests no target, whatever the target answers; None if the cell is sound."""
    facts = replace(FACTS, abi=cell.abi or FACTS.abi)
    scenario, unasked = as_asked(cell.scenario, facts.asked)
    plan = plan_actor(cell.actor, actors, facts)
    cell = replace(cell, scenario=scenario)
    if unasked or plan.missing or missing_for(cell, facts):
        return None
    return _apart(cell, plan.setup, facts)


def _apart(cell: Cell, setup: Setup, facts: Facts) -> Verdict | None:
    """The first line that the model cannot perform, or that it answers otherwise than the author expects."""
    steps = performances(cell, setup, facts=facts)
    for number, line in enumerate(cell.scenario.lines):
        try:
            performed = next(steps, None)
        except NotModelled as error:
            return _broken(number, beyond_the_model(line, error))
        if performed is None:
            return None
        answer = performed.outcome.answer
        if not meets(line.expected, answer) if line.expected else answer.failed:
            wanted = show_expectations(line) if line.expected else "= anything but an error"
            given = show_answer(answer, line.asked)
            return _broken(
                number, f"{show_line(line)} {wanted} is written, and the model answers {given}: one of the two is wrong"
            )
    return None


def _broken(number: int, reason: str) -> Verdict:
    return Verdict(BROKEN, reason, Finding(number, "", ""))
