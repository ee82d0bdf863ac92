"""The lines of a cell beside what its script expects of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from credstone.report.characters import visible
from credstone.report.failure import facts_of, scenario_of
from credstone.results.file import Results
from credstone.results.record import Record, ScenarioLine, ScriptLine
from credstone.text.wrap import short
from credstone.words.facts import Facts

LONGEST = 600
"""What of a text is shown, in characters: a list of 65536 groups says nothing more by its end."""

_ONE_BY_ONE = re.compile(r"[(,] ?\$asked-groups[,)]|^(contains|lacks) .*\$asked-groups")
"""A line that is performed once for each group that a runtime was asked for."""


class Row(msgspec.Struct, frozen=True):
    """One line: its number in the script, the call, what was expected in the notation (empty: it prepares), the answer.

    ``answer`` is None where the line was not performed; ``wrong`` marks the first one that went wrong.
    """

    number: int
    call: str
    expected: str
    answer: str | None
    wrong: bool = False


def transcript(cell: Record, results: Results) -> tuple[Row, ...]:
    """The lines of a cell, performed or not; nothing where none was."""
    if not cell.steps and cell.wrong is None:
        return ()
    answers = [answer for _, answer in cell.steps]
    return tuple(
        Row(
            line.number,
            shortened(line.call),
            shortened(line.expected),
            shortened(answers[number]) if number < len(answers) else None,
            number == cell.wrong,
        )
        for number, line in enumerate(script(cell, results))
    )


def script(cell: Record, results: Results) -> tuple[ScriptLine, ...]:
    """The lines of the scenario as this cell runs them, with the numbers of its target where the script has words."""
    scenario = scenario_of(cell, results)
    calls = [call for call, _ in cell.steps]
    if calls == [line.call for line in scenario.lines[: len(calls)]]:
        return scenario.lines
    lines = list(_as_often(scenario, facts_of(cell, results)))
    lines += [ScriptLine(0, call, "") for call in calls[len(lines) :]]
    performed = (ScriptLine(line.number, call, line.expected) for line, call in zip(lines, calls, strict=False))
    return (*performed, *lines[len(calls) :])


def _as_often(scenario: ScenarioLine, facts: Facts | None) -> Iterator[ScriptLine]:
    groups = facts.asked.groups if facts and facts.asked and scenario.asked else ()
    for line in scenario.lines:
        yield from [line] * (len(groups) if groups and _one_by_one(line) else 1)


def _one_by_one(line: ScriptLine) -> bool:
    return any(_ONE_BY_ONE.search(text) for text in (line.call, line.expected))


def shortened(text: str) -> str:
    """A text with everything in it visible, or its beginning and how long it is."""
    return visible(short(text, LONGEST))
