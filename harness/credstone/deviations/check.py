"""Whether recorded deviations speak of cells, lines and clauses that there are: a slip in an entry would excuse nothing,
or something else than was meant, and no run of another part of the suite would show it.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator

from credstone.deviations.file import Deviation
from credstone.deviations.known import pattern_of, with_values
from credstone.notation.mistake import Mistake
from credstone.notation.show import show_line
from credstone.plan.cells import cells_of, through_abi
from credstone.suite.load import Suite
from credstone.suite.toml import wrong_entry
from credstone.words.cell import Cell
from credstone.words.scenario import ABIS
from credstone.words.target import DEFAULTS


def refuse_mistaken(deviations: Iterable[Deviation], suite: Suite, postures: Collection[str] | None = None) -> None:
    """Raises the first Mistake of deviations that name what the suite does not have.

    ``postures`` are those that there are, None if that is not to be looked at.
    """
    cells = SuiteCells(suite)
    taken: dict[str, list[Deviation]] = {}
    for deviation in deviations:
        if deviation.clause not in suite.clauses:
            near = difflib.get_close_matches(deviation.clause, suite.clauses, n=2, cutoff=0.5)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise _mistake(deviation, "clause", f"there is no clause {deviation.clause}{hint}")
        for posture in (name for each in deviation.postures for name in each.split("+")):
            if postures is not None and posture not in (DEFAULTS, *postures):
                raise _mistake(deviation, "postures", f"there is no posture '{posture}'")
        found: dict[str, Cell] = {}
        for pattern in deviation.cells:
            matching = cells.matching(pattern)
            if not matching:
                raise _mistake(deviation, "cells", f"no cell of the suite is called {pattern}")
            found |= matching
        for cell in found.values():
            if not _has_line(cell, deviation):
                raise _mistake(deviation, "line", f"{cell.id} has no line {deviation.line}")
            for other in taken.setdefault(cell.id, []):
                if _together(deviation, other):
                    message = f"{cell.id} is recorded for {other.name} in line {other.number} already"
                    raise _mistake(deviation, "cells", message)
            taken[cell.id].append(deviation)


def _mistake(deviation: Deviation, field: str, message: str) -> Mistake:
    return wrong_entry(deviation.path, (deviation.name, "shows", str(deviation.index), field), message)


def _has_line(cell: Cell, deviation: Deviation) -> bool:
    line = pattern_of(with_values(deviation.line, dict(cell.scenario.values)))
    return any(line.fullmatch(show_line(each)) for each in cell.scenario.lines)


def _together(one: Deviation, other: Deviation) -> bool:
    """Whether both hold somewhere, so that a cell would be recorded twice."""
    ours, theirs = ({frozenset(each.split("+")) for each in deviation.postures} for deviation in (one, other))
    return not ours or not theirs or not ours.isdisjoint(theirs)


class SuiteCells:
    """All cells that a suite can have on any target, page by page, as they are asked for."""

    def __init__(self, suite: Suite) -> None:
        self._suite = suite
        self._of: dict[str, dict[str, Cell]] = {}

    def matching(self, pattern: str) -> dict[str, Cell]:
        """The cells that a pattern means, by id."""
        found, begins = (
            pattern_of(pattern),
            pattern.partition("*")[0],
        )  # what begins otherwise need not be held against it
        page = self._page(pattern).items()
        return {name: cell for name, cell in page if name.startswith(begins) and found.fullmatch(name)}

    def called(self, name: str) -> Cell | None:
        """The cell with this id, on no target; None if there is none."""
        return self._page(name).get(name)

    def _page(self, name: str) -> dict[str, Cell]:
        page = name.partition("/")[0]
        if page not in self._of:
            self._of[page] = {cell.id: cell for cell in self._cells(page)}
        return self._of[page]

    def _cells(self, page: str) -> Iterator[Cell]:
        for scenario in self._suite.scenarios:
            if scenario.page == page:
                cells = cells_of(scenario, self._suite.actors, [""])
                yield from cells
                for abi in ABIS:
                    yield from through_abi(abi, cells)
