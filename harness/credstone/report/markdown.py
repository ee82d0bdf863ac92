"""Markdown for the summary of a CI job: about a screen, and what is longer is folded.

A run that was held against a baseline begins with what changed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from credstone.report.diff.markdown import changed_lines
from credstone.report.differences import compare
from credstone.report.failure import failure_in, in_short, show_system
from credstone.report.gaps import faults
from credstone.report.markdown_text import code, fenced
from credstone.report.reasons import kind_of
from credstone.report.targets import who
from credstone.report.truncation import cut_off
from credstone.results.by_target import of_target
from credstone.results.diff import Changes
from credstone.results.file import Results
from credstone.results.record import Record
from credstone.text.plural import counted
from credstone.words.cell import NATIVE
from credstone.words.verdict import BROKEN, FAIL, OUTCOMES, PASS

_SHOWN = 5
"""How many failures are shown, each of another kind."""


def render_markdown(results: Results, changes: Changes | None = None) -> str:
    """The results as Markdown, in GitHub's dialect; with ``changes`` what changed since the baseline stands first."""
    counts = _counts(results)
    heading = (
        [*changed_lines(changes), "", f"**This run**: {counts}"]
        if changes
        else [f"### {_sign(results)} Credstone: {counts}"]
    )
    lines = [*heading, *_warning(results), "", *_table(results)]
    lines += ["", *_differences(results)] if len({record.target for record in results.records}) > 1 else []
    lines += _failures(results)
    return "\n".join(lines) + "\n"


def _counts(results: Results) -> str:
    """How many cells came to what, the bad news first."""
    counts = Counter(record.outcome for record in results.records)
    unstable = sum(bool(record.unstable) for record in results.records)
    worst_first = sorted(OUTCOMES, key=lambda outcome: outcome not in (FAIL, BROKEN))
    more = {FAIL: f" ({unstable} unstable)"} if unstable else {}
    told = (f"{counts[outcome]} {outcome}{more.get(outcome, '')}" for outcome in worst_first if counts[outcome])
    return ", ".join(told) or "no cells"


def _sign(results: Results) -> str:
    if any(record.outcome in (FAIL, BROKEN) for record in results.records):
        return "❌"
    return "⚠️" if cut_off(results) or not results.records or faults(results) else "✅"


def _warning(results: Results) -> Iterator[str]:
    if why := cut_off(results):
        yield ""
        yield f"⚠️ {why[0].upper()}{why[1:]}."
    for fault in faults(results):
        yield ""
        yield f"⚠️ {code(fault.what)} {code(fault.hint)}"


def _table(results: Results) -> Iterator[str]:
    """The counts of each target, and what it is."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for record in results.records:
        counts[record.target][record.outcome] += 1
    if not counts:
        return
    columns = [each for each in OUTCOMES if each in (PASS, FAIL) or any(count[each] for count in counts.values())]
    yield f"| target | system | cells | {' | '.join(columns)} |"
    yield f"| --- | --- | ---: |{' ---: |' * len(columns)}"
    for target, count in counts.items():
        numbers = " | ".join(str(count[column] or "") for column in columns)
        yield f"| {code(target)} | {_system(results, target)} | {count.total()} | {numbers} |"


def _system(results: Results, target: str) -> str:
    agents = of_target(results.header.facts, target)
    found = agents.get(NATIVE) or next(iter(agents.values()), None)
    return code(show_system(found, file=True), limit=2000) if found else ""


def _differences(results: Results) -> Iterator[str]:
    compared = compare(results.records, results.header.facts)
    clauses = Counter(each.clause for each in compared.differences)
    told = [f"{code(clause)} ({count})" for clause, count in clauses.most_common(_SHOWN)]
    told += ["…"] if len(clauses) > _SHOWN else []
    differ = (
        f"The targets differ in {len(compared.differences)} of {counted(compared.cells)} that ran on several of them"
    )
    yield f"{differ}: {', '.join(told)}" if told else f"{differ}."


def _failures(results: Results) -> Iterator[str]:
    """One failure of each kind, the most frequent kinds first, and how many are left."""
    kinds = _kinds(results)
    targets = list(dict.fromkeys(record.target for record in results.records))
    for kind, cells in kinds[:_SHOWN]:
        first, on = cells[0], dict.fromkeys(cell.target for cell in cells)
        number = "" if len(cells) == 1 else f"{len(cells)} cells, the first: "
        where = f" on {code(who(on, targets))}" if len(targets) > 1 else ""
        yield ""
        yield f"<details><summary>{code(kind)}{where}: {number}{code(in_short(first))}</summary>"
        yield ""
        yield from fenced(failure_in(results, first))
        yield ""
        yield "</details>"
    shown = min(len(kinds), _SHOWN)
    if more := sum(len(cells) for _, cells in kinds) - shown:
        others = f", those of {len(kinds) - shown} other kinds among them" if len(kinds) > shown else ""
        yield ""
        yield f"{more} more{others}: the results file has them all."


def _kinds(results: Results) -> list[tuple[str, list[Record]]]:
    """What failed, by the clause that was broken or what is wrong with a deviation, then what broke, by its cause."""
    failed: dict[str, list[Record]] = defaultdict(list)
    broken: dict[str, list[Record]] = defaultdict(list)
    for record in results.records:
        if record.outcome == FAIL:
            failed[record.deviation.says if record.deviation else record.clause or in_short(record)].append(record)
        elif record.outcome == BROKEN and not record.not_run:
            broken[kind_of(record.target, in_short(record))].append(record)
    found = [*failed.items(), *((f"{BROKEN}: {in_short(cells[0])}", cells) for cells in broken.values())]
    return sorted(found, key=lambda kind: (kind[1][0].outcome == BROKEN, -len(kind[1])))
