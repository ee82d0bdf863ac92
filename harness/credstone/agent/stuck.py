"""Which cells are not worth waiting for: what they call has not returned in several cells in a row.

A cell that hangs costs half a minute.  A call that never returns would cost hours, and a few scenarios that hang must not cost
any other cell.  So hangs are counted by the call in which they happen, for each API by itself, and forgotten when the call
returns in some cell:

* two cells of a scenario hung in it: the others of that scenario are given up;
* cells of three scenarios did: those of their scripts that make the call are given up, and each other script gets one try;
* cells of two scripts of a page did, with that many scenarios: those of the page that make the call are given up;
* cells of three pages did: all that make the call are given up.

The set-up of an actor is such a call as well.  So is, of an agent that is lost, any call of the cell that has never returned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import msgspec

from credstone.words.cell import Cell
from credstone.words.transcript import HANG, Transcript

OF_A_SCENARIO, SCENARIOS, OF_A_PAGE, PAGES = 2, 3, 2, 3
"""How many hangs in a row are enough: cells of a scenario, scenarios, scripts of a page, pages."""
LOOK = "The cells that were waited for are reported: run one of them alone to look at it."
"""What to do next."""

_What = tuple[str, str]
"""A call with its API, or what else may hang."""


class _Hang(msgspec.Struct, frozen=True):
    """Where a cell hung: scenarios of one family are one."""

    page: str
    script: str
    scenario: str


class Stuck:
    """What has not returned in a target, so far."""

    def __init__(self) -> None:
        self._hangs: defaultdict[_What, list[_Hang]] = defaultdict(list)
        self._returned: set[_What] = set()

    def saw(self, cell: Cell, transcript: Transcript) -> None:
        """Takes note of an answer: what returned in it, and what did not."""
        lines = cell.scenario.lines
        done = [line for line in lines[: len(transcript.steps)] if not line.unfinished]
        for what in (*([_set_up(cell)] if transcript.start else []), *((cell.api, line.call.name) for line in done)):
            self._returned.add(what)
            self._hangs.pop(what, None)
        if transcript.end == HANG:
            at = min(len(transcript.steps), len(lines) - 1)
            hung = (cell.api, lines[at].call.name) if transcript.start and lines else _set_up(cell)
            self._hangs[hung].append(_place(cell))

    def lost(self, cell: Cell) -> None:
        """Takes note of a cell in which the agent was lost: what of it has never returned may be the reason."""
        for what in {*_all(cell)} - self._returned:
            self._hangs[what].append(_place(cell))

    def why_not(self, cell: Cell) -> str:
        """Why a cell is not worth waiting for; empty for one that is."""
        for what in _all(cell) if self._hangs else ():
            if _enough(self._hangs.get(what, ()), _place(cell)):
                api, call = what
                return f"'{call} by {api}' did not return in several cells in a row\n  {LOOK}"
        return ""


def _enough(hangs: Sequence[_Hang], place: _Hang) -> bool:
    """Whether a call that hung there is not worth another try here."""
    if sum(hang == place for hang in hangs) >= OF_A_SCENARIO or len({hang.page for hang in hangs}) >= PAGES:
        return True
    scripts = {hang.script for hang in hangs if hang.page == place.page}
    return len(set(hangs)) >= SCENARIOS and (place.script in scripts or len(scripts) >= OF_A_PAGE)


def _place(cell: Cell) -> _Hang:
    return _Hang(cell.scenario.page, cell.scenario.script, cell.scenario.family)


def _all(cell: Cell) -> Iterator[_What]:
    """All that may hang in a cell."""
    yield _set_up(cell)
    for line in cell.scenario.lines:
        for call in (line.call, line.then):
            if call is not None:
                yield cell.api, call.name


def _set_up(cell: Cell) -> _What:
    return cell.api, f"the set-up of {cell.actor.name}"
