"""The pytest plugin: scripts are collected, every cell is an item, verdicts are outcomes.

A pass passes, a fail fails, ``unsupported`` is skipped with the missing fact as its reason, ``broken`` is an error: it
shows in the set-up of the item, where pytest expects what is not the test's own fault.  Under xdist all cells of a
target run on one worker; the controller builds the agents once, before the workers start, and writes the results file.
"""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from credstone import __version__
from credstone.judge.judge import SPECS
from credstone.plan.cells import cells_of
from credstone.report.failure import show_failure
from credstone.report.summary import show_facts, show_summary
from credstone.results.file import ResultsWriter
from credstone.results.record import Header, Record, record_of
from credstone.runner import Runner
from credstone.suite.digest import suite_digest
from credstone.suite.load import APIS, Suite, load_script, load_suite, shown
from credstone.targets import TARGETS
from credstone.words.cell import Cell
from credstone.words.errors import CredstoneError, MachineError
from credstone.words.facts import Facts
from credstone.words.scenario import Scenario
from credstone.words.verdict import BROKEN, FAIL, UNSUPPORTED, Verdict

STATE = pytest.StashKey["State"]()
LOADED = pytest.StashKey[Suite]()
"""A suite that whoever started pytest has already read."""


class State:
    """What a session of pytest knows of Credstone."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.targets: list[str] = config.getoption("credstone_targets") or ["host"]
        self.apis: list[str] = config.getoption("credstone_apis") or []
        self.actors: list[str] = config.getoption("credstone_actors") or []
        self.spec: str = config.getoption("credstone_spec")
        self.repeat: int = config.getoption("credstone_repeat")
        self.chosen: set[str] | None = set(config.getoption("credstone_chosen") or []) or None
        self.suites: dict[Path, Suite] = {}
        self.runner: Runner | None = None
        self.writer: ResultsWriter | None = None
        self.records: list[Record] = []
        self.facts: dict[str, Facts] = {}
        self.unreachable: dict[str, str] = {}
        self.started = time.monotonic()

    def suite(self, folder: Path) -> Suite:
        """The suite in this folder; its scripts are there only if somebody has read them before."""
        loaded = self.config.stash.get(LOADED, None)
        if folder not in self.suites:
            self.suites[folder] = loaded if loaded and loaded.folder == folder else load_suite(folder, scripts=())
        return self.suites[folder]

    def scenarios(self, script: Path) -> list[Scenario]:
        """The scenarios of a script.  Raises Mistake."""
        suite = self.suite(script.parent.parent)
        read = [each for each in suite.scenarios if (each.page, each.script) == (script.parent.name, script.stem)]
        return read or load_script(suite, script)

    @property
    def distributed(self) -> bool:
        """Whether this is the controller of xdist's workers, which runs no cell itself."""
        return bool(getattr(self.config.option, "numprocesses", None)) and not hasattr(self.config, "workerinput")

    @property
    def worker(self) -> bool:
        """Whether this is one of xdist's workers."""
        return hasattr(self.config, "workerinput")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("credstone", "conformance of the credential calls")
    group.addoption("--target", action="append", dest="credstone_targets", metavar="NAME", help="what is tested (host)")
    group.addoption("--api", action="append", dest="credstone_apis", choices=APIS, help="only through this API")
    group.addoption("--actor", action="append", dest="credstone_actors", metavar="NAME", help="only as this actor")
    group.addoption("--spec", dest="credstone_spec", choices=SPECS, default="linux", help="what is judged by (linux)")
    group.addoption("--repeat", dest="credstone_repeat", type=int, default=1, metavar="N", help="run each cell N times")
    group.addoption("--reverse", dest="credstone_reverse", action="store_true", help="the last cell first")
    group.addoption("--results", dest="credstone_results", metavar="FILE", help="write a results file")
    group.addoption("--cell", action="append", dest="credstone_chosen", metavar="ID", help="only this scenario or cell")


class Loaded:
    """A plugin that hands over a suite that was read before pytest was started."""

    def __init__(self, suite: Suite) -> None:
        self.suite = suite

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[LOADED] = self.suite


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "xdist_group(name): the cells of one target stay on one worker")
    state = config.stash[STATE] = State(config)
    for unknown in set(state.targets) - set(TARGETS):
        raise pytest.UsageError(f"There is no target '{unknown}': there are {', '.join(TARGETS)}.")
    config.pluginmanager.register(Recorder(state), "credstone-recorder")


@pytest.hookimpl(trylast=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    if getattr(config.option, "dist", "no") == "load":
        config.option.dist = "loadgroup"


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScriptFile | None:
    if file_path.suffix == ".scn" and (file_path.parent.parent / "actors.toml").is_file():
        return ScriptFile.from_parent(parent, path=file_path)
    return None


class ScriptFile(pytest.File):
    """A script; its items are the cells of its scenarios."""

    def collect(self) -> Iterator[pytest.Item]:
        state = self.config.stash[STATE]
        suite = state.suite(self.path.parent.parent)
        for unknown in set(state.actors) - set(suite.actors):
            raise CredstoneError(f"There is no actor '{unknown}'.", f"There are {', '.join(sorted(suite.actors))}.")
        for scenario in state.scenarios(self.path):
            for cell in cells_of(scenario, suite.actors, state.targets, state.apis, state.actors):
                if state.chosen is None or not state.chosen.isdisjoint((scenario.id, cell.id)):
                    name = cell.id.removeprefix(f"{scenario.page}/{scenario.script}/")
                    yield CellItem.from_parent(self, name=f"{name}:{cell.target}", cell=cell)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, CredstoneError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)


class CellWrong(Exception):
    """A cell that failed or broke; its text is the report."""


