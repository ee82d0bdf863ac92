"""The first thing in which records of one cell differ: of several targets, or of two runs.

What says nothing about a target is no difference: the number of a process; the capabilities that not all of those who are
compared have.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from credstone.results.record import Record
from credstone.words.facts import Facts
from credstone.words.verdict import FAIL

SETUP = "the set-up"
"""Stands for a line where what differs is what a cell began with."""

_OF_A_PROCESS = re.compile(r"\b(getpid|getppid|gettid)\(\)$")
_OF_CAPABILITIES = re.compile(r"\bstatus\(.*, Cap\w+\)$")


class Apart(msgspec.Struct, frozen=True):
    """Where records differ first: the line (an erratum's clause, if it is only the side that was taken), the step (None
    where no answer shows it), and what was seen there in each record, in their order.  ``clause`` is at stake.
    """

    clause: str
    line: str
    step: int | None
    answers: tuple[str, ...]


def shared_capabilities(facts: Iterable[Facts]) -> int:
    """The bits of the capabilities that every agent may have at all."""
    shared = -1
    for each in facts:
        shared &= each.credential.capabilities.bounding
    return shared


def first_apart(records: Sequence[Record], shared: int) -> Apart | None:
    """The first thing in which records of one cell differ, if there is one; ``shared`` are bits that they all have."""
    for number in range(max(len(record.steps) for record in records)):
        if len({comparable(record, number, shared) for record in records}) > 1:
            line = next(record.steps[number][0] for record in records if number < len(record.steps))
            return Apart(_at_stake(records), line, number, tuple(answer(record, number) for record in records))
    credentials = tuple(credential(record) for record in records)
    if len(set(credentials)) > 1:
        failed = next(record for record in records if record.verdict == FAIL)
        wrong = failed.wrong if failed.wrong is not None else -1
        known = 0 <= wrong < len(failed.steps)
        return Apart(_at_stake(records), failed.steps[wrong][0] if known else SETUP, None, credentials)
    sides = [dict(record.errata) for record in records]
    for clause in dict.fromkeys(clause for side in sides for clause in side):
        taken = [side.get(clause, "") for side in sides]
        if len({*taken} - {""}) > 1:
            return Apart(clause, clause, None, tuple(f"as {side} has it" if side else "not asked" for side in taken))
    return None


def comparable(record: Record, number: int, shared: int) -> str:
    """The answer in a step without what must differ anyway."""
    if number >= len(record.steps):
        return answer(record, number)
    line, found = record.steps[number]
    if re.fullmatch(r"\d+", found):
        if _OF_A_PROCESS.search(line):
            return "a process"
        if _OF_CAPABILITIES.search(line):
            return str(int(found) & shared)
    return found


def answer(record: Record, number: int) -> str:
    """What was answered; what ended the cell, where it came no further: a signal, if that is as it should be."""
    return record.steps[number][1] if number < len(record.steps) else record.seen or "killed"


def credential(record: Record) -> str:
    """What the judge found besides the answers, where the records agree in these."""
    return f"{record.seen} ({record.expected} expected)" if record.verdict == FAIL else "as expected"


def _at_stake(records: Sequence[Record]) -> str:
    """The clause that most of them broke, else the one whose alternatives they took differently, else what they cite."""
    blamed = Counter(record.clause for record in records if record.clause).most_common(1)
    return blamed[0][0] if blamed else _chosen(records) or "".join(records[0].clauses[:1])


def _chosen(records: Sequence[Record]) -> str:
    """The clause whose alternatives, or whose sides, were taken differently."""
    for told in ([record.errata for record in records], [record.choices for record in records]):
        taken = [pair for pairs in told for pair in pairs if not all(pair in others for others in told)]
        if taken:
            return min(taken)[0]
    return ""
