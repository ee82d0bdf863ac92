"""What was run: a line for each target."""

from __future__ import annotations

from collections import Counter, defaultdict

import msgspec

from credstone.report.facts import system_of
from credstone.report.html.facts import of_target, target_of
from credstone.report.html.marks import ordered
from credstone.results.file import Results


class Ran(msgspec.Struct, frozen=True):
    """One target: what it is, or why none of its agents could be had; and what its cells came to."""

    target: str
    system: str
    counts: dict[str, int]
    seconds: float


def targets_of(results: Results) -> list[str]:
    """The targets in the order in which they were asked for, also those that a run was cut off before it came to."""
    header = results.header
    keys = [target_of(key) for key in (*header.facts, *header.unreachable)]
    return list(dict.fromkeys([*keys, *(record.target for record in results.records)]))


def ran(results: Results) -> tuple[Ran, ...]:
    """A line for each target."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for record in results.records:
        counts[record.target][record.outcome] += 1
    seconds = results.footer.seconds_of if results.footer else {}
    return tuple(
        Ran(
            target,
            ", ".join(system_of(of_target(results.header.facts, target).values()))
            or "; ".join(dict.fromkeys(of_target(results.header.unreachable, target).values())),
            ordered(counts[target]),
            seconds.get(target, 0.0),
        )
        for target in targets_of(results)
    )
