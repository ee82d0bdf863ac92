"""The sections below the matrix, from the records: deviations, sides of errata, choices, what was unsupported and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from credstone.report.choices import Taken, taken
from credstone.report.differences import Compared, Difference, grouped
from credstone.report.html.transcript import shortened
from credstone.report.reasons import group, kind_of
from credstone.results.record import ClauseLine, Record
from credstone.words.verdict import KNOWN, UNSUPPORTED, Deviated

_MOST = 4
"""How many of the answers that a target chose are named."""
KINDS_OF_A_CLAUSE = 8
KINDS = 200
"""How many kinds of differences are shown at most, each with a cell as an example."""


class Way(msgspec.Struct, frozen=True):
    """A clause that a deviation breaks: what was seen, the most frequent first, and in how many cells of each target."""

    clause: str
    seen: tuple[str, ...]
    counts: dict[str, int]


class Deviating(msgspec.Struct, frozen=True):
    """A deviation that is recorded of targets, and the ways in which it shows or should have shown."""

    name: str
    state: str
    says: str
    link: str
    ways: tuple[Way, ...]


class Chosen(msgspec.Struct, frozen=True):
    """A clause that leaves something open, and what each target took; ``differs`` where they did not agree on a cell."""

    clause: str
    line: ClauseLine | None
    by_target: dict[str, list[tuple[str, int]]]
    differs: bool


class Differing(msgspec.Struct, frozen=True):
    """What differs about a clause: differences of one kind stand together, ``left_out`` counts the kinds without room."""

    clause: str
    kinds: tuple[list[Difference], ...]
    left_out: int


class Why(msgspec.Struct, frozen=True):
    """A reason for which cells cannot apply, with how many others are like it; ``words`` find them all."""

    told: str
    words: str
    counts: dict[str, int]


def differing_of(compared: Compared) -> tuple[Differing, ...]:
    """What differs between targets, the clauses with the most cells first."""
    room = KINDS
    found = []
    for clause, kinds in grouped(compared):
        shown = kinds[: min(room, KINDS_OF_A_CLAUSE)]
        room -= len(shown)
        found.append(Differing(clause, tuple(shown), len(kinds) - len(shown)))
    return tuple(found)


def deviations_of(records: Iterable[Record]) -> tuple[Deviating, ...]:
    """Every recorded deviation that says something of a cell, those that need a person first."""
    found: dict[Deviated, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        if record.deviation is not None:
            found[record.deviation][record.clause].append(record)
    ordered = sorted(found.items(), key=lambda each: (each[0].state == KNOWN, -sum(map(len, each[1].values()))))
    return tuple(
        Deviating(known.name, known.state, known.says, known.link, tuple(_ways(by_clause)))
        for known, by_clause in ordered
    )


def _ways(by_clause: Mapping[str, list[Record]]) -> Iterator[Way]:
    for clause, records in sorted(by_clause.items(), key=lambda each: -len(each[1])):
        seen = Counter(shortened(record.seen) for record in records if record.seen)
        counts = Counter(record.target for record in records)
        yield Way(clause, tuple(value for value, _ in seen.most_common(_MOST)), dict(counts))


def errata_of(records: Iterable[Record], clauses: Mapping[str, ClauseLine]) -> tuple[Chosen, ...]:
    """The clauses about which page and Linux contradict each other, with the side that each target took."""
    return _chosen(taken((record, record.errata) for record in records), clauses)


def choices_of(records: Iterable[Record], clauses: Mapping[str, ClauseLine]) -> tuple[Chosen, ...]:
    """The clauses that leave alternatives, with those that each target took."""
    return _chosen(taken((record, record.choices) for record in records), clauses)


def _chosen(found: Mapping[str, Taken], clauses: Mapping[str, ClauseLine]) -> tuple[Chosen, ...]:
    """The clauses in which targets differ first."""
    each = (
        Chosen(
            clause,
            clauses.get(clause),
            {target: [(shortened(answer), count) for answer, count in answers.most_common(_MOST)]
             for target, answers in its.counts.items()},
            its.differs,
        )
        for clause, its in sorted(found.items())
    )  # fmt: skip
    return tuple(sorted(each, key=lambda chosen: not chosen.differs))


def unsupported_of(records: Iterable[Record]) -> tuple[Why, ...]:
    """Why cells were unsupported, the most frequent reason first."""
    unsupported = [(record.target, record.reason) for record in records if record.verdict == UNSUPPORTED]
    return tuple(
        Why(
            told=shortened(reason.told),
            words=" ".join(kind_of(next(iter(reason.cells)), reason.says).replace("*", " ").split()),
            counts=dict(reason.cells),
        )
        for reason in group(unsupported)
    )
