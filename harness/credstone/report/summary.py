"""The end of a run: what was tested, the counts, what is unsupported and why, what the targets chose, which side
of an erratum they took.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from credstone.report.failure import show_system
from credstone.results.record import Record
from credstone.words.facts import Facts
from credstone.words.verdict import BROKEN, DEVIATION, FAIL, OUTCOMES, UNSUPPORTED, VERDICTS


def show_facts(facts: dict[str, Facts], unreachable: dict[str, str]) -> Iterator[str]:
    """One line for each agent of each target."""
    for key, found in facts.items():
        own = found.credential
        yield f"{key}: {show_system(found)}; run as uid {own.uid.effective}, gid {own.gid.effective}"
    for key, reason in unreachable.items():
        yield f"{key}: {reason}"
    shared = {(found.engine, found.kernel) for found in facts.values() if found.engine}
    for engine, kernel in sorted(shared):
        yield f"kernel {kernel} is that of the machine on which {engine} runs: an image changes the C library,"
        yield "  Python and the ABI, its runtime the capabilities, the seccomp filter and the namespaces"


def show_summary(records: Iterable[Record]) -> Iterator[str]:
    """The counts by target, then what else deserves a look."""
    by_target: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        by_target[record.target].append(record)
    for target, cells in by_target.items():
        yield from _of_target(target, cells)


def _failure(cell: Record) -> str:
    """The clause that a cell broke, or what is wrong with the deviation that is recorded for it."""
    return cell.deviation.says if cell.deviation else cell.clause


def _deviations(cells: list[Record]) -> Iterator[str]:
    """The known deviations that showed, one line for each clause that a fault breaks."""
    seen: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for cell in cells:
        if cell.deviation:
            seen[cell.clause, cell.deviation.name, cell.deviation.says][cell.seen] += 1
    for (clause, _, reason), values in sorted(seen.items(), key=lambda each: -each[1].total()):
        told = ", ".join(value for value, _ in values.most_common(3)) + (", …" if len(values) > 3 else "")
        yield f"  {DEVIATION} {values.total():>4}  {clause}: {told} seen: {reason}"


def _of_target(target: str, cells: list[Record]) -> Iterator[str]:
    counts = Counter(cell.outcome for cell in cells)
    shown = [each for each in OUTCOMES if each in VERDICTS or counts[each]]
    yield f"{target}: {len(cells)} cells, " + ", ".join(f"{counts[each]} {each}" for each in shown)
    failed = Counter(_failure(cell) for cell in cells if cell.outcome == FAIL)
    for failure, count in failed.most_common():
        yield f"  {FAIL} {count:>4}  {failure}"
    yield from _deviations([cell for cell in cells if cell.outcome == DEVIATION])
    for verdict in (BROKEN, UNSUPPORTED):
        reasons = Counter(cell.reason.split("\n")[0] for cell in cells if cell.verdict == verdict)
        for reason, count in reasons.most_common():
            yield f"  {verdict} {count:>4}  {reason}"
    choices: dict[str, Counter[str]] = defaultdict(Counter)
    for cell in cells:
        for clause, answer in cell.choices:
            choices[clause][answer] += 1
    for clause, answers in sorted(choices.items()):
        told = ", ".join(f"{answer} ({count})" for answer, count in answers.most_common(4))
        yield f"  chosen     {clause}: {told}"
    sides = Counter(erratum for cell in cells for erratum in cell.errata)
    for (clause, side), count in sorted(sides.items()):
        yield f"  erratum    {clause}: as {side} has it ({count})"
