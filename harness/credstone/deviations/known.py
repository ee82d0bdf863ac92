"""Holds the verdict on a cell against what is recorded of its target.

Strict both ways: a fail is excused only if it is the one that is recorded, and whatever is recorded must show.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

import msgspec

from credstone.deviations.file import Deviation
from credstone.notation.show import show_line
from credstone.words.cell import Cell
from credstone.words.clause import level
from credstone.words.target import postures_of
from credstone.words.verdict import AMBIGUOUS, CHANGED, FAIL, GONE, KNOWN, PASS, Deviated, Finding, Verdict


class Known:
    """The deviations that are recorded of the targets of a run, whichever files they stand in."""

    def __init__(self, deviations: Iterable[Deviation]) -> None:
        self._by_page: dict[str, list[tuple[re.Pattern[str], Deviation]]] = defaultdict(list)
        for deviation in deviations:
            cells = re.compile("|".join(pattern_of(cell).pattern for cell in deviation.cells), re.DOTALL)
            for page in {cell.partition("/")[0] for cell in deviation.cells}:
                self._by_page[page].append((cells, deviation))

    def __bool__(self) -> bool:
        return bool(self._by_page)

    def of(self, cell: Cell) -> list[Deviation]:
        """The deviations that are recorded for a cell on its target."""
        recorded = self._by_page.get(cell.scenario.page, ()) if self._by_page else ()
        return [
            deviation
            for cells, deviation in recorded
            if holds_in(deviation, postures_of(cell.target)) and cells.fullmatch(cell.id)
        ]

    def attached(self, cell: Cell, verdict: Verdict, spec: str = "linux") -> Verdict:
        """The verdict, with what is recorded of the cell; unchanged where nothing is, or the cell was not judged.

        ``spec`` is what was judged by: what the pages do not say does not show where they alone are asked.
        """
        if verdict.verdict not in (PASS, FAIL):
            return verdict
        recorded = [each for each in self.of(cell) if spec == "linux" or level(each.clause) == "man"]
        deviated = _deviated(cell, verdict, recorded) if recorded else None
        return msgspec.structs.replace(verdict, deviation=deviated) if deviated else verdict


def _deviated(cell: Cell, verdict: Verdict, recorded: list[Deviation]) -> Deviated | None:
    if len(recorded) > 1:
        places = " and ".join(f"{each.name} ({each.place})" for each in recorded)
        return Deviated(recorded[0].name, AMBIGUOUS, f"deviation ambiguous: {places} are both recorded for this cell")
    (only,) = recorded
    if verdict.finding is None or verdict.verdict == PASS:
        if only.sometimes:
            return None
        says = f"deviation gone: {only.name} does not show here any more, remove the entry ({only.place})"
        return Deviated(only.name, GONE, says, only.link)
    other = differs(cell, verdict.finding, only)
    if other:
        return Deviated(only.name, CHANGED, f"deviation changed: {other} ({only.name}, {only.place})", only.link)
    return Deviated(only.name, KNOWN, only.reason, only.link)


def differs(cell: Cell, finding: Finding, recorded: Deviation) -> str:
    """In what a finding differs from what is recorded; empty where it is just that."""
    line = show_line(cell.scenario.lines[finding.line]) if finding.line >= 0 else "the set-up"
    values = dict(cell.scenario.values)
    if not pattern_of(with_values(recorded.line, values)).fullmatch(line):
        return f"{line} is the wrong line now, where {recorded.line} is recorded"
    expected = with_values(recorded.expected, values)
    if not pattern_of(expected).fullmatch(finding.expected):
        return f"{line}: {finding.expected} is expected now, where {expected} is recorded"
    seen = with_values(recorded.seen, values)
    if finding.seen != seen:
        return f"{line}: {finding.seen} is seen now, where {seen} is recorded"
    if finding.clause != recorded.clause:
        return f"{line} breaks {finding.clause} now, where {recorded.clause} is recorded"
    return ""


def holds_in(deviation: Deviation, postures: frozenset[str]) -> bool:
    """Whether a deviation is recorded for a target in these postures."""
    return not deviation.postures or any(postures == {*each.split("+")} for each in deviation.postures)


def pattern_of(text: str) -> re.Pattern[str]:
    """A pattern in which ``*`` stands for anything, and all else for itself."""
    return re.compile(".*".join(re.escape(part) for part in text.split("*")), re.DOTALL)


def with_values(text: str, values: dict[str, int]) -> str:
    """A text with the values of a family in the places of their names."""
    return re.sub(r"\$(\w+)", lambda name: str(values.get(name[1], name[0])), text)
