"""The matrix: what became of each page on each target."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

import msgspec

from credstone.report.html.marks import ordered
from credstone.report.targets import short_names
from credstone.results.record import Record


class Square(msgspec.Struct, frozen=True):
    """One page on one target; ``counts`` are by outcome, the worst first, and empty where no cell ran."""

    page: str
    target: str
    counts: dict[str, int]


class Matrix(msgspec.Struct, frozen=True):
    """``targets`` have the names by which the columns are called; ``rows`` are the pages with a square for each target."""

    targets: dict[str, str]
    rows: tuple[tuple[str, tuple[Square, ...]], ...]


def matrix_of(records: Iterable[Record], targets: Iterable[str]) -> Matrix:
    """The matrix, its pages by name, its targets in the order in which they were asked for."""
    columns = short_names(targets)
    counts: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for record in records:
        counts[record.page][record.target][record.outcome] += 1
    rows = (
        (page, tuple(Square(page, target, ordered(by_target[target])) for target in columns))
        for page, by_target in sorted(counts.items())
    )
    return Matrix(columns, tuple(rows))