class CellItem(pytest.Item):
    """One cell."""

    def __init__(self, *, cell: Cell, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cell = cell
        self.record: dict[str, Any] | None = None
        self._verdict: Verdict | None = None
        self.add_marker(pytest.mark.xdist_group(cell.target))

    def setup(self) -> None:
        state = self.config.stash[STATE]
        assert state.runner is not None
        verdicts = [state.runner.verdict(self.cell) for _ in range(state.repeat)]
        verdict = self._verdict = _stable(verdicts)
        self.record = msgspec.to_builtins(record_of(self.cell, verdict))
        if verdict.verdict == BROKEN:
            raise CellWrong(self._report(verdict))
        if verdict.verdict == UNSUPPORTED:
            pytest.skip(verdict.reason)

    def runtest(self) -> None:
        assert self._verdict is not None
        if self._verdict.verdict == FAIL:
            raise CellWrong(self._report(self._verdict))

    def _report(self, verdict: Verdict) -> str:
        state = self.config.stash[STATE]
        assert state.runner is not None
        facts = state.runner.facts_of(self.cell)
        clauses = state.suite(self.path.parent.parent).clauses
        return show_failure(self.cell, verdict, facts if isinstance(facts, Facts) else None, clauses)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, CellWrong | CredstoneError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.cell.scenario.number - 1, self.name


def _stable(verdicts: list[Verdict]) -> Verdict:
    """The verdict that all repetitions gave; a cell that gives several is unstable, and that is a fail."""
    counts = Counter(verdict.verdict for verdict in verdicts)
    if len(counts) == 1:
        return verdicts[0]
    told = ", ".join(f"{verdict} {count} times" for verdict, count in counts.most_common())
    worst = next((v for v in verdicts if v.verdict == FAIL), None) or next(v for v in verdicts if v.verdict == BROKEN)
    return msgspec.structs.replace(worst, verdict=FAIL, reason=f"unstable: {told}; {worst.reason}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("credstone_reverse"):
        items.reverse()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    state = session.config.stash[STATE]
    state.started = time.monotonic()


def pytest_collection_finish(session: pytest.Session) -> None:
    state = session.config.stash[STATE]
    items = [item for item in session.items if isinstance(item, CellItem)]
    if not items or session.config.option.collectonly:
        return
    suite = state.suite(items[0].path.parent.parent)
    gc.collect()
    gc.freeze()  # the collected items live until the end: looking through them again and again costs seconds
    state.runner = Runner(suite.actors, state.spec)
    state.runner.expect(item.cell for item in items for _ in range(state.repeat))
    if not state.worker:
        _open_results(state, state.runner, suite)


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """The controller probes the targets, and so builds the agents, before any worker starts."""
    state = config.stash[STATE]
    folders = {path.parent for arg in config.args for path in Path(arg.split("::")[0]).resolve().rglob("actors.toml")}
    for path in (Path(arg.split("::")[0]).resolve() for arg in config.args):
        folders |= {parent for parent in path.parents if (parent / "actors.toml").is_file()}
    if folders:
        suite = state.suite(min(folders))
        runner = Runner(suite.actors, state.spec)
        try:
            _open_results(state, runner, suite)
        finally:
            runner.close()


def _open_results(state: State, runner: Runner, suite: Suite) -> None:
    """Probes the targets and begins the results file."""
    for target in state.targets:
        for api in ("libc", "python"):
            if state.apis and (api == "python") != ("python" in state.apis) and len(set(state.apis)) == 1:
                continue
            facts = runner.facts(target, api)
            if isinstance(facts, Facts):
                state.facts[f"{target}:{api}"] = facts
            else:
                state.unreachable[f"{target}:{api}"] = str(facts)
    results = state.config.getoption("credstone_results")
    if results:
        header = Header(
            credstone=__version__,
            started=datetime.now(UTC).isoformat(timespec="seconds"),
            suite=suite_digest(suite.folder),
            command=tuple(str(arg) for arg in state.config.invocation_params.args),
            spec=state.spec,
            facts=state.facts,
            unreachable=state.unreachable,
        )
        try:
            state.writer = ResultsWriter(Path(results), header)
        except MachineError as error:
            pytest.exit(str(error), returncode=MachineError.status)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    outcome = yield
    if isinstance(item, CellItem) and item.record is not None:
        report = outcome.get_result()  # type: ignore[attr-defined]
        if report.when == "call" or not report.passed:
            report.credstone = item.record
            item.record = None


class Recorder:
    """Keeps the records, in the process that also reports to the person: there the hook is told of every report."""

    def __init__(self, state: State) -> None:
        self.state = state

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        raw = getattr(report, "credstone", None)
        if raw is not None and not self.state.worker:
            record = msgspec.convert(raw, Record)
            self.state.records.append(record)
            if self.state.writer is not None:
                self.state.writer.add(record)


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    record = getattr(report, "credstone", None)
    if record is None:
        return None
    if record["verdict"] == UNSUPPORTED:
        return "unsupported", "u", "UNSUPPORTED"
    if record["verdict"] == BROKEN:
        return "error", "B", "BROKEN"
    return None


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    state = config.stash[STATE]
    if state.records:
        for line in show_facts(state.facts, state.unreachable):
            terminalreporter.write_line(line)
        for line in show_summary(state.records):
            terminalreporter.write_line(line)
        if state.writer is not None:
            terminalreporter.write_line(f"results: {shown(state.writer.path.resolve())}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    state = session.config.stash[STATE]
    if state.runner is not None:
        state.runner.close()
        state.runner = None
    if state.writer is not None:
        state.writer.close(time.monotonic() - state.started)
