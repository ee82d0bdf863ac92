"""What changed between two runs, as Markdown for the summary of a CI job: what is to be acted on first, the rest folded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from credstone.report.diff.cell import transcript
from credstone.report.diff.missing import count_lost, reasons_lost, show_absent
from credstone.report.diff.terminal import (
    by_clause,
    reason_of,
    show_counts,
    show_facts_changed,
    show_rules,
    show_unexplained,
)
from credstone.report.markdown_text import code, fenced
from credstone.results.completeness import lacking
from credstone.results.diff import ANSWER, FIX, NOT_REACHED, REGRESSION, VERDICT, CellChange, Changes
from credstone.results.diff.cells import standing
from credstone.results.file import Results
from credstone.text.plural import counted

_SHOWN = 10
"""How many clauses, or reasons, of a kind are shown."""


def changes_markdown(changes: Changes) -> str:
    """The whole text, in GitHub's dialect."""
    return "\n".join(changed_lines(changes)) + "\n"


def changed_lines(changes: Changes) -> list[str]:
    """Its lines."""
    lines = [*_heading(changes), *_facts(changes)]
    for heading, kind in (("Regressions", REGRESSION), ("Fixes", FIX), ("Changed answers", ANSWER)):
        lines += _by_clause(heading, changes, kind)
        if kind == REGRESSION:
            lines += _lost(changes.lost)
    return [*lines, *_verdicts(changes.of(VERDICT)), *_not_reached(changes)]


def _heading(changes: Changes) -> Iterator[str]:
    count = len(changes.regressions)
    sign = "❌" if changes.worse else "✅"
    told = "no regressions" if not count else "1 regression" if count == 1 else f"{count} regressions"
    told += f", {counted(len(changes.lost))} lost" if changes.lost else ""
    yield f"### {sign} Credstone: {told}"
    yield ""
    yield f"From {_run(changes.old)} to {_run(changes.new)}: {show_counts(changes)}."
    for label, run in (("old", changes.old), ("new", changes.new)):
        for what in lacking(run):
            yield ""
            yield f"⚠️ The {label} run {code(what)}."
    if not changes.same_suite:
        yield ""
        yield f"The suites differ: {counted(changes.left_out)} left out, of {counted(len(changes.scenarios), 'scenario')} that changed."


def _run(run: Results) -> str:
    return code(run.path or "this run") + f" ({run.header.started})"


def _facts(changes: Changes) -> Iterator[str]:
    facts = list(show_facts_changed(changes))
    if facts:
        yield ""
        yield "**Facts**"
        yield ""
        for fact in facts:
            yield f"- {code(fact)}"
    if changes.rules:
        yield ""
        yield "**Rules of the kernel**"
        yield ""
        for rule in show_rules(changes):
            yield f"- {code(rule)}"


def _by_clause(heading: str, changes: Changes, kind: str) -> Iterator[str]:
    """The clauses with the most cells first, each with one transcript."""
    found, opened = changes.of(kind), kind == REGRESSION
    if not found:
        return
    yield ""
    yield f"**{heading}**: {counted(len(found))}{show_unexplained(changes, found)}"
    ordered = by_clause(found)
    for clause, alike in ordered[:_SHOWN]:
        first = alike[0]
        yield ""
        yield f"<details{' open' if opened and len(ordered) == 1 else ''}><summary>{code(clause)}: {counted(len(alike))}</summary>"
        yield ""
        yield f"{code(first.id)} on {code(first.target)}"
        yield ""
        yield from fenced("\n".join(line[4:] for line in transcript(first)))
        yield ""
        yield "</details>"
    if len(ordered) > _SHOWN:
        yield ""
        yield f"And {len(ordered) - _SHOWN} more clauses."


def _lost(found: Sequence[CellChange]) -> Iterator[str]:
    """A line for each of the most frequent reasons."""
    if not found:
        return
    yield ""
    yield f"**Lost**: {count_lost(found)}"
    yield ""
    reasons = reasons_lost(found)
    for each in reasons[:_SHOWN]:
        yield f"- {counted(each.cells.total())}: {code(each.told)}"
    if len(reasons) > _SHOWN:
        yield f"- and {len(reasons) - _SHOWN} more reasons"


def _not_reached(changes: Changes) -> Iterator[str]:
    """The cells that one of the runs did not come to."""
    for label, other, found in (("new", "old", changes.appeared), ("vanished", "new", changes.vanished)):
        for why, count in Counter(why for _, why in found if why in NOT_REACHED).items():
            yield ""
            yield f"⚠️ {show_absent(label, other, why, count)}."


def _verdicts(found: Sequence[CellChange]) -> Iterator[str]:
    if not found:
        return
    yield ""
    yield f"**Changed verdicts**: {counted(len(found))}"
    yield ""
    kinds = Counter((standing(change.before), standing(change.after), reason_of(change)) for change in found)
    for (was, now, reason), count in kinds.most_common(_SHOWN):
        yield f"- {counted(count)} {was} → {now}: {code(reason)}"
    if len(kinds) > _SHOWN:
        yield f"- and {len(kinds) - _SHOWN} more reasons"
