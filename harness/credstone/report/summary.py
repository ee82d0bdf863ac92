"""The end of a run: the counts, what failed, what is known, what is unsupported and why, what was chosen.

Cells that were not begun are counted here, and their reasons are said by ``untested``.

With several targets each thing is said once, with the targets that it holds for; their counts stand in a table of their own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from credstone.report.choices import show_choices
from credstone.report.reasons import group
from credstone.report.targets import who
from credstone.results.record import Record
from credstone.text.plural import counted
from credstone.text.wrap import WIDTH, fitted, short, short_lines
from credstone.words.verdict import BROKEN, DEVIATION, FAIL, OUTCOMES, UNSUPPORTED, VERDICTS

_MOST = 12
"""How many reasons are told of several targets; of one all are."""


class _Row(msgspec.Struct, frozen=True):
    """What holds for some cells: how many of each target, what there is to say, and what else."""

    label: str
    cells: Counter[str]
    text: str
    more: str = ""

    @property
    def number(self) -> str:
        """How many cells of a target: of that with the fewest, and of that with the most."""
        least, most = min(self.cells.values()), max(self.cells.values())
        return str(most) if least == most else f"{least}-{most}"


def show_summary(records: Iterable[Record]) -> Iterator[str]:
    """The counts of a target that is alone, then what else deserves a look."""
    cells = list(records)
    targets = list(dict.fromkeys(cell.target for cell in cells))
    if len(targets) == 1:
        counts = Counter(cell.outcome for cell in cells)
        shown = [each for each in OUTCOMES if each in VERDICTS or counts[each]]
        told = ", ".join(f"{counts[each]} {each}{_unstable(cells) if each == FAIL else ''}" for each in shown)
        yield from fitted(f"{targets[0]}: {counted(len(cells))}, {told}")
    yield from _show(
        [
            *_failures(cell for cell in cells if cell.outcome == FAIL),
            *_deviations(cell for cell in cells if cell.outcome == DEVIATION),
            *_broken(cell for cell in cells if cell.verdict == BROKEN and not cell.not_run),
            *_unsupported([cell for cell in cells if cell.verdict == UNSUPPORTED], len(targets) > 1),
        ],
        targets,
    )
    yield from show_choices(cells)


def _show(rows: list[_Row], targets: list[str]) -> Iterator[str]:
    """Each row, with the targets that it is about where there are several: in its line if that has room."""
    width = max((len(row.number) for row in rows), default=0)
    for row in rows:
        begin = f"  {row.label:<11} {row.number:>{max(width, 4)}}  "
        under = " " * len(begin)
        lines = [*fitted(row.text, begin, under), *fitted(row.more, under, under)]
        on = f"on {who(row.cells, targets)}" if len(targets) > 1 and "" not in row.cells else ""
        if len(lines) == 1 and len(lines[0]) + len(on) + 3 <= WIDTH:
            yield f"{lines[0]}   {on}".rstrip()
        else:
            yield from (*lines, *fitted(on, under, under))


def _failures(cells: Iterable[Record]) -> Iterator[_Row]:
    """The clauses that were broken, or what is wrong with the deviations that are recorded."""
    found: dict[str, list[Record]] = defaultdict(list)
    for cell in cells:
        found[cell.deviation.says if cell.deviation else cell.clause or short_lines(cell.reason)].append(cell)
    for failure, alike in sorted(found.items(), key=lambda each: -len(each[1])):
        yield _Row(FAIL, Counter(cell.target for cell in alike), f"{failure}{_unstable(alike)}")


def _unstable(cells: Iterable[Record]) -> str:
    """How many of the failures came and went between the runs of one cell; empty if none did."""
    count = sum(bool(cell.unstable) for cell in cells)
    return f" ({count} unstable)" if count else ""


def _deviations(cells: Iterable[Record]) -> Iterator[_Row]:
    """The known deviations that showed: a fault with its reason, then what was seen at the clauses that it breaks."""
    on: dict[str, Counter[str]] = defaultdict(Counter)
    seen: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for cell in cells:
        if cell.deviation:
            on[cell.deviation.says][cell.target] += 1
            seen[cell.deviation.says][cell.clause][cell.seen] += 1
    for reason, count in sorted(on.items(), key=lambda each: -each[1].total()):
        by_value: dict[str, list[str]] = defaultdict(list)
        for clause, values in sorted(seen[reason].items(), key=lambda each: -each[1].total()):
            told = ", ".join(short(value) for value, _ in values.most_common(3)) + (", …" if len(values) > 3 else "")
            by_value[told].append(clause)
        yield _Row(DEVIATION, count, reason, "; ".join(f"{told} at {', '.join(at)}" for told, at in by_value.items()))


def _broken(cells: Iterable[Record]) -> Iterator[_Row]:
    for reason in group((cell.target, short_lines(cell.reason).split("\n")[0]) for cell in cells):
        yield _Row(BROKEN, reason.cells, reason.told)


def _unsupported(cells: list[Record], several: bool) -> Iterator[_Row]:
    """What the cells lack; one that lacks several things counts for each of them."""
    parts = [(cell.target, part.partition("\n")) for cell in cells for part in short_lines(cell.reason).split("; ")]
    lacks = [(target, reason) for target, (reason, _, _) in parts]
    hints = {reason: " ".join(hint.split()) for _, (reason, _, hint) in parts}
    found = group(lacks)
    shown = found[:_MOST] if several else found
    for reason in shown:
        yield _Row(UNSUPPORTED, reason.cells, reason.told, hints[reason.says])
    if left := found[len(shown) :]:
        most = max(count for reason in left for count in reason.cells.values())
        yield _Row(UNSUPPORTED, Counter({"": most}), f"or fewer, for each of {counted(len(left), 'more reason')}")
    if len(lacks) > len(cells):
        yield _Row(
            UNSUPPORTED, Counter({"": len(cells)}), "in all: a cell that lacks several things is counted for each"
        )
