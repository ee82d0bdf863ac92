"""Scenarios whose author had a newer kernel in mind than the one they run on."""

from __future__ import annotations

import msgspec

from credstone.judge.matching import meets
from credstone.model.perform import NotModelled, perform_line
from credstone.model.start import begin
from credstone.words.actor import Setup
from credstone.words.cell import Cell
from credstone.words.facts import Facts
from credstone.words.kernel import NEWEST


def meant_for_a_newer_kernel(cell: Cell, setup: Setup, facts: Facts) -> bool:
    """Whether on the newest kernel every expectation of a cell would be met, so that its age alone makes the difference.

    Then the model of this kernel says what it must answer, and the scenario need not.
    """
    if facts.linux.series >= NEWEST.series:
        return False
    newest = msgspec.structs.replace(facts, kernel="", kernel_version="", kernel_signature="")
    world = begin(setup, newest, cell.scenario).world
    try:
        for line in cell.scenario.lines:
            outcome = perform_line(world, line, cell.api).outcome
            if line.expected and not meets(line.expected, outcome.answer):
                return False
            world = outcome.world
    except NotModelled:
        return False
    return True
