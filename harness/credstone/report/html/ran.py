"""What was run: a line for each target."""

from __future__ import annotations

from collections import Counter, defaultdict

import msgspec

from credstone.report.facts import system_of
from credstone.report.html.marks import ordered
from credstone.results.by_target import by_target, of_target, targets_of
from credstone.results.file import Results


class Ran(msgspec.Struct, frozen=True):
    """One target: what it is, or why none of its agents could be had; and what its cells came to.

    ``unstable`` is how many of those that failed did not fail each time.
    """

    target: str
    system: str
    counts: dict[str, int]
    seconds: float
    unstable: int = 0


def ran(results: Results) -> tuple[Ran, ...]:
    """A line for each target."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for record in results.records:
        counts[record.target][record.outcome] += 1
    lost = {record.target for record in results.records if record.not_run}
    unreachable: dict[str, dict[str, str]] = defaultdict(dict, by_target(results.header.unreachable))
    unstable = Counter(record.target for record in results.records if record.unstable)
    seconds = results.footer.seconds_of if results.footer else {}
    return tuple(
        Ran(
            target,
            ", ".join(system_of(of_target(results.header.facts, target).values()))
            or ("could not be had" if target in lost else "; ".join(dict.fromkeys(unreachable[target].values()))),
            ordered(counts[target]),
            seconds.get(target, 0.0),
            unstable[target],
        )
        for target in targets_of(results)
    )
