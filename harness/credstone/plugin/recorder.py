"""The records of a run, in the process that also reports to the person: they go into the results file as they come."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from credstone import __version__
from credstone.plugin.state import BEGUN, UNKEPT, State
from credstone.report.terminal import show_run
from credstone.results.file import ResultsWriter
from credstone.results.record import ClauseLine, Header, Record, ScenarioLine
from credstone.runner import Runner
from credstone.suite.digest import suite_digest
from credstone.suite.load import Suite, shown
from credstone.words.errors import MachineError
from credstone.words.facts import Facts


class Recorder:
    """Keeps the records and writes the results file; under xdist the controller has one, its workers none."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._begun = time.monotonic()
        self._records: list[Record] = []
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._facts: dict[str, Facts] = {}
        self._unreachable: dict[str, str] = {}
        self._writer: ResultsWriter | None = None

    def open(self, runner: Runner, suite: Suite, abis: Iterable[str]) -> None:
        """Probes the targets and begins the results file; ``abis`` are those that cells need besides the own."""
        self._facts, self._unreachable = self._state.facts(runner, abis)
        config = self._state.config
        results = config.getoption("credstone_results") or config.stash.get(UNKEPT, None)
        if not results:
            return
        header = Header(
            credstone=__version__,
            started=datetime.now(UTC).isoformat(timespec="seconds"),
            suite=suite_digest(suite.folder),
            command=(Path(sys.argv[0]).name, *sys.argv[1:]),
            spec=self._state.spec,
            facts=self._facts,
            unreachable=self._unreachable,
            actors={actor.name: actor.about for actor in suite.actors.values()},
        )
        try:
            self._writer = ResultsWriter(Path(results), header)
            config.stash[BEGUN] = self._writer.path
        except MachineError as error:
            pytest.exit(str(error), returncode=MachineError.status)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for line in msgspec.convert(getattr(report, "credstone", []), list[ClauseLine | ScenarioLine | Record]):
            if isinstance(line, Record):
                self._records.append(line)
                self._seconds[line.target] += line.seconds
                if self._writer is not None:
                    self._writer.add(line)
            elif self._writer is not None:
                self._writer.tell(line)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._records:
            for line in show_run(self._records, self._facts, self._unreachable):
                terminalreporter.write_line(line)
            if self._writer is not None and UNKEPT not in self._state.config.stash:
                terminalreporter.write_line(f"results: {shown(self._writer.path.resolve())}")

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Ends the results file; that of an interrupted run stays without a footer, and so is known as cut off."""
        if self._writer is not None and exitstatus != pytest.ExitCode.INTERRUPTED:
            self._writer.close(time.monotonic() - self._begun, self._seconds)
