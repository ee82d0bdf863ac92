"""Whether what the author of a scenario wrote is what the model asks for.

Under the facts of a target the two may part: then the scenario does not apply there.  Where they part on a machine on which
everything can be tried, one of them is wrong, and no target can be judged.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from credstone.judge.matching import meets
from credstone.model.perform import NotModelled
from credstone.plan.asked import as_asked
from credstone.plan.missing import missing_for
from credstone.plan.setup import plan_actor
from credstone.targets.model import FACTS, performances
from credstone.words.actor import Actor, Setup
from credstone.words.answer import Answer
from credstone.words.cell import Cell
from credstone.words.facts import Facts
from credstone.words.notation import show_answer, show_expectations, show_line
from credstone.words.scenario import Line


def applies(cell: Cell, setup: Setup, facts: Facts) -> bool:
    """Whether what a scenario expects is what the pages ask for under these facts, as far as the model knows it."""
    return next(_apart(cell, setup, facts), None) is None


def mistake(cell: Cell, actors: dict[str, Actor]) -> str:
    """What author and model disagree about whatever the target is, as a sentence; empty if they agree."""
    scenario, unasked = as_asked(cell.scenario, FACTS.asked)
    plan = plan_actor(cell.actor, actors, FACTS)
    cell = replace(cell, scenario=scenario)
    if unasked or plan.missing or missing_for(cell, FACTS):
        return ""
    for line, answer in _apart(cell, plan.setup, FACTS):
        wanted = show_expectations(line) if line.expected else "= anything but an error"
        given = show_answer(answer, line.asked)
        return f"{show_line(line)} {wanted} is written, and the model answers {given}: one of the two is wrong"
    return ""


def _apart(cell: Cell, setup: Setup, facts: Facts) -> Iterator[tuple[Line, Answer]]:
    """The lines in which they part, with the model's answer, up to the first call that it does not know."""
    try:
        for line, performed in zip(cell.scenario.lines, performances(cell, setup, facts=facts), strict=False):
            answer = performed.outcome.answer
            if not meets(line.expected, answer) if line.expected else answer.failed:
                yield line, answer
    except NotModelled:
        return
