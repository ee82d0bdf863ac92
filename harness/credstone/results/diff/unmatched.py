"""Why a cell is in one of two runs alone: the other one did not come to it, has another part of the cells, or did not ask for it."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum

from credstone.results.file import Results


class Why(StrEnum):
    """Why a run does not have a cell of one of its targets."""

    CUT_OFF = "cut off"
    STOPPED = "stopped"
    OTHER_SHARD = "other shard"
    NOT_SELECTED = "not selected"
    OTHER_SUITE = "other suite"


NOT_REACHED = (Why.CUT_OFF, Why.STOPPED)
"""The run ended before it came to all of its cells: what is missing may be one of them."""


def why_absent(run: Results, target: str, *, same_suite: bool) -> Why:
    """Why a run does not have a cell of this target that another run has; ``same_suite`` is whether both have one suite."""
    if run.footer is None:
        return Why.CUT_OFF
    there = Counter(record.target for record in run.records)
    if there[target] < run.footer.selected.get(target, 0):
        return Why.STOPPED
    if target in run.header.shards:
        return Why.OTHER_SHARD
    return Why.NOT_SELECTED if same_suite else Why.OTHER_SUITE
