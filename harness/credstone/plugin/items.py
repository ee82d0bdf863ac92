"""What pytest collects: a script is a file, a cell is an item.

A cell has no set-up and no tear-down of pytest's kind: what it needs is made and removed where it runs.  So an item
makes its one report itself, and pytest's three phases, which cost more than the cell, are left out.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest

from credstone.plugin.state import STATE, State
from credstone.report.failure import show_failure
from credstone.results.record import Record, clause_line, scenario_line
from credstone.suite.load import other_folder
from credstone.text.plural import counted
from credstone.words.cell import Cell
from credstone.words.errors import CredstoneError
from credstone.words.verdict import BROKEN, DEVIATION, FAIL, PASS, UNSTABLE, UNSUPPORTED, Verdict


class ScriptFile(pytest.File):
    """A script; its items are the cells of its scenarios."""

    def collect(self) -> Iterator[pytest.Item]:
        state = self.config.stash[STATE]
        suite = state.suite(self.path.parent.parent)
        for unknown in set(state.options.actors) - set(suite.actors):
            raise CredstoneError(f"There is no actor '{unknown}'.", f"There are {', '.join(sorted(suite.actors))}.")
        for scenario in state.scenarios(self.path):
            for cell in state.cells(scenario, suite.actors):
                # given as a text the id is what a report or a cache makes of that text: pytest 9 compares its parts
                yield CellItem.from_parent(self, name=cell.item, nodeid=f"{self.nodeid}::{cell.item}", cell=cell)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, CredstoneError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)


class CellItem(pytest.Item):
    """One cell."""

    def __init__(self, *, cell: Cell, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cell = cell

    def runtest(self) -> None:
        """Not called: ``report`` is what a cell does."""

    def report(self) -> pytest.TestReport:
        """Runs the cell and reports it; what goes wrong in the harness itself is an error with its traceback."""
        state = self.config.stash[STATE]
        begun = time.time()
        try:
            assert state.runner is not None
            verdict = stable([state.runner.verdict(self.cell) for _ in range(state.options.repeat)])
            record = state.record(self.cell, verdict, time.time() - begun)
            news = state.news(record, self.cell.scenario, self.path.parent.parent)
            longrepr = self._told(state, record)
        except Exception:  # noqa: BLE001 - any fault of the harness is this cell's error, and the run goes on
            told = self.repr_failure(pytest.ExceptionInfo.from_current())
            return self._report("failed", "setup", told, begun)
        known = {"wasxfail": record.deviation.says} if record.deviation and record.outcome == DEVIATION else {}
        when: Literal["setup", "call"] = "setup" if record.verdict == BROKEN else "call"
        lines = msgspec.to_builtins([*news, record])
        outcome = "skipped" if record.not_run else _OUTCOMES[record.outcome]
        return self._report(outcome, when, longrepr, begun, credstone=lines, **known)

    def _told(self, state: State, record: Record) -> Any:
        if record.outcome in (PASS, DEVIATION):
            return None
        if record.verdict == UNSUPPORTED or record.not_run:
            return str(self.path), self.cell.scenario.number, record.reason
        clause = state.suite(self.path.parent.parent).clauses.get(record.clause)
        facts = state.facts_of(self.cell)
        about = clause_line(clause) if clause else None
        return show_failure(
            record, scenario_line(self.cell.scenario), about, facts, other_folder(self.path.parent.parent)
        )

    def _report(
        self, outcome: Any, when: Literal["setup", "call"], longrepr: Any, begun: float, **more: Any
    ) -> pytest.TestReport:
        ended = time.time()
        return pytest.TestReport(
            self.nodeid, self.location, {self.name: 1}, outcome, longrepr, when,
            duration=ended - begun, start=begun, stop=ended, **more,
        )  # fmt: skip

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it is, and its title.  (pytest prints a dot of a title that ends the id as ``::``.)"""
        title = f"{self.path.stem}/{self.name}" if "." in self.cell.scenario.name else self.name
        return self.path, self.cell.scenario.number - 1, title


_OUTCOMES = {PASS: "passed", FAIL: "failed", DEVIATION: "skipped", UNSUPPORTED: "skipped", BROKEN: "failed"}


def stable(verdicts: list[Verdict]) -> Verdict:
    """The verdict that all repetitions gave; a cell that gives several is unstable, and that is a fail."""
    verdicts = [verdict for verdict in verdicts if not verdict.not_run] or verdicts
    counts = Counter(verdict.outcome for verdict in verdicts)
    if len(counts) == 1:
        return verdicts[0]
    if counts.keys() == {PASS, DEVIATION}:  # recorded as showing sometimes: any other that does not show is a fail
        return next(verdict for verdict in verdicts if verdict.outcome == DEVIATION)
    told = ", ".join(f"{verdict} {counted(count, 'time')}" for verdict, count in counts.most_common())
    worst = min(verdicts, key=lambda each: (FAIL, BROKEN, DEVIATION, UNSUPPORTED, PASS).index(each.outcome))
    return msgspec.structs.replace(
        worst, verdict=FAIL, reason=f"{UNSTABLE}{told} of {len(verdicts)}; {worst.reason}", deviation=None
    )
