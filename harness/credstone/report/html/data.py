"""What the page's script draws cells from: every cell of the run, packed so that nothing stands twice.

Texts stand once, in one table, and are named by their place in it; so are clauses, scenarios, and what cells came to.  Most
cells come to what others came to, so that a cell is a few numbers and another target one number more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from credstone.report.differences import Difference
from credstone.report.failure import scenario_of, show_system, ways_on
from credstone.report.html.marks import MARKS, MEANING, WORST_FIRST
from credstone.report.html.transcript import script, shortened
from credstone.results.file import Results
from credstone.results.record import ClauseLine, Record, ScenarioLine, ScriptLine

NOT_RUN = -1
"""Stands for what a cell came to on a target on which it did not run."""

Packed = list[object]


class _Table:
    """Values in the order in which they came, each once."""

    def __init__(self) -> None:
        self.places: dict[object, int] = {}

    def place(self, value: object) -> int:
        return self.places.setdefault(value, len(self.places))

    def places_of(self, values: Iterable[object]) -> list[int]:
        return [self.place(value) for value in values]


def embedded(results: Results, targets: Iterable[str], differences: Iterable[Difference]) -> dict[str, object]:
    """The data of the page, for JSON."""
    return _Packer(results).packed(list(targets), differences)


class _Packer:
    def __init__(self, results: Results) -> None:
        self._results = results
        self._texts = _Table()
        self._texts.place("")  # the first: nothing
        self._clauses = _Table()
        self._scenarios = _Table()
        self._packed_scenarios: list[Packed] = []
        self._came_to = _Table()
        self._packed: dict[tuple[object, ...], int] = {}
        self._cells: dict[str, int] = {}

    def packed(self, targets: list[str], differences: Iterable[Difference]) -> dict[str, object]:
        header = self._results.header
        cells = self._pack_cells(targets)
        return {  # the tables last: until then something may be added to them
            "targets": targets,
            "outcomes": [[outcome, MARKS[outcome], MEANING[outcome]] for outcome in WORST_FIRST],
            "actors": dict(header.actors),
            "systems": {key: show_system(facts) for key, facts in header.facts.items()},
            "commands": [_commands(asked, header.suites) for asked in (False, True)],
            "differs": [
                [self._cells[each.cell], self._clauses.place(each.clause)]
                for each in differences
                if each.cell in self._cells
            ],
            "cells": cells,
            "cameTo": [list(each) for each in self._came_to.places if isinstance(each, tuple)],
            "scenarios": self._packed_scenarios,
            "clauses": [_clause(str(each), self._results.clauses) for each in self._clauses.places],
            "texts": list(self._texts.places),
        }

    def _pack_cells(self, targets: list[str]) -> dict[str, object]:
        columns: dict[str, list[int]] = {name: [] for name in ("scenario", "actor", "api", "agent", "way")}
        on: list[list[int]] = [[] for _ in targets]
        for record in self._results.records:
            number = self._cells.get(record.id)
            if number is None:
                number = self._cells[record.id] = len(self._cells)
                columns["scenario"].append(self._scenario(record))
                way = record.id.removeprefix(f"{record.scenario}@")
                for name, text in zip(
                    ("actor", "api", "agent", "way"), (record.actor, record.api, record.agent, way), strict=True
                ):
                    columns[name].append(self._texts.place(text))
                for column in on:
                    column.append(NOT_RUN)
            on[targets.index(record.target)][number] = self._outcome(record)
        return {**columns, "on": on}

    def _scenario(self, record: Record) -> int:
        """The place of a cell's scenario."""
        place = self._scenarios.place(record.scenario)
        if place == len(self._packed_scenarios):
            self._packed_scenarios.append(self._pack_scenario(scenario_of(record, self._results)))
        return place

    def _pack_scenario(self, line: ScenarioLine) -> Packed:
        place = self._texts.place
        return [
            place(line.id),
            place(line.page),
            place(line.path),
            line.number,
            self._clauses.places_of(line.cites),
            place(line.about),
            int(line.asked),
            self._pack_lines(line.lines),
        ]

    def _pack_lines(self, lines: Iterable[ScriptLine]) -> list[int]:
        """Three numbers for each line."""
        return [number for line in lines for number in (line.number, self._text(line.call), self._text(line.expected))]

    def _outcome(self, record: Record) -> int:
        """The place of what a cell came to."""
        scenario = self._results.scenarios.get(record.scenario)
        asked = record.target if scenario and scenario.asked else ""  # then the lines are those of the target
        key = (
            asked, record.scenario, record.verdict, record.steps, record.choices, record.errata, record.deviation,
            record.reason, record.privilege, record.wrong, record.line, record.expected, record.seen, record.clause,
        )  # fmt: skip
        if key not in self._packed:
            self._packed[key] = self._came_to.place(tuple(_frozen(self._pack_outcome(record))))
        return self._packed[key]

    def _pack_outcome(self, record: Record) -> Iterator[object]:
        """It without what is empty at its end: of a plain pass the outcome and the answers."""
        lines = script(record, self._results)
        own = [] if lines is scenario_of(record, self._results).lines else self._pack_lines(lines)
        deviation = record.deviation
        parts = [
            WORST_FIRST.index(record.outcome),
            [self._text(answer) for _, answer in record.steps],
            self._pairs(record.choices),
            self._pairs(record.errata),
            own,
            [] if deviation is None else [self._text(each) for each in msgspec.structs.astuple(deviation)],
            self._text(record.reason),
            self._text(record.privilege),
            [] if record.wrong is None else [record.wrong, record.line],
            self._text(record.expected),
            self._text(record.seen),
            [self._clauses.place(record.clause)] if record.clause else [],
        ]
        while len(parts) > 1 and parts[-1] in ([], 0):
            parts.pop()
        yield from parts

    def _pairs(self, pairs: Iterable[tuple[str, str]]) -> list[int]:
        """Clause and answer, in turn."""
        return [number for clause, answer in pairs for number in (self._clauses.place(clause), self._text(answer))]

    def _text(self, text: str) -> int:
        return self._texts.place(shortened(text))


def _frozen(parts: Iterable[object]) -> Iterator[object]:
    return (tuple(part) if isinstance(part, list) else part for part in parts)


def _clause(name: str, clauses: Mapping[str, ClauseLine]) -> Packed:
    line = clauses.get(name)
    if line is None:
        return [name, "", "", "", "", ""]
    return [line.id, line.level, line.section, line.says, line.since, line.erratum]


def _commands(asked: bool, suites: str) -> list[str]:
    """The commands that lead on from a cell, with ``{id}`` and ``{target}`` in the places of its own, in their quotes."""
    cell = Record("{id}", "", "", (), "", "", "{target}", "")
    found = ways_on(cell, ScenarioLine("", "", "", 0, (), (), asked=asked), suites)
    return [command.replace("'{id}'", "{id}").replace("'{target}'", "{target}") for command in found]
