"""Which of the collected cells are run: all of them, or those of a shard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from credstone.plan.shards import Shard, parse_shard, shards_of
from credstone.plugin.items import CellItem
from credstone.plugin.state import State
from credstone.results.record import Shards
from credstone.runner import Runner
from credstone.text.plural import counted
from credstone.words.errors import CredstoneError


class Selection:
    """How many cells of each target are to run, in this session and in all shards together.

    ``idle`` are the targets that have cells in this shard, and no cell that can run in any other.  ``suite`` is the folder of
    their suite, None where nothing was collected.  A worker of xdist reports to its controller, which collects nothing.
    """

    def __init__(self, state: State) -> None:
        self.shard = _shard(state.options.shard)
        self.suite: Path | None = None
        self.here: dict[str, int] = {}
        self.whole: dict[str, int] = {}
        self.idle: set[str] = set()
        self._others: list[CellItem] = []

    def choose(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Takes the cells of other shards away; all cells of a scenario stay together, on all targets."""
        cells = [item for item in items if isinstance(item, CellItem)]
        self.suite = cells[0].path.parent.parent if cells else None
        self.whole = Counter(item.cell.target for item in cells)
        if self.shard:
            scenarios = Counter(scenario for _, scenario in {(item.cell.id, item.cell.scenario.id) for item in cells})
            shards = shards_of(scenarios, self.shard.of)
            others = [item for item in cells if shards[item.cell.scenario.id] != self.shard.number]
            self._others = others
            left_out = set(others)
            items[:] = [item for item in items if item not in left_out]
            config.hook.pytest_deselected(items=others)

    def count(self, cells: Iterable[CellItem]) -> None:
        """Counts the cells that are left when pytest too has chosen (--lf leaves some out at the very end)."""
        self.here = dict.fromkeys(self.whole, 0) | Counter(item.cell.target for item in cells)

    def look_elsewhere(self, runner: Runner) -> None:
        """Finds the targets that are ``idle``: of those that have cells in this shard, those that can run none in another one."""
        busy: set[str] = {name for name, count in self.here.items() if not count or not runner.knows(name)}
        for item in self._others:
            if item.cell.target not in busy and not runner.plan(item.cell)[1].missing:
                busy.add(item.cell.target)
        self.idle = set(self.here) - busy

    @property
    def emptied(self) -> bool:
        """Whether there are cells, and all of them belong to other shards: then there is nothing to do, and that is right."""
        return bool(self.shard and self.whole) and not sum(self.here.values())

    def told(self) -> dict[str, Any]:
        """What a worker tells."""
        return {"here": dict(self.here), "whole": dict(self.whole), "idle": sorted(self.idle)}

    def hear(self, told: dict[str, Any]) -> None:
        """What a worker told: all of them collect the same, and each runs the cells of some targets."""
        self.here, self.whole = told["here"], told["whole"]
        self.idle.update(told["idle"])

    def shards(self, targets: Iterable[str]) -> dict[str, Shards]:
        """What the header says of it."""
        return {target: Shards((self.shard.number,), self.shard.of) for target in targets} if self.shard else {}

    def summary(self) -> str:
        """What of the whole was run here, for people; empty where that was all."""
        if not self.shard:
            return ""
        return f"shard {self.shard}: {sum(self.here.values())} of {counted(sum(self.whole.values()))}"


def _shard(given: str) -> Shard | None:
    try:
        return parse_shard(given) if given else None
    except CredstoneError as error:
        raise pytest.UsageError(str(error)) from None
