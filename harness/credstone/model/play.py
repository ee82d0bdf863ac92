"""A whole cell, performed by the model line by line."""

from __future__ import annotations

from collections.abc import Iterator

from credstone.model.machine import FACTS
from credstone.model.perform import NotModelled, beyond_the_model, perform_line
from credstone.model.rules import Mutant, Performed
from credstone.model.start import begin
from credstone.model.world import World
from credstone.words.actor import Setup
from credstone.words.cell import Cell
from credstone.words.constants import CONSTANTS
from credstone.words.credential import Credential
from credstone.words.facts import Facts
from credstone.words.transcript import DONE, Step, Transcript


def transcribe(
    number: int, cell: Cell, setup: Setup, mutant: Mutant | None = None, facts: Facts = FACTS
) -> Transcript | str:
    """The transcript of a cell as the model performs it, or a sentence that names the line that it cannot perform."""
    first = _seen(begin(setup, facts, cell.scenario, mutant).world)
    steps: list[Step] = []
    try:
        for performed in performances(cell, setup, mutant, facts):
            if killed := performed.outcome.answer.killed:
                return Transcript(number, f"signal {CONSTANTS[killed]}", "", first, tuple(steps))
            steps.append(Step(performed.outcome.answer, _seen(performed.outcome.world)))
    except NotModelled as error:
        return beyond_the_model(cell.scenario.lines[len(steps)], error)
    return Transcript(number, DONE, "", first, tuple(steps))


def performances(cell: Cell, setup: Setup, mutant: Mutant | None = None, facts: Facts = FACTS) -> Iterator[Performed]:
    """The lines of a cell, one after the other, as the model performs them.  Raises NotModelled."""
    world = begin(setup, facts, cell.scenario, mutant).world
    for line in cell.scenario.lines:
        performed = perform_line(world, line, cell.api, mutant)
        yield performed
        if performed.outcome.answer.killed:
            return
        world = performed.outcome.world


def clauses_at_stake(cell: Cell, setup: Setup, facts: Facts = FACTS) -> set[str]:
    """The clauses of all rules that were looked at while the model began and performed a cell."""
    found = {rule.clause for rule in begin(setup, facts, cell.scenario).applied}
    return found | {rule.clause for performed in performances(cell, setup, facts=facts) for rule in performed.applied}


def _seen(world: World) -> dict[str, Credential]:
    return {task.who: world.seen(task.who) for task in world.reporting}
