"""How far a run is, while it runs: bars on a terminal, a line now and then where there is none.

It stands in the place of pytest's letters, of which a run has thousands.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Generator, Iterable

import msgspec
import pytest
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from credstone.plugin.items import CellItem
from credstone.plugin.state import STATE
from credstone.plugin.workers import target_of
from credstone.results.record import Record
from credstone.text.plural import named
from credstone.words.verdict import BROKEN, FAIL

EVERY = 20.0
"""Seconds between two lines where there is no terminal: a short run needs none."""
REDRAWN = 0.2
"""Seconds between two looks of the bars."""
_ALL = "all targets"
_Status = tuple[str, str, str]


class Shown:
    """A plugin that shows how far each target is."""

    def __init__(self, color: str) -> None:
        self._color = color
        self._whole: Counter[str] = Counter()
        self._done: Counter[str] = Counter()
        self._wrong: dict[str, Counter[str]] = {}
        self._begun = self._said = time.monotonic()
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Without workers, the items are here."""
        self._begin(item.cell.target for item in session.items if isinstance(item, CellItem))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: object, ids: list[str]) -> None:
        """With workers, each of them tells the ids of all items; the first is as good as any."""
        if not self._whole:
            config: pytest.Config = node.config  # type: ignore[attr-defined]
            targets = (target_of(each, config.stash[STATE].options.targets) for each in ids)
            self._begin(target for target in targets if target)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        lines = getattr(report, "credstone", None)
        if lines:
            self._count(msgspec.convert(lines[-1], Record))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> Generator[None, _Status, _Status]:
        """Takes the letters away."""
        status = yield
        return (status[0], "", "") if getattr(report, "credstone", None) else status

    def pytest_sessionfinish(self) -> None:
        if self._bars is not None:
            self._bars.stop()

    pytest_keyboard_interrupt = pytest_sessionfinish

    def _begin(self, targets: Iterable[str]) -> None:
        self._whole.update(targets)
        if not self._whole or not is_terminal():
            return
        colors = {"always": True, "never": False}.get(self._color)
        console = Console(stderr=True, no_color=None if colors is None else not colors)
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24, complete_style="blue", finished_style="green"),
            MofNCompleteColumn(),
            TextColumn("{task.fields[wrong]}"),
            TimeRemainingColumn(compact=True),
            console=console,
            auto_refresh=False,
            transient=True,
        )
        several = {_ALL: self._whole.total()} if len(self._whole) > 1 else {}
        for name, count in {**self._whole, **several}.items():
            self._tasks[name] = self._bars.add_task(name, total=count, start=name == _ALL or not several, wrong="")
        self._bars.start()

    def _count(self, record: Record) -> None:
        target = record.target
        if not self._done:  # until now agents were built and started
            self._begun = self._said = time.monotonic()
        self._done[target] += 1
        if record.outcome in (FAIL, BROKEN):
            self._wrong.setdefault(target, Counter())[record.outcome] += 1
        if self._bars is not None and self._done[target] == 1:
            self._bars.start_task(self._tasks[target])
        if time.monotonic() - self._said < (EVERY if self._bars is None else REDRAWN):
            return
        self._said = time.monotonic()
        if self._bars is None:
            print(self._line(target), flush=True)
        else:
            self._draw(self._bars)

    def _draw(self, bars: Progress) -> None:
        done = {**self._done, _ALL: self._done.total()}
        wrong = {**self._wrong, _ALL: sum(self._wrong.values(), Counter())}
        for name, task in self._tasks.items():
            bars.update(task, completed=done.get(name, 0), wrong=_told(wrong.get(name, Counter())))
        bars.refresh()

    def _line(self, target: str) -> str:
        """``host: 4,100 of 8,905 cells, 2 fail; 20 s, about 24 s left``."""
        seconds = time.monotonic() - self._begun
        left = seconds / self._done.total() * (self._whole.total() - self._done.total())
        wrong = _told(self._wrong.get(target, Counter()))
        cells = f"{self._done[target]:,} of {self._whole[target]:,} {named(self._whole[target])}"
        return f"{target}: {', '.join(filter(None, (cells, wrong)))}; {seconds:.0f} s, about {left:.0f} s left"


def is_terminal() -> bool:
    """Whether somebody looks on."""
    return sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def _told(wrong: Counter[str]) -> str:
    return ", ".join(f"{wrong[each]} {each}" for each in (FAIL, BROKEN) if wrong[each])
