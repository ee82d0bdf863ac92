"""The pytest plugin: scripts are collected, every cell is an item, verdicts are outcomes.

A pass passes, a fail fails, ``unsupported`` is skipped with the missing fact as its reason, ``broken`` is an error: what
pytest shows for what is not the test's own fault.  A cell that was not begun, because its agent cannot be had or was given
up, is no error of its own: it is counted as "not run", its reason is said once, and the status of the session is 3 unless
something failed.  So it is if no cell of a target ran.  A fail that is recorded as a deviation of its target is an expected one
(what pytest calls xfail), and a record that does not show as it stands fails.  Under xdist all cells of a target run on
one worker; the controller builds the agents once, before the workers start, and writes the results file.
"""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import pytest

from credstone.plugin.baseline import Baseline, open_baseline
from credstone.plugin.interruption import show_only_known_places
from credstone.plugin.items import CellItem, ScriptFile
from credstone.plugin.options import add_options
from credstone.plugin.recorder import SELECTED, Recorder
from credstone.plugin.selection import Selection
from credstone.plugin.state import STATE, State
from credstone.plugin.workers import HAS_SUITES, make_scheduler, named_paths, suites_of
from credstone.runner import Runner
from credstone.targets import check_target
from credstone.words.errors import CredstoneError
from credstone.words.verdict import BROKEN, DEVIATION, KNOWN, UNSTABLE, UNSUPPORTED

RECORDER = "credstone-recorder"
SELECTION = pytest.StashKey[Selection]()
BASELINE = pytest.StashKey[Baseline | None]()


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    state = config.stash[STATE] = State(config)
    for target in state.options.targets:
        try:
            check_target(target)
        except CredstoneError as error:
            raise pytest.UsageError(str(error)) from None
    selection = config.stash[SELECTION] = Selection(state)
    baseline = config.stash[BASELINE] = open_baseline(config, state)
    if not state.worker:
        config.pluginmanager.register(Recorder(state, selection, baseline), RECORDER)


def pytest_report_header(config: pytest.Config) -> list[str]:
    shard = config.stash[SELECTION].shard
    return [f"credstone: shard {shard}"] if shard else []


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScriptFile | None:
    if file_path.suffix == ".scn" and (file_path.parent.parent / "actors.toml").is_file():
        return ScriptFile.from_parent(parent, path=file_path)
    return None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """After -k has chosen: the shards are parts of what is left."""
    if config.stash[STATE].options.reverse:
        items.reverse()
    config.stash[SELECTION].choose(config, items)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Tells the runner what is coming, so that agents work ahead of the judge."""
    state = session.config.stash[STATE]
    selection = session.config.stash[SELECTION]
    items = [item for item in session.items if isinstance(item, CellItem)]
    selection.count(items)
    if state.worker:
        # a mapping that xdist gives the config of a worker, and of which pytest's types know nothing
        session.config.workeroutput[SELECTED] = selection.told()  # type: ignore[attr-defined]
    if selection.suite is None or session.config.option.collectonly:
        return
    suite = state.suite(selection.suite)
    gc.collect()
    gc.freeze()  # the collected items live until the end: looking through them again and again costs seconds
    state.runner = Runner(suite.actors, state.options.spec, deviations=state.given)
    state.runner.expect(item.cell for item in items for _ in range(state.options.repeat))
    if not state.worker:
        state.refuse_unreadable(state.runner)
        state.refuse_other_libraries(state.runner)
        abis = sorted({item.cell.abi for item in items} - {""})
        _recorder(session.config).open(state.runner, suite, abis)
        _recorder(session.config).announce([item.cell for item in items])


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """The controller probes the targets, and so builds the agents, before any worker starts."""
    state = config.stash[STATE]
    named = named_paths(config)
    folders = suites_of(named)
    config.stash[HAS_SUITES] = bool(folders)
    if folders:
        suite = state.suite(min(folders))
        runner = Runner(suite.actors, state.options.spec, deviations=state.given)
        scripts = {script for name in named for script in ([name] if name.is_file() else name.rglob("*.scn"))}
        try:
            state.refuse_unreadable(runner)
            state.refuse_other_libraries(runner)
            _recorder(config).open(runner, suite, state.abis(scripts))
            _recorder(config).announce(None)
        finally:
            runner.close()


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Cells are dealt by target where there are any."""
    return make_scheduler(config, log, config.stash[STATE].options.targets)


def pytest_runtest_protocol(item: pytest.Item) -> bool | None:
    if not isinstance(item, CellItem):
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    item.ihook.pytest_runtest_logreport(report=item.report())
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.hookimpl(tryfirst=True)
def pytest_keyboard_interrupt(excinfo: pytest.ExceptionInfo[BaseException]) -> None:
    show_only_known_places(excinfo)


def pytest_report_teststatus(report: pytest.TestReport, config: pytest.Config) -> tuple[str, str, str] | None:
    lines = getattr(report, "credstone", None)
    if not lines:
        return None
    record = lines[-1]
    baseline = config.stash[BASELINE]
    failed = "UNSTABLE" if record["reason"].startswith(UNSTABLE) else "FAILED"
    if baseline and report.failed and baseline.has(record):
        return "as before", "f", f"{failed} AS BEFORE"
    if (record["deviation"] or {}).get("state") == KNOWN:
        return DEVIATION, "d", "DEVIATION"
    if record["not_run"]:
        return "not run", "n", "NOT RUN"
    if report.failed and failed == "UNSTABLE":
        return "failed", "F", failed
    if record["verdict"] == UNSUPPORTED:
        return "unsupported", "u", "UNSUPPORTED"
    if record["verdict"] == BROKEN:
        return "error", "B", "BROKEN"
    return None


def pytest_sessionfinish(session: pytest.Session) -> None:
    state = session.config.stash[STATE]
    if state.runner is not None:
        selection = session.config.stash[SELECTION]
        selection.look_elsewhere(state.runner)
        if state.worker:
            session.config.workeroutput[SELECTED] = selection.told()  # type: ignore[attr-defined]
        state.runner.close()
        state.runner = None


def _recorder(config: pytest.Config) -> Recorder:
    recorder = config.pluginmanager.get_plugin(RECORDER)
    assert isinstance(recorder, Recorder)
    return recorder
