"""Finds what is recorded and no longer so: entries that do not show, show otherwise, or concern no cell that ran.

An entry of which a file can say nothing, because it ran a part of the suite or other targets, is no stale one; that it
cannot be told is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from credstone.deviations.check import SuiteCells
from credstone.deviations.file import Deviation
from credstone.deviations.known import Known, differs, holds_in
from credstone.deviations.records import Shown, shown_in
from credstone.results.file import Results
from credstone.suite.load import Suite
from credstone.text.plural import counted
from credstone.text.wrap import short
from credstone.words.target import postures_of, without_posture
from credstone.words.verdict import AMBIGUOUS, BROKEN, CHANGED, GONE, KNOWN, PASS

ABSENT, UNTOLD = "absent", "untold"
"""No cell of it ran where it should show; the files do not tell."""
NOT_RUN = "it did not run in these files"
_FEW = 3
STALE = (GONE, CHANGED, AMBIGUOUS, ABSENT)


class Standing(msgspec.Struct, frozen=True):
    """How an entry stands: ``state`` is KNOWN, one of STALE, or UNTOLD.

    ``cells`` are those that show it, each with its target (``ID [TARGET]``); ``says`` is what is to be said of it.
    """

    target: str
    deviation: Deviation
    state: str
    says: str = ""
    cells: tuple[str, ...] = ()


def standings(
    files: Mapping[str, Results], recorded: Mapping[str, Sequence[Deviation]], suite: Suite
) -> list[Standing]:
    """How all recorded entries stand.

    ``files`` are results by the names of their files, ``recorded`` the entries by target; one that names no posture
    (``image:small``) stands for the target in every posture.
    """
    cells = SuiteCells(suite)
    shown: dict[str, list[tuple[Shown, str]]] = defaultdict(list)
    for results in files.values():
        for one in shown_in(results, cells):
            shown[one.record.target].append((one, results.header.spec))
    found = []
    for name, entries in recorded.items():
        of_it = {target: told for target, told in shown.items() if name in (target, without_posture(target))}
        known = Known(entries)
        told: dict[Deviation, list[_Told]] = defaultdict(list)
        for one, spec in (pair for pairs in of_it.values() for pair in pairs):
            for deviation in known.of(one.cell):
                told[deviation].append(_told(one, deviation, known, spec))
        for each in entries:
            state = ABSENT if not any(map(cells.matching, each.cells)) else UNTOLD
            says = "the suite has no such cell" if state == ABSENT else _why_not(each, list(of_it), files)
            found.append(_standing(name, each, told[each]) or Standing(name, each, state, says))
    return found


class _Told(msgspec.Struct, frozen=True):
    """What one cell says of an entry: its state, or why it says nothing."""

    shown: Shown
    state: str
    says: str

    @property
    def cell(self) -> str:
        return f"{self.shown.record.id} [{self.shown.record.target}]"


def _told(shown: Shown, deviation: Deviation, known: Known, spec: str) -> _Told:
    if not shown.judged:
        state = UNTOLD if shown.record.verdict == BROKEN else ABSENT
        return _Told(shown, state, f"{shown.record.verdict}: {short(shown.record.reason.splitlines()[0], 400)}")
    verdict = known.attached(shown.cell, shown.verdict, spec)
    if verdict.deviation is None:
        spoken = spec == "linux" or verdict.verdict != PASS
        says = "it shows only sometimes, and did not" if spoken else "what the pages do not say was not judged"
        return _Told(shown, UNTOLD, says)
    state = verdict.deviation.state
    if state == CHANGED and verdict.finding:
        return _Told(shown, state, differs(shown.cell, verdict.finding, deviation))
    return _Told(shown, state, verdict.deviation.says.removeprefix("deviation ") if state == AMBIGUOUS else "")


def _standing(name: str, deviation: Deviation, told: Sequence[_Told]) -> Standing | None:
    """How an entry stands by what its cells say; None where there are none."""
    by_state: dict[str, list[_Told]] = defaultdict(list)
    for each in told:
        by_state[each.state].append(each)
    for state in (AMBIGUOUS, CHANGED, GONE, KNOWN, UNTOLD, ABSENT):
        if alike := by_state[state]:
            says = _gone(len(alike), told) if state == GONE else _all_of(each.says for each in alike)
            return Standing(name, deviation, state, says, tuple(each.cell for each in alike))
    return None


def _gone(count: int, told: Sequence[_Told]) -> str:
    ran = sum(each.shown.judged for each in told)
    if count == ran:
        return "it does not show any more: remove it"
    return f"it does not show any more in {count} of its {counted(ran)} that ran: take these out of it"


def _all_of(says: Iterable[str]) -> str:
    """Several sentences, each once; of many the first."""
    first, *others = dict.fromkeys(says)
    if len(others) < _FEW:
        return "; ".join([first, *others])
    return f"{first}; and {counted(len(others), 'more way')}"


def _why_not(deviation: Deviation, targets: Sequence[str], files: Mapping[str, Results]) -> str:
    """Why the files say nothing of an entry whose cells there are."""
    if not targets:
        return NOT_RUN
    holding = [target for target in targets if holds_in(deviation, postures_of(target))]
    if not holding:
        ran = ", ".join("+".join(sorted(postures_of(target))) for target in targets)
        return f"it ran in other postures ({ran}), and this is recorded for {', '.join(deviation.postures)}"
    silent = [
        (name, results)
        for name, results in files.items()
        if any(record.target in holding for record in results.records)
    ]
    parts = ["the cells did not run: a part of the suite was selected"]
    cut_off = [name for name, results in silent if results.footer is None]
    parts += [f"{', '.join(cut_off)} {'is' if len(cut_off) == 1 else 'are'} cut off"] if cut_off else []
    return ", or ".join(parts)
