"""In what the targets of a run differ: the same cell, another answer.

Made from the lines of a results file alone.  Cells are compared where at least two targets were judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from credstone.report.cell_id import show_id
from credstone.report.targets import short_names
from credstone.results.answers import first_apart, shared_capabilities
from credstone.results.record import Record
from credstone.text.plural import counted
from credstone.text.wrap import WIDTH, fitted, short
from credstone.words.facts import Facts
from credstone.words.verdict import FAIL, PASS


class Difference(msgspec.Struct, frozen=True):
    """A cell in which targets differ.

    ``line`` is the first one in which they do; ``answers`` holds what was seen there, each with the targets that gave it.
    ``clause`` is the one that is at stake.
    """

    cell: str
    clause: str
    line: str
    answers: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def sides(self) -> frozenset[tuple[str, ...]]:
        """Which targets go together."""
        return frozenset(targets for _, targets in self.answers)


class Compared(msgspec.Struct, frozen=True):
    """What came of comparing: how many cells could be, those that differ, and those that ran on one target only.

    ``incomplete`` counts cells that were compared among some of the targets and not judged on others.
    """

    targets: tuple[str, ...]
    cells: int
    alone: int
    incomplete: int
    differences: tuple[Difference, ...]


def compare(records: Iterable[Record], facts: Mapping[str, Facts] | None = None) -> Compared:
    """Compares the targets, cell by cell.  ``facts`` are those of the header, by target and agent."""
    targets: dict[str, None] = {}
    judged: dict[str, dict[str, Record]] = defaultdict(dict)
    for record in records:
        targets[record.target] = None
        if record.verdict in (PASS, FAIL):
            judged[record.id][record.target] = record
    shared = shared_capabilities((facts or {}).values())
    both = {name: cells for name, cells in judged.items() if len(cells) > 1}
    found = (_difference(list(cells.values()), shared) for cells in both.values())
    return Compared(
        targets=tuple(targets),
        cells=len(both),
        alone=len(judged) - len(both),
        incomplete=sum(len(cells) < len(targets) for cells in both.values()),
        differences=tuple(difference for difference in found if difference),
    )


def _difference(records: list[Record], shared: int) -> Difference | None:
    """The first thing in which targets differ in a cell, with who gave which answer, if there is one."""
    apart = first_apart(records, shared)
    if apart is None:
        return None
    by_answer: dict[str, list[str]] = defaultdict(list)
    for record, answer in zip(records, apart.answers, strict=True):
        by_answer[answer].append(record.target)
    answers = tuple((answer, tuple(targets)) for answer, targets in by_answer.items())
    return Difference(records[0].id, apart.clause, apart.line, answers)


def show_differences(records: Iterable[Record], facts: Mapping[str, Facts] | None = None) -> Iterator[str]:
    """What differs, by clause, each with one cell as an example; nothing where there is only one target."""
    told = list(records)
    if len({record.target for record in told}) < 2:
        return
    compared = compare(told, facts)
    yield ""
    yield from fitted(show_count(compared))
    names = short_names(compared.targets)
    for clause, kinds in grouped(compared):
        yield ""
        yield f"{clause}  {counted(sum(map(len, kinds)))}"
        for alike in kinds:
            yield from _example(alike, clause, names)


def grouped(compared: Compared) -> Iterator[tuple[str, list[list[Difference]]]]:
    """What differs by clause, the most cells first: differences in the same call in which the same targets go together."""
    by_clause: dict[str, dict[tuple[frozenset[tuple[str, ...]], str], list[Difference]]] = defaultdict(dict)
    for each in compared.differences:
        call = each.line.partition("(")[0]
        by_clause[each.clause].setdefault((each.sides, call), []).append(each)
    for clause, kinds in sorted(by_clause.items(), key=lambda item: (-sum(map(len, item[1].values())), item[0])):
        yield clause, sorted(kinds.values(), key=len, reverse=True)


def show_count(compared: Compared) -> str:
    """How many cells differ, and how many could not be compared."""
    parts = [f"differences: {len(compared.differences)} of {counted(compared.cells)} that ran on several targets"]
    if compared.alone:
        parts.append(f"{compared.alone} ran on one target alone")
    if compared.incomplete:
        parts.append(f"{compared.incomplete} on some of them, and are unsupported or broken on others")
    return "; ".join(parts)


def _example(alike: list[Difference], clause: str, names: Mapping[str, str]) -> Iterator[str]:
    """One cell of several in which the same targets go together."""
    first = alike[0]
    if first.line != clause:
        yield from fitted(first.line, "  ")
    yield from _sides(first, names)
    more = f"   and {len(alike) - 1} more" if len(alike) > 1 else ""
    yield from show_id(first.cell, more, "    ")


def _sides(difference: Difference, names: Mapping[str, str]) -> Iterator[str]:
    """``musl-1.2.2, musl-1.2.3: -1 | others: 0``, in one line where it fits, else one for each answer."""
    most = max(difference.answers, key=lambda each: len(each[1]))
    told = []
    for answer, targets in sorted(difference.answers, key=lambda each: each == most):
        who = ", ".join(names[target] for target in targets)
        told.append(f"{'others' if (answer, targets) == most and len(targets) > 2 else who}: {short(answer)}")
    whole = " | ".join(told)
    if len(whole) + 4 <= WIDTH:
        yield f"    {whole}"
    else:
        for each in told:
            yield from fitted(each, "    ")
