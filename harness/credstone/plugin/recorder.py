"""The records of a run, in the process that also reports to the person: they go into the results file as they come, and at
the end they are held against a baseline, if there is one.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from credstone import __version__
from credstone.plugin.baseline import Baseline
from credstone.plugin.interruption import show_how_far
from credstone.plugin.selection import Selection
from credstone.plugin.state import RAN, Ran, State
from credstone.report.diff.terminal import show_changes
from credstone.report.gaps import Fault, cannot_run, faults
from credstone.report.terminal import show_faults, show_run
from credstone.results.command import command_line
from credstone.results.diff import Changes, compare_runs
from credstone.results.file import Results, ResultsWriter, footer_of
from credstone.results.record import ClauseLine, Footer, Header, Record, ScenarioLine
from credstone.runner import Runner, must_be_had
from credstone.suite.digest import suite_digest
from credstone.suite.load import Suite, other_folder, shown
from credstone.text.characters import use_plain_signs
from credstone.words.cell import Cell
from credstone.words.errors import MachineError

SELECTED = "credstone-selected"
"""Under this name a worker tells its controller what it selected."""


class Recorder:
    """Keeps the records and writes the results file; under xdist the controller has one, its workers none."""

    def __init__(self, state: State, selection: Selection, baseline: Baseline | None = None) -> None:
        self._state = state
        self._selection = selection
        self._baseline = baseline
        self._begun = time.monotonic()
        self._header: Header | None = None
        self._lost: dict[str, MachineError] = {}
        self._records: list[Record] = []
        self._clauses: dict[str, ClauseLine] = {}
        self._scenarios: dict[str, ScenarioLine] = {}
        self._without_verdict = 0
        self._writer: ResultsWriter | None = None
        self._changes: Changes | None = None
        self._faults: list[Fault] = []

    def open(self, runner: Runner, suite: Suite, abis: Iterable[str]) -> None:
        """Probes the targets and begins the results file; ``abis`` are those that cells need besides the own."""
        # pytest itself would write a text with one such sign in it as a single line
        use_plain_signs(getattr(self._state.config.get_terminal_writer(), "_file", None))
        facts, errors = self._state.facts(runner, abis)
        self._lost = {key: error for key, error in errors.items() if must_be_had(key.rpartition(":")[2], error)}
        self._header = Header(
            credstone=__version__,
            started=datetime.now(UTC).isoformat(timespec="seconds"),
            suite=suite_digest(suite.folder),
            command=command_line(),
            spec=self._state.options.spec,
            facts=facts,
            unreachable={key: str(error) for key, error in errors.items()},
            actors={actor.name: actor.about for actor in suite.actors.values()},
            shards=self._selection.shards(self._state.options.targets),
            suites=other_folder(suite.folder),
        )
        results = self._state.options.results
        if not results:
            return
        try:
            self._writer = ResultsWriter(Path(results), self._header)
        except MachineError as error:
            pytest.exit(str(error), returncode=MachineError.status)

    def announce(self, cells: Collection[Cell] | None) -> None:
        """Says before the first cell which of them cannot run, and why; None where it is not known yet which there are.

        Where nothing can run the end of the session comes at once, and says so.
        """
        assert self._header is not None
        facts = self._header.facts
        if not facts or (cells is not None and not any(f"{cell.target}:{cell.agent}" in facts for cell in cells)):
            return
        reasons: dict[str, Counter[str]] = defaultdict(Counter)
        for key, error in self._lost.items():
            target, _, agent = key.rpartition(":")
            count = sum((cell.target, cell.agent) == (target, agent) for cell in cells or ())
            if count or cells is None:
                reasons[str(error)][target] += count
        reporter = self._state.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            for line in cannot_run(reasons, self._state.options.targets):
                reporter.write_line(line)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        lines = msgspec.convert(getattr(report, "credstone", []), list[ClauseLine | ScenarioLine | Record])
        self._without_verdict += report.failed and not lines
        for line in lines:
            match line:
                case Record():
                    self._records.append(line)
                    if self._writer is not None:
                        self._writer.add(line)
                    continue
                case ScenarioLine():
                    self._scenarios[line.id] = line
                case ClauseLine():
                    self._clauses[line.id] = line
            if self._writer is not None:
                self._writer.tell(line)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A script that cannot be read has no verdict either."""
        self._without_verdict += report.failed

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker has ended; one that fell over tells nothing."""
        told = getattr(node, "workeroutput", {}).get(SELECTED)
        if told:
            self._selection.hear(told)

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Says how far the run got, unless all of the traceback is asked for."""
        if isinstance(excinfo.value, KeyboardInterrupt) and not self._state.config.getoption("fulltrace"):
            show_how_far(excinfo, len(self._records), sum(self._selection.here.values()))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for line in self._summary():
            terminalreporter.write_line(line)

    def _summary(self) -> Iterator[str]:
        if self._header is None:
            return
        if self._records:
            yield from show_run(self._records, self._header.facts)
        yield from show_faults(self._faults)
        if self._changes is not None:
            yield ""
            yield from show_changes(self._changes)
            if self._records and not self._changes.compared:
                yield "credstone: No cell of this run is in the baseline: there is nothing to hold it against."
        if shard := self._selection.summary():
            yield shard
        if self._writer is not None:
            yield f"results: {shown(self._writer.path.resolve())}"

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Ends the run; what was interrupted stays without a footer, and so is known as cut off.

        A run in which nothing failed is no success if a target was not tested, or not as far as it was to be.
        """
        if self._header is None:
            return
        if self._selection.emptied and exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
            session.exitstatus = pytest.ExitCode.OK
        footer = None if exitstatus == pytest.ExitCode.INTERRUPTED else self._footer()
        if self._writer is not None and footer is not None:
            self._writer.close(footer)
        run = Results(self._header, tuple(self._records), footer, self._clauses, self._scenarios)
        if self._baseline is not None and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            session.exitstatus = self._against(self._baseline, run)
        self._faults = faults(run, self._selection.idle)
        if self._faults and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = MachineError.status
        session.config.stash[RAN] = Ran(run, self._changes)

    def _footer(self) -> Footer:
        whole = self._selection.whole if self._selection.shard else {}
        seconds = time.monotonic() - self._begun
        selected = {target: self._selection.here.get(target, 0) for target in self._state.options.targets}
        return footer_of(self._records, seconds, selected, whole)

    def _against(self, baseline: Baseline, run: Results) -> pytest.ExitCode:
        """The status of a run that is held against another one: it is red for what is worse, and for what has no verdict.

        A cell whose agent cannot be had is not worse: the status of the run says that it could not run.
        """
        self._changes = compare_runs(baseline.run, run, [(target, target) for target in self._state.options.targets])
        if self._records and not self._changes.compared:
            return pytest.ExitCode.USAGE_ERROR
        lost = [change for change in self._changes.lost if not change.after.not_run]
        red = self._changes.regressions or lost or self._changes.incomplete or self._without_verdict
        return pytest.ExitCode.TESTS_FAILED if red else pytest.ExitCode.OK
