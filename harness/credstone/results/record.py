"""The lines of a results file: a header, one record for each cell, a footer."""

from __future__ import annotations

import msgspec

from credstone.words.cell import Cell
from credstone.words.facts import Facts
from credstone.words.notation import show_answer, show_line
from credstone.words.verdict import Deviated, Verdict, outcome


class Header(msgspec.Struct, frozen=True, tag="header", tag_field="type"):
    """The first line: who ran what, on what, when.

    ``facts`` are keyed by target and API (``host:python``); ``unreachable`` says, with the same keys, which agent could
    not be had and why.  ``started`` is UTC, ISO 8601.
    """

    credstone: str
    started: str
    suite: str
    command: tuple[str, ...]
    spec: str
    facts: dict[str, Facts]
    unreachable: dict[str, str] = {}


class Record(msgspec.Struct, frozen=True, tag="cell", tag_field="type"):
    """One cell.

    ``steps`` are the lines that ran, each with its answer in the notation; ``wrong`` is the number of the first wrong
    one (from 0; -1: the set-up; null: none) with ``expected`` and ``seen``, and ``clause`` is the clause it broke.
    ``choices`` are clauses that leave alternatives, with the one that was taken; ``errata`` are clauses about which page
    and Linux contradict each other, with the side that was taken.  ``deviation`` is what is recorded of the target.
    """

    id: str
    scenario: str
    page: str
    clauses: tuple[str, ...]
    actor: str
    api: str
    target: str
    verdict: str
    reason: str = ""
    steps: tuple[tuple[str, str], ...] = ()
    wrong: int | None = None
    expected: str = ""
    seen: str = ""
    clause: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    errata: tuple[tuple[str, str], ...] = ()
    deviation: Deviated | None = None

    @property
    def outcome(self) -> str:
        """What a run counts it as: a known deviation is no fail, one that is gone is no pass."""
        return outcome(self.verdict, self.deviation)


class Footer(msgspec.Struct, frozen=True, tag="footer", tag_field="type"):
    """The last line: the counts of what the cells came to, and how long it took, in seconds.

    ``seconds_of`` says how much of that the cells of each target took.
    """

    counts: dict[str, int]
    seconds: float
    seconds_of: dict[str, float] = {}


def record_of(cell: Cell, verdict: Verdict) -> Record:
    """What the results file says of a cell."""
    steps = verdict.transcript.steps if verdict.transcript else ()
    finding = verdict.finding
    return Record(
        id=cell.id,
        scenario=cell.scenario.id,
        page=cell.scenario.page,
        clauses=cell.scenario.cites,
        actor=cell.actor.name,
        api=cell.api,
        target=cell.target,
        verdict=verdict.verdict,
        reason=verdict.reason,
        steps=tuple(
            (show_line(line), show_answer(step.answer, line.asked))
            for line, step in zip(cell.scenario.lines, steps, strict=False)
        ),
        wrong=finding.line if finding else None,
        expected=finding.expected if finding else "",
        seen=finding.seen if finding else "",
        clause=finding.clause if finding else "",
        choices=verdict.choices,
        errata=verdict.errata,
        deviation=verdict.deviation,
    )
