"""The records of a results file, each with the cell of the suite that it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from credstone.deviations.check import SuiteCells
from credstone.notation.show import show_line
from credstone.plan.container_start import as_asked
from credstone.results.file import Results
from credstone.results.record import Record
from credstone.words.cell import Cell
from credstone.words.scenario import Scenario
from credstone.words.verdict import FAIL, PASS, Finding, Verdict

_ASKED = re.compile(r"\$asked(-[a-z]+)+")


class Shown(msgspec.Struct, frozen=True):
    """What a cell showed on its target.

    ``cell`` is as it ran: with what a runtime was asked for in its place; ``script`` is the scenario as the suite has it.
    """

    record: Record
    cell: Cell
    script: Scenario

    @property
    def judged(self) -> bool:
        """Whether it ran and was judged."""
        return self.record.verdict in (PASS, FAIL)

    @property
    def line(self) -> str:
        """The line in which it went wrong, with ``*`` for what a runtime was asked for; empty where none did."""
        wrong = self.record.wrong
        if wrong is None or wrong < 0:
            return ""
        ran = self.cell.scenario.lines
        place = [at for at, line in enumerate(ran) if line.number == ran[wrong].number].index(wrong)
        written = [line for line in self.script.lines if line.number == ran[wrong].number]
        # several calls can stand in one line; a call that is performed for each group stands there once
        return _ASKED.sub("*", show_line(written[min(place, len(written) - 1)]))

    @property
    def verdict(self) -> Verdict:
        """The verdict, as far as deviations are about it."""
        record = self.record
        if record.wrong is None:
            return Verdict(record.verdict, record.reason)
        finding = Finding(record.wrong, record.expected, record.seen, record.clause)
        return Verdict(record.verdict, record.reason, finding)


def shown_in(results: Results, cells: SuiteCells) -> Iterator[Shown]:
    """The records of cells that the suite has; those that it does not have, or not with such lines, are left out."""
    for record in results.records:
        cell = cells.called(record.id)
        if cell is None:
            continue
        facts = results.header.facts.get(f"{record.target}:{record.agent}")
        scenario, _ = as_asked(cell.scenario, facts.asked if facts else None)
        if record.wrong is None or record.wrong < len(scenario.lines):
            yield Shown(record, msgspec.structs.replace(cell, scenario=scenario, target=record.target), cell.scenario)
