"""All that the end of a run says on a terminal, and what is said of its results file later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from credstone.report.differences import show_differences
from credstone.report.facts import show_facts
from credstone.report.gaps import Fault, faults
from credstone.report.summary import show_summary
from credstone.report.targets import show_targets
from credstone.results.file import Results, seconds_by_target
from credstone.results.record import Record
from credstone.text.wrap import fitted
from credstone.words.facts import Facts


def show_run(records: Sequence[Record], facts: Mapping[str, Facts]) -> Iterator[str]:
    """What was tested, what came of it, in what the targets differ; ``facts`` are the header's.

    Why an agent cannot be had is said with the number of its cells, among those that are unsupported or by ``show_faults``.
    """
    seconds = seconds_by_target(records)
    yield from show_facts(facts, {})
    yield from show_summary(records)
    yield from show_differences(records, facts)
    yield from show_targets(records, seconds if any(seconds.values()) else None)


def show_faults(found: Iterable[Fault]) -> Iterator[str]:
    """What was not tested, and why."""
    for fault in found:
        yield from fault.lines()


def show_file(results: Results) -> Iterator[str]:
    """What run the file is of, and what was said at its end."""
    header = results.header
    yield from fitted(f"{' '.join(header.command)}", "", "  ")
    seconds = f", {results.footer.seconds:.0f} s" if results.footer else ""
    yield f"credstone {header.credstone}, suite {header.suite}, judged by {header.spec}; {header.started}{seconds}"
    yield from show_run(results.records, header.facts)
    yield from show_faults(faults(results))
