"""What a run did not test although it was asked to: cells that were not begun, and targets of which no cell ran."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable

from credstone.results.by_target import targets_of
from credstone.results.completeness import unfinished
from credstone.results.file import Results
from credstone.results.record import Record
from credstone.words.verdict import UNSUPPORTED


def ran(record: Record) -> bool:
    """Whether a cell was performed on its target."""
    return record.verdict != UNSUPPORTED and not record.not_run


def not_run(records: Iterable[Record]) -> dict[str, Counter[str]]:
    """The reasons why cells were not begun, each with the number of cells by target."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for record in records:
        if record.not_run:
            found[record.reason][record.target] += 1
    return dict(found)


def untested(run: Results, idle: Collection[str] = ()) -> list[str]:
    """The targets of a run of which no cell ran, those aside whose cells were not begun.

    A file that was cut off, and a run that was stopped, say nothing of the cells that they lack.  Nor does a shard say
    anything of the others: of a target that was run in shards it counts only if it is ``idle``, so that no shard can run
    a cell of it.
    """
    if run.footer is None or any(unfinished(run)):
        return []
    tested = {record.target for record in run.records if ran(record) or record.not_run}
    without = {record.target for record in run.records} | {
        name for name, count in run.footer.selected.items() if not count
    }
    shards = set(run.header.shards).difference(idle)
    return [name for name in targets_of(run) if name in without and name not in tested | shards]
