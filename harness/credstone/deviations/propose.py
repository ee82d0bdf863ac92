"""Proposes entries for what failed in a run and is recorded nowhere: all but the reason, which is a person's.

Failures that break the same clause and show the same belong to one fault; of a fault, those that differ in the call or
in what was expected are ways of their own.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from credstone.deviations.check import SuiteCells
from credstone.deviations.file import Deviation, Shows, mistakes_of
from credstone.deviations.known import pattern_of
from credstone.deviations.patterns import (
    by_name_where_it_helps,
    in_common,
    patterns_for,
    shape_of_expected,
    shape_of_line,
)
from credstone.deviations.records import Shown, shown_in
from credstone.results.file import Results
from credstone.suite.load import Suite
from credstone.words.cell import Cell
from credstone.words.errors import CredstoneError
from credstone.words.target import posture_of, without_posture
from credstone.words.verdict import FAIL, PASS, UNSTABLE

UNWRITTEN = "?"
"""In the place of what a person has to write: no reader of deviations takes it."""


class Fault(msgspec.Struct, frozen=True):
    """A proposed table: the clause that all of it breaks, and the ways in which it shows."""

    name: str
    clause: str
    ways: tuple[Shows, ...]
    example: str


class Proposal(msgspec.Struct, frozen=True):
    """What can be proposed for a target, and cells that failed and cannot be recorded so, each with the reason."""

    target: str
    faults: tuple[Fault, ...]
    left: tuple[tuple[str, str], ...]


class _Failure(msgspec.Struct, frozen=True):
    """A cell that failed in one way, in these postures (none: in all in which it was judged)."""

    cell: Cell
    clause: str
    line: str
    expected: str
    seen: str
    postures: tuple[str, ...] = ()
    unstable: bool = False

    def told(self, text: str) -> tuple[str, dict[str, int]]:
        return text, dict(self.cell.scenario.values)


def target_of(results: Results, wanted: str = "") -> str:
    """The target, without its postures, for which entries are proposed; ``wanted`` names it, or one of its postures.

    Raises CredstoneError where that is none of those that ran, or where several have failures and none is named.
    """
    targets = dict.fromkeys(record.target for record in results.records)
    if wanted:
        if wanted not in targets and wanted not in map(without_posture, targets):
            raise CredstoneError(f"{wanted} did not run in this file.", f"There are {', '.join(targets)}.")
        return without_posture(wanted)
    failing = dict.fromkeys(without_posture(record.target) for record in results.records if record.outcome == FAIL)
    if len(failing) > 1:
        raise CredstoneError(
            f"There are failures of several targets here: {', '.join(failing)}.",
            "Each has a file of its own: choose one with --target.",
        )
    return next(iter(failing or map(without_posture, targets)), "")


def propose(results: Results, suite: Suite, wanted: str = "", recorded: Sequence[Deviation] = ()) -> Proposal:
    """Entries for the failures of one target; ``recorded`` is what its file has already.

    Raises CredstoneError as ``target_of`` does.
    """
    target = target_of(results, wanted)
    cells = SuiteCells(suite)
    meant = [
        record
        for record in results.records
        if without_posture(record.target) == target and wanted in ("", target, record.target)
    ]
    shown = list(shown_in(msgspec.structs.replace(results, records=tuple(meant)), cells))
    known = {(each.record.id, each.record.target) for each in shown}
    left = [(each.id, "the suite has no such cell") for each in meant if (each.id, each.target) not in known]
    failed = [each for each in shown if each.record.outcome == FAIL]
    left += [(each.record.id, why) for each in failed if (why := _unrecordable(each))]
    taken = {each.name for each in recorded}
    failures = _by_value(list(_by_posture(shown, recorded)))
    taken |= {record.deviation.name for record in results.records if record.deviation}
    return Proposal(target, tuple(_faults(failures, cells, taken)), tuple(dict.fromkeys(left)))


def _unrecordable(shown: Shown) -> str:
    """Why a failure cannot be recorded by one more entry, if so."""
    record = shown.record
    if record.deviation is not None:
        return f"it is recorded, and that is {record.deviation.state}: credstone deviations stale tells"
    if record.reason.startswith(UNSTABLE) and f" {PASS} " not in record.reason.partition(";")[0]:
        return record.reason
    way = Shows((record.id,), record.clause, shown.line, record.expected, record.seen)
    return next((message for _, message in mistakes_of(way)), "")


def _by_posture(shown: Iterable[Shown], recorded: Sequence[Deviation]) -> Iterator[_Failure]:
    """The failures that can be recorded, those of one cell in several postures as one where they are the same."""
    judged: dict[str, list[str]] = defaultdict(list)
    showing: dict[_Failure, list[str]] = defaultdict(list)
    for each in shown:
        record = each.record
        if each.judged:
            judged[record.id].append(record.target)
        if record.outcome == FAIL and not _unrecordable(each):
            cell = msgspec.structs.replace(each.cell, target="")
            unstable = record.reason.startswith(UNSTABLE)
            failure = _Failure(cell, record.clause, each.line, record.expected, record.seen, unstable=unstable)
            showing[failure].append(record.target)
    for failure, targets in showing.items():
        known = any(pattern_of(pattern).fullmatch(failure.cell.id) for each in recorded for pattern in each.cells)
        everywhere = len(targets) == len(judged[failure.cell.id]) and not known
        plain = targets == [without_posture(targets[0])]
        general = everywhere and (plain or len(targets) > 1)
        postures = () if general else tuple(posture_of(each) for each in targets)
        yield msgspec.structs.replace(failure, postures=postures)


def _by_value(failures: Sequence[_Failure]) -> list[_Failure]:
    """The failures, with ``$gid`` in what was seen, and in what was expected, where a family shows the same so."""
    families: dict[tuple[str, str], list[_Failure]] = defaultdict(list)
    for failure in failures:
        families[failure.cell.scenario.id.partition("[")[0], failure.clause].append(failure)
    found = []
    for family in families.values():
        seen = by_name_where_it_helps([each.told(each.seen) for each in family])
        expected = by_name_where_it_helps([each.told(each.expected) for each in family])
        for failure, *texts in zip(family, seen, expected, strict=True):
            found.append(msgspec.structs.replace(failure, seen=texts[0], expected=texts[1]))
    return found


def _faults(failures: Iterable[_Failure], cells: SuiteCells, taken: set[str]) -> Iterator[Fault]:
    grouped: dict[tuple[str, str], list[_Failure]] = defaultdict(list)
    for failure in failures:
        grouped[failure.clause, failure.seen].append(failure)
    for (clause, seen), alike in grouped.items():
        name = _name(clause, seen, taken)
        taken.add(name)
        yield Fault(name, clause, tuple(_ways(alike, cells)), alike[0].cell.id)


def _ways(failures: Iterable[_Failure], cells: SuiteCells) -> Iterator[Shows]:
    """The tables below one fault: what a single line of the file can say stands in one."""
    grouped: dict[tuple[str, str, tuple[str, ...], bool], list[_Failure]] = defaultdict(list)
    for failure in failures:
        shape = shape_of_line(failure.line), shape_of_expected(failure.expected)
        grouped[*shape, failure.postures, failure.unstable].append(failure)
    for (_, _, postures, unstable), alike in grouped.items():
        yield Shows(
            cells=patterns_for((each.cell.id for each in alike), cells),
            clause=alike[0].clause,
            line=in_common([each.told(each.line) for each in alike], shape_of_line),
            expected=in_common([each.told(each.expected) for each in alike], shape_of_expected),
            seen=alike[0].seen,
            postures=postures,
            sometimes=UNWRITTEN if unstable else "",
        )


def _name(clause: str, seen: str, taken: set[str]) -> str:
    """A name for a fault, which a person may change: that of the clause, and of the error that came instead."""
    about = re.sub(r"\(\w+\)|/linux(?=/)", "", clause)
    errno = f"-{seen}" if re.fullmatch(r"[A-Z]\w+", seen) else ""
    name = re.sub(r"[^\w-]+", "-", about, flags=re.ASCII).strip("-") + errno
    names = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
    return next(each for each in names if each not in taken)
