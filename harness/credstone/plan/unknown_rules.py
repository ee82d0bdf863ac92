"""What cannot be told of a kernel: a cell in which a rule would decide that the kernel may have or not."""

from __future__ import annotations

from credstone.model.perform import NotModelled, perform_line
from credstone.model.since import Unknown, tells_all
from credstone.model.start import begin
from credstone.words.actor import Setup
from credstone.words.cell import Cell
from credstone.words.facts import Facts


def unknown_for(cell: Cell, setup: Setup, facts: Facts) -> list[str]:
    """Why nobody can say what this kernel must answer in a cell; nothing where it can be said."""
    if tells_all(facts.linux):
        return []
    try:
        world = begin(setup, facts, cell.scenario).world
        for line in cell.scenario.lines:
            world = perform_line(world, line, cell.api).outcome.world
    except Unknown as error:
        return [str(error)]
    except NotModelled:
        return []  # the judge reports the cell as broken
    return []
