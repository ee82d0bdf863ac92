"""What changed between two runs, for programs: JSON lines, of the same words as the results file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from credstone.results.completeness import lacking
from credstone.results.diff import CellChange, Changes, RuleChange, rule_of
from credstone.results.file import Results
from credstone.results.record import Record


def changes_json(changes: Changes) -> Iterator[str]:
    """A line on the runs, a line for each fact, each rule of the kernel and each cell that changed, and a line with the counts."""
    for line in _lines(changes):
        yield msgspec.json.encode(line).decode()


def _lines(changes: Changes) -> Iterator[dict[str, Any]]:
    yield {
        "type": "runs",
        "old": _run(changes.old),
        "new": _run(changes.new),
        "targets": changes.pairs,
        "only_old": changes.only_old,
        "only_new": changes.only_new,
        "changed_scenarios": changes.scenarios,
        "changed_actors": changes.actors,
    }
    for fact in changes.facts:
        yield {"type": "fact", **msgspec.structs.asdict(fact)}
    for rule in changes.rules:
        yield {"type": "rule", **msgspec.structs.asdict(rule)}
    for change in changes.cells:
        yield _cell(change, rule_of(change, changes.rules))
    for kind, found in (("new", changes.appeared), ("vanished", changes.vanished)):
        for record, why in found:
            yield {"type": kind, "why": why.value, **_record(record)}
    yield {"type": "counts", **{name.replace(" ", "_"): count for name, count in changes.counts().items()}}


def _run(run: Results) -> dict[str, Any]:
    head = run.header
    return {
        "file": run.path,
        "started": head.started,
        "suite": head.suite,
        "credstone": head.credstone,
        "lacks": [*lacking(run)],
    }


def _cell(change: CellChange, rule: RuleChange | None) -> dict[str, Any]:
    return {
        "type": change.kind,
        "id": change.id,
        "target": change.target,
        "clause": change.clause,
        "rule": rule.what if rule else "",
        "line": change.line,
        "was": change.was,
        "now": change.now,
        "before": _record(change.before),
        "after": _record(change.after),
    }


def _record(record: Record) -> dict[str, Any]:
    """What of a record belongs into a comparison: the rest stands in its results file."""
    return {
        "id": record.id,
        "target": record.target,
        "verdict": record.verdict,
        "outcome": record.outcome,
        "reason": record.reason,
        "clause": record.clause,
        "expected": record.expected,
        "seen": record.seen,
        "steps": record.steps,
    }
