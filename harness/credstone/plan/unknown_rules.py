"""Cells that turn on a rule of which nothing says whether this kernel has it, or on a fact that is missing."""

from __future__ import annotations

from credstone.model.perform import NotModelled
from credstone.model.play import performances
from credstone.model.since import Unknown, tells_all
from credstone.words.actor import Setup
from credstone.words.cell import Cell
from credstone.words.facts import Facts


def unknown_for(cell: Cell, setup: Setup, facts: Facts) -> list[str]:
    """The rule or the fact that is unknown and decides a cell; nothing if all that decides is known."""
    if tells_all(facts.linux):
        return []
    try:
        for _ in performances(cell, setup, facts=facts):
            pass
    except Unknown as error:
        return [str(error)]
    except NotModelled:
        return []  # the judge reports the cell as broken
    return []
