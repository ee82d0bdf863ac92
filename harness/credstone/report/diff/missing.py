"""What two runs do not have in common: cells that are lost, and cells that one of the runs does not have, by the reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from credstone.report.reasons import Reason, group
from credstone.results.diff import CellChange, Why
from credstone.results.record import Record
from credstone.text.plural import counted
from credstone.text.wrap import fitted
from credstone.words.verdict import OUTCOMES, PASS

_MOST = 20
_ABSENT = {
    Why.CUT_OFF: "not compared: {count} that the {other} run did not come to: it was cut off",
    Why.STOPPED: "not compared: {count} that the {other} run did not come to: it was stopped",
    Why.OTHER_SHARD: "{label}: {count}, in other shards than those of the {other} run, or not selected there",
    Why.NOT_SELECTED: "{label}: {count}, which the {other} run did not select: the suite is the same",
    Why.OTHER_SUITE: "{label}: {count}, which the {other} run did not select, or which its suite does not have",
}


def reasons_lost(found: Iterable[CellChange]) -> list[Reason]:
    """The reasons why cells are not judged any more; one that lacks several things counts for each of them."""
    return group(
        (change.target, reason.split("\n")[0])
        for change in found
        for reason in ([change.after.reason] if change.after.not_run else change.after.reason.split("; "))
    )


def count_lost(found: Sequence[CellChange]) -> str:
    """How many cells are lost, and which of them."""
    passed = all(change.before.outcome == PASS for change in found)
    return f"{counted(len(found))} that {'passed' if passed else 'ran'} before and did not run now"


def show_lost(found: Sequence[CellChange]) -> Iterator[str]:
    """A line for each reason, with the number of cells, and their targets where there are several."""
    if not found:
        return
    yield ""
    yield f"lost: {count_lost(found)}"
    reasons, several = reasons_lost(found), len({change.target for change in found}) > 1
    for reason in reasons:
        on = f"   [{', '.join(reason.cells)}]" if several else ""
        yield from fitted(f"{reason.cells.total():>4}  {reason.told}{on}", "  ", " " * 8)
    if sum(reason.cells.total() for reason in reasons) > len(found):
        yield f"  {len(found):>4}  in all: a cell that lacks several things is counted for each"


def show_absent(label: str, other: str, why: Why, count: int) -> str:
    """How many cells are in one run alone, and why: ``label`` is what they are, ``other`` the run that does not have them."""
    return _ABSENT[why].format(label=label, other=other, count=counted(count))


def show_alone(label: str, other: str, found: Sequence[tuple[Record, Why]]) -> Iterator[str]:
    """Cells of one run alone, by the reason; where the suites differ also by script, as they may be new or gone."""
    by_reason: dict[Why, list[Record]] = defaultdict(list)
    for record, why in found:
        by_reason[why].append(record)
    for why, records in by_reason.items():
        yield ""
        yield from fitted(f"{show_absent(label, other, why, len(records))}; {_outcomes(records)}")
        yield from _by_script(records if why == Why.OTHER_SUITE else ())


def _by_script(records: Iterable[Record]) -> Iterator[str]:
    scripts: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        scripts[record.scenario.rpartition("/")[0]].append(record)
    for script, own in list(scripts.items())[:_MOST]:
        yield from fitted(f"{script}  {counted(len(own))}: {_outcomes(own)}", "  ")
    if len(scripts) > _MOST:
        yield f"  and {counted(len(scripts) - _MOST, 'more script')}"


def _outcomes(records: Iterable[Record]) -> str:
    counts = Counter(record.outcome for record in records)
    return ", ".join(f"{counts[outcome]} {outcome}" for outcome in OUTCOMES if counts[outcome])
