"""What changed between two runs, as a person reads it: facts, then regressions, fixes, and what changed otherwise."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from credstone.report.diff.cell import show_change
from credstone.report.diff.missing import show_alone, show_lost
from credstone.report.targets import short_names
from credstone.results.completeness import lacking
from credstone.results.diff import ANSWER, FIX, LOST, REGRESSION, VERDICT, CellChange, Changes, rule_of
from credstone.results.diff.cells import UNSTEADY, standing
from credstone.text.plural import counted
from credstone.text.wrap import fitted, short, short_lines
from credstone.words.verdict import DEVIATION, FAIL

_MOST = 20
_INDENT = " " * 5
_HEADINGS = {REGRESSION: "regressions", FIX: "fixes", ANSWER: "changed answers"}


def show_changes(changes: Changes) -> Iterator[str]:
    """The whole report; its last line has the counts."""
    names = short_names(new for _, new in changes.pairs)
    yield from show_premises(changes)
    for kind, heading in _HEADINGS.items():
        found = changes.of(kind)
        if found:
            yield ""
            yield f"{heading}: {counted(len(found))}{show_unexplained(changes, found)}"
            yield from _by_clause(found, names)
        if kind == REGRESSION:
            yield from show_lost(changes.lost)
    yield from _verdicts(changes.of(VERDICT))
    yield from show_alone("new", "old", changes.appeared)
    yield from show_alone("vanished", "new", changes.vanished)
    yield ""
    yield from fitted(show_counts(changes))


def show_premises(changes: Changes) -> Iterator[str]:
    """What was compared with what, what of it was left out and why, and the facts that changed."""
    for label, run in (("old", changes.old), ("new", changes.new)):
        yield from fitted(f"{label}  {run.path or 'this run'}, of {run.header.started}", hanging=_INDENT)
        for what in lacking(run):
            yield from fitted(f"the {label} run {what}", _INDENT)
    pairs = ", ".join(ours if ours == theirs else f"{ours} -> {theirs}" for ours, theirs in changes.pairs)
    yield from fitted(f"of  {pairs}", hanging=_INDENT)
    for label, targets in (("old", changes.only_old), ("new", changes.only_new)):
        if targets:
            yield from fitted(f"in the {label} run alone: {', '.join(targets)}", _INDENT)
    yield from _suites(changes)
    facts = list(show_facts_changed(changes))
    if facts:
        yield ""
        yield "facts"
        for line in facts:
            yield from fitted(line, "  ")
    if changes.rules:
        yield ""
        yield "rules of the kernel"
        for line in show_rules(changes):
            yield from fitted(line, "  ")


def _suites(changes: Changes) -> Iterator[str]:
    if changes.same_suite:
        return
    said = "the suites differ: cells are compared whose scenario is the same in both"
    yield from fitted(f"{said}; {counted(changes.left_out)} left out" if changes.left_out else said, _INDENT)
    for kind, found in (("scenarios", changes.scenarios), ("actors", changes.actors)):
        if found:
            more = f", and {len(found) - _MOST} more" if len(found) > _MOST else ""
            yield from fitted(f"{kind} that changed: {', '.join(found[:_MOST])}{more}", _INDENT)


def show_facts_changed(changes: Changes) -> Iterator[str]:
    """A line for each fact that changed, with the targets of which it is one: what is so on all of them is said once."""
    where: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    names = short_names(new for _, new in changes.pairs)
    for change in changes.facts:
        agents = f" ({', '.join(change.agents)})" if change.agents else ""
        place = f"{names[change.target]}{agents}" if change.target else ""
        where[change.fact, change.before, change.after].append(place)
    for (fact, before, after), places in where.items():
        everywhere = places in ([""], [names[new] for _, new in changes.pairs])
        yield f"{fact}: {short(before)} -> {short(after)}" + ("" if everywhere else f"   [{', '.join(places)}]")


def show_rules(changes: Changes) -> Iterator[str]:
    """A line for each rule of the kernel that one of the runs has, with the clauses that it changes."""
    names = short_names(new for _, new in changes.pairs)
    where: dict[tuple[str, str, tuple[str, ...], bool], list[str]] = defaultdict(list)
    for rule in changes.rules:
        where[rule.what, rule.since, rule.clauses, rule.came].append(names[rule.target])
    for (what, since, clauses, came), places in where.items():
        gone = "" if came else "no longer: "
        everywhere = places == [names[new] for _, new in changes.pairs]
        about = f": {', '.join(clauses)}" if clauses else ""
        yield f"{gone}{what}, since {since}{about}" + ("" if everywhere else f"   [{', '.join(places)}]")


def show_unexplained(changes: Changes, found: Sequence[CellChange]) -> str:
    """How many answers changed by none of these rules; nothing where no rule did."""
    others = sum(rule_of(change, changes.rules) is None for change in found)
    if not changes.rules:
        return ""
    those = "these rules" if len({rule.what for rule in changes.rules}) > 1 else "this rule"
    return f", {others} of them not by {those}" if others else f", all of them by {those}"


def by_clause(found: Iterable[CellChange]) -> list[tuple[str, list[CellChange]]]:
    """The cells that changed, by clause, those with the most cells first."""
    clauses: dict[str, list[CellChange]] = defaultdict(list)
    for change in found:
        clauses[change.clause].append(change)
    return sorted(clauses.items(), key=lambda each: (-len(each[1]), each[0]))


def _by_clause(found: Iterable[CellChange], names: dict[str, str]) -> Iterator[str]:
    """The clauses with the most cells first, each with one example."""
    for clause, alike in by_clause(found):
        yield ""
        yield from fitted(f"{clause}  {counted(len(alike))}{_where(alike, names)}")
        yield from show_change(alike[0], names[alike[0].target] if len(names) > 1 else "", len(alike) - 1)


def _where(alike: Sequence[CellChange], names: dict[str, str]) -> str:
    """On which targets how many cells changed, where there are several."""
    if len(names) == 1:
        return ""
    counts = Counter(names[change.target] for change in alike)
    if len(counts) == 1:
        return f" on {next(iter(counts))}"
    return ": " + ", ".join(f"{count} on {name}" for name, count in counts.most_common())


def _verdicts(found: Sequence[CellChange]) -> Iterator[str]:
    """What changed its verdict and is neither worse nor better: by the old and the new one, with the reasons."""
    if not found:
        return
    yield ""
    yield f"changed verdicts: {counted(len(found))}"
    kinds: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    examples: dict[tuple[str, str, str], str] = {}
    for change in found:
        was, now, reason = standing(change.before), standing(change.after), reason_of(change)
        kinds[was, now][reason] += 1
        examples.setdefault((was, now, reason), change.id)
    for (was, now), reasons in sorted(kinds.items(), key=lambda each: -each[1].total()):
        yield f"  {was} -> {now}"
        for reason, count in reasons.most_common():
            example = f", such as {examples[was, now, reason]}" if now in (FAIL, DEVIATION, UNSTEADY) else ""
            yield from fitted(f"{count:>4}  {reason}{example}", "    ", " " * 10)


def reason_of(change: CellChange) -> str:
    """Why a verdict is another one: what is said of the cell now, or was said before it could be judged."""
    for record in (change.after, change.before):
        if record.deviation is not None:
            return f"{record.clause}: {record.deviation.says}" if record.clause else record.deviation.says
        if record.clause or record.reason:
            return record.clause or short_lines(record.reason).split("\n")[0]
    return change.clause


def show_counts(changes: Changes) -> str:
    """The last line: how much there is of everything."""
    counts = changes.counts()
    named = (
        (counts["facts"], "changed fact", "changed facts"),
        (counts[REGRESSION], "regression", "regressions"),
        *([(counts[LOST], "lost cell", "lost cells")] if counts[LOST] else []),
        (counts[FIX], "fix", "fixes"),
        (counts[ANSWER], "changed answer", "changed answers"),
        (counts[VERDICT], "changed verdict", "changed verdicts"),
        (counts["new"], "new cell", "new cells"),
        (counts["vanished"], "vanished", "vanished"),
        *([(counts["cut off"], "not compared", "not compared")] if counts["cut off"] else []),
        (counts["compared"], "cell compared", "cells compared"),
    )
    return ", ".join(f"{count} {one if count == 1 else many}" for count, one, many in named)
