"""What the targets chose where the pages leave it open, and which side of an erratum they took.

What is the same on all targets is said once, by the answer; what is not, with who gave which.  Targets differ in a clause only
where they answered differently in one and the same cell: a target that has fewer cells has fewer answers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from credstone.report.targets import who
from credstone.results.record import Record
from credstone.text.wrap import JOINED, fitted, short
from credstone.words.verdict import PASS

_UNDER = " " * 13
_MOST = 4
"""How many answers of a clause are told."""


class Taken(msgspec.Struct):
    """What was taken in one clause: how often by each target, and by which targets in each cell."""

    counts: dict[str, Counter[str]]
    cells: dict[str, dict[str, tuple[str, ...]]]

    @property
    def differs(self) -> bool:
        """Whether targets took something else in the same cell."""
        return any(len(set(by_target.values())) > 1 for by_target in self.cells.values())


def show_choices(records: Iterable[Record]) -> Iterator[str]:
    """The choices, then the errata."""
    told = list(records)
    yield from _show("chosen", "{} at", taken((record, record.choices) for record in told))
    yield from _show("errata", "as {} has it:", taken((record, record.errata) for record in told))


def taken(told: Iterable[tuple[Record, tuple[tuple[str, str], ...]]]) -> dict[str, Taken]:
    """What was taken, by clause; told are cells, each with its pairs of clause and answer."""
    found: dict[str, Taken] = defaultdict(lambda: Taken(defaultdict(Counter), defaultdict(dict)))
    for record, pairs in told:
        for clause, answer in pairs:
            found[clause].counts[record.target][answer] += 1
            if record.verdict == PASS:
                before = found[clause].cells[record.id].get(record.target, ())
                found[clause].cells[record.id][record.target] = (*before, answer)
    return found


def _show(label: str, words: str, taken: Mapping[str, Taken]) -> Iterator[str]:
    """``words`` is how the lines with an answer begin."""
    targets = list(dict.fromkeys(target for each in taken.values() for target in each.counts))
    alone = len(targets) == 1
    by_answer: dict[str, list[str]] = defaultdict(list)
    for clause, each in sorted(taken.items()):
        if each.differs:
            continue
        counts = sum(each.counts.values(), Counter[str]())
        if alone and len(counts) > 1:
            by_answer[_told(counts, counted=True)].append(clause)
        else:
            by_answer[_told(counts)].append(f"{clause}{JOINED}({counts.total()})" if alone else clause)
    for answer, clauses in sorted(by_answer.items(), key=lambda item: -len(item[1])):
        yield from fitted(f"{words.format(answer)} {', '.join(clauses)}", f"  {label:<11}", _UNDER)
    for clause, each in sorted(taken.items()):
        if each.differs:
            sides: dict[str, list[str]] = defaultdict(list)
            for target, counts in each.counts.items():
                sides[_told(counts)].append(target)
            told = [f"{words.format(answer).removesuffix(' at')} {on}" for answer, on in _on(sides, targets)]
            yield from fitted(f"{clause}: {'; '.join(told)}", f"  {label:<11}", _UNDER)


def _on(sides: Mapping[str, list[str]], targets: list[str]) -> Iterator[tuple[str, str]]:
    """The answers with who gave them; those who are most are the others."""
    by_number = sorted(sides.items(), key=lambda side: len(side[1]))
    for answer, on in by_number:
        most = on is by_number[-1][1] and len(on) > 2
        yield answer, "on the others" if most else f"on {who(on, targets)}"


def _told(counts: Counter[str], *, counted: bool = False) -> str:
    most = [
        f"{short(answer)}{JOINED}({count})" if counted else short(answer) for answer, count in counts.most_common(_MOST)
    ]
    return ", ".join(most) + (", …" if len(counts) > _MOST else "")
