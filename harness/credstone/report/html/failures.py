"""What failed or broke, as it stands in the page without a script: by clause, with transcripts, the most cells first.

Cells that were not begun are none of them: why they were not is said once, at the head of the page.

A page has so many transcripts and no more, and says so: a target on which everything fails is no reason for a file that no
browser opens.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from credstone.report.failure import facts_of, scenario_of, show_system, ways_on
from credstone.report.html.transcript import Row, shortened, transcript
from credstone.results.file import Results
from credstone.results.record import ClauseLine, Record
from credstone.words.verdict import BROKEN, FAIL, UNSTABLE

TRANSCRIPTS_OF_A_CLAUSE = 2
TRANSCRIPTS = 60
LISTED = 1200
"""How many transcripts, and how many failed cells, stand in a page at most."""

_AROUND = 2
"""How many lines are shown after the wrong one, and at least that many before it."""


class Failure(msgspec.Struct, frozen=True):
    """One cell that failed, on all the targets on which it failed in this way.

    ``line`` is the call that went wrong, empty where that is the set-up or nothing ran; ``says`` is the finding in words.
    """

    cell: Record
    targets: tuple[str, ...]
    line: str
    says: str


class Example(msgspec.Struct, frozen=True):
    """A failure with all that belongs to it.  ``rows`` are those around the wrong one, ``before`` and ``after`` count the others.

    ``tells`` is whether the finding says more than the wrong line itself, as it does of a credential that no line shows.
    """

    failure: Failure
    place: str
    about: str
    rows: tuple[Row, ...]
    before: int
    after: int
    reason: str
    system: str
    tells: bool
    commands: tuple[str, ...]


class Group(msgspec.Struct, frozen=True):
    """What broke one clause; without a clause, what has one reason.  ``left_out`` counts what no longer found room."""

    title: str
    clause: ClauseLine | None
    outcome: str
    counts: tuple[tuple[str, int], ...]
    examples: tuple[Example, ...]
    others: tuple[Failure, ...]
    left_out: int


def failures_of(results: Results) -> tuple[Group, ...]:
    """The groups, those with the most cells first; what the harness did wrong stands after what the targets did."""
    grouped: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in results.records:
        if record.outcome in (FAIL, BROKEN) and not record.not_run:
            grouped[record.outcome, _title(record)].append(record)
    ordered = sorted(grouped.items(), key=lambda item: (item[0][0] == BROKEN, -len(item[1]), item[0][1]))
    return tuple(_Page(results).groups(ordered))


def _title(record: Record) -> str:
    """The clause that is broken; where none is, the reason."""
    if record.deviation is not None:
        return record.deviation.says
    return (record.clause if record.outcome == FAIL else "") or shortened(record.reason.split("\n")[0])


class _Page:
    """Deals out the room that a page has."""

    def __init__(self, results: Results) -> None:
        self._results = results
        self._transcripts = TRANSCRIPTS
        self._listed = LISTED

    def groups(self, ordered: Iterable[tuple[tuple[str, str], list[Record]]]) -> Iterator[Group]:
        for (outcome, title), records in ordered:
            failures = _merged(records)
            examples = self._examples(failures)
            taken = {id(example.failure) for example in examples}
            rest = [failure for failure in failures if id(failure) not in taken]
            others = rest[: self._listed]
            self._listed -= len(others)
            yield Group(
                title=title,
                clause=self._results.clauses.get(records[0].clause),
                outcome=outcome,
                counts=tuple(Counter(record.target for record in records).items()),
                examples=tuple(examples),
                others=tuple(others),
                left_out=len(rest) - len(others),
            )

    def _examples(self, failures: list[Failure]) -> list[Example]:
        """One of each of the most frequent ways in which the clause was broken."""
        often = Counter((failure.line, failure.says) for failure in failures)
        room = min(self._transcripts, TRANSCRIPTS_OF_A_CLAUSE)
        ways = [way for way, _ in often.most_common(room)]
        self._transcripts -= len(ways)
        first = {(failure.line, failure.says): failure for failure in reversed(failures)}
        return [self._example(first[way]) for way in ways]

    def _example(self, failure: Failure) -> Example:
        cell = failure.cell
        scenario, facts = scenario_of(cell, self._results), facts_of(cell, self._results)
        rows = transcript(cell, self._results)
        wrong = next((number for number, row in enumerate(rows) if row.wrong), 0)
        begin = max(0, wrong - 2 * _AROUND)
        shown = rows[begin : wrong + _AROUND + 1]
        told = [show_system(facts)] if facts else []
        return Example(
            failure=failure,
            place=f"{scenario.path}:{cell.line or scenario.number}" if scenario.path else cell.scenario,
            about=scenario.about,
            rows=shown,
            before=begin,
            after=len(rows) - begin - len(shown),
            reason=_reason(cell, told=any(row.wrong and row.answer is not None for row in rows)),
            system="; ".join([*told, cell.privilege]),
            tells=not any(
                row.wrong and (row.expected, row.answer) == (f"= {cell.expected}", cell.seen) for row in rows
            ),
            commands=tuple(ways_on(cell, scenario, self._results.header.suites)),
        )


def _reason(cell: Record, *, told: bool) -> str:
    """Why a cell failed where its transcript does not say it (``told``), and how often if it is unstable."""
    if told:
        return f"{UNSTABLE}{cell.unstable}" if cell.unstable else ""
    return shortened(cell.reason)


def _merged(records: Iterable[Record]) -> list[Failure]:
    """The cells, those that failed on several targets in one way as one."""
    targets: dict[tuple[object, ...], list[str]] = defaultdict(list)
    first: dict[tuple[object, ...], Record] = {}
    for record in records:
        key = (record.id, record.wrong, record.expected, record.seen, record.reason)
        first.setdefault(key, record)
        targets[key].append(record.target)
    return [_failure(cell, targets[key]) for key, cell in first.items()]


def _failure(cell: Record, targets: list[str]) -> Failure:
    wrong = -1 if cell.wrong is None else cell.wrong
    line = shortened(cell.steps[wrong][0]) if 0 <= wrong < len(cell.steps) else ""
    return Failure(cell, tuple(targets), line, finding(cell))


def finding(cell: Record) -> str:
    """What was expected and what was seen; where there is no such pair, the reason."""
    if cell.wrong is None or not cell.expected:
        return shortened(cell.reason.split("\n")[0])
    return f"{shortened(cell.expected)} expected, {shortened(cell.seen)} seen"
