"""The end of a run: what was tested, the counts, what is unsupported and why, what the targets chose, which side
of an erratum they took.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from credstone.report.failure import show_system
from credstone.results.record import Record
from credstone.words.facts import Facts
from credstone.words.verdict import BROKEN, FAIL, UNSUPPORTED, VERDICTS


def show_facts(facts: dict[str, Facts], unreachable: dict[str, str]) -> Iterator[str]:
    """One line for each agent of each target."""
    for key, found in facts.items():
        own = found.credential
        yield f"{key}: {show_system(found)}; run as uid {own.uid.effective}, gid {own.gid.effective}"
    for key, reason in unreachable.items():
        yield f"{key}: {reason}"


def show_summary(records: Iterable[Record]) -> Iterator[str]:
    """The counts by target, then what else deserves a look."""
    by_target: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        by_target[record.target].append(record)
    for target, cells in by_target.items():
        yield from _of_target(target, cells)


def _of_target(target: str, cells: list[Record]) -> Iterator[str]:
    counts = Counter(cell.verdict for cell in cells)
    yield f"{target}: {len(cells)} cells, " + ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS)
    clauses = Counter(cell.clause for cell in cells if cell.verdict == FAIL)
    for clause, count in clauses.most_common():
        yield f"  {FAIL} {count:>4}  {clause}"
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
