"""Scenarios that were written for a newer kernel than the one they run on."""

from __future__ import annotations

import msgspec

from credstone.judge.matching import meets
from credstone.model.perform import NotModelled
from credstone.model.play import performances
from credstone.words.actor import Setup
from credstone.words.cell import Cell
from credstone.words.facts import Facts
from credstone.words.kernel import NEWEST


def meant_for_a_newer_kernel(cell: Cell, setup: Setup, facts: Facts) -> bool:
    """Whether the newest kernel would meet every expectation of a cell, so that only the kernel's age makes a difference.

    If so, the model of this kernel gives the expectations, and the scenario need not.
    """
    if facts.linux.series >= NEWEST.series:
        return False
    newest = msgspec.structs.replace(facts, kernel="", kernel_version="", kernel_signature="")
    try:
        steps = zip(cell.scenario.lines, performances(cell, setup, facts=newest), strict=False)
        return all(not line.expected or meets(line.expected, step.outcome.answer) for line, step in steps)
    except NotModelled:
        return False
