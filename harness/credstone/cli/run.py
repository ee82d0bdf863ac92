"""``credstone run``: the suite, or part of it, on one or more targets."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import nullcontext, redirect_stdout
from pathlib import Path
from typing import Annotated, Literal

import pytest
from cyclopts import Parameter

from credstone import plugin
from credstone.cli.options import Abi, Actors, Apis, Deviations, Selected, Suites, open_suite, selections
from credstone.cli.reports import NONE, Reports
from credstone.deviations.check import refuse_mistaken
from credstone.deviations.file import read_deviations, whose
from credstone.plan.cells import cells_of, through_abi
from credstone.plan.shards import parse_shard
from credstone.plugin.options import HELP, RunOptions, as_arguments
from credstone.plugin.progress import Shown
from credstone.plugin.state import Loaded
from credstone.report.truncation import cut_off
from credstone.results.diff import Changes
from credstone.results.file import Results
from credstone.suite.load import Suite
from credstone.suite.select import Selection, refuse_unknown
from credstone.targets import check_target
from credstone.words.errors import CredstoneError
from credstone.words.scenario import Scenario

_NOT_FOR_CELLS = (
    "cacheprovider",
    "logging",
    "unraisableexception",
    "threadexception",
    "doctest",
    "hypothesispytest",
    "warnings",
)
_LEFT_OUT = [
    *(f"-pno:{name}" for name in _NOT_FOR_CELLS),
    "--capture=no",
    "--override-ini=console_output_style=classic",
]
"""What of pytest does nothing for cells, and costs a third of the time of a run."""
_ONLY_OURS = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
"""Whatever other plugins are installed here: a run looks the same with and without them."""


def run(
    *selection: Selected,
    target: Annotated[list[str] | None, Parameter(negative="", help=HELP["target"])] = None,
    api: Apis = None,
    actor: Actors = None,
    abi: Abi = None,
    spec: Annotated[Literal["linux", "man"], Parameter(help=HELP["spec"])] = "linux",
    keyword: Annotated[str, Parameter(name="-k", help="run only cells whose name matches, as pytest's -k")] = "",
    workers: Annotated[
        str, Parameter(name="-n", help="number of workers, as pytest-xdist's -n; each target uses one")
    ] = "0",
    repeat: Annotated[int, Parameter(help=HELP["repeat"])] = 1,
    reverse: Annotated[bool, Parameter(negative="", help=HELP["reverse"])] = False,
    deviations: Deviations = None,
    shard: Annotated[str, Parameter(help=HELP["shard"])] = "",
    baseline: Annotated[Path | None, Parameter(help=HELP["baseline"])] = None,
    results: Annotated[Path | None, Parameter(help=HELP["results"])] = None,
    exit_first: Annotated[
        bool, Parameter(name=["-x", "--exitfirst"], negative="", help="stop at the first failure")
    ] = False,
    color: Annotated[
        Literal["auto", "always", "never"], Parameter(help="auto: on a terminal, unless NO_COLOR is set")
    ] = "auto",
    verbose: Annotated[
        bool, Parameter(name=["-v", "--verbose"], negative="", help="print a line for each cell")
    ] = False,
    reports: Reports = NONE,
    suites: Suites = None,
) -> int:
    """Run the suite, or a part of it, on one or more targets.

    Exit status:

    0: every target was tested, and nothing failed except what is recorded as a known deviation of its target.

    1: a cell failed or is broken.

    2: the command line or a script has a mistake, or the run was interrupted.

    3: nothing failed, and a target was not tested: all its cells are unsupported, none was selected for it, or its agent
    cannot start (no compiler, no engine, a kernel that does not boot).  A shard may be empty, or have only unsupported
    cells, if cells of another shard run.

    With --baseline the status is 1 only if something is worse than in the baseline: a cell that passed, or failed as
    recorded, now fails; a cell is newly broken; a cell that passed is now unsupported or unstable.  A cell that also failed
    in the baseline does not fail the run.  A cell that fails and has no verdict in the baseline is listed and does not fail
    the run either; nor does a recorded deviation that is gone, a cell that was not selected, or a cell that was unstable in
    the baseline.
    """
    suite = open_suite(suites)
    if shard:
        parse_shard(shard)
    if repeat < 1:
        raise CredstoneError("--repeat takes a number from 1 on.")
    refuse_unknown("actor", actor or (), suite.actors)
    chosen = selections(suite, selection)
    targets = tuple(target or dict.fromkeys(each.target or "host" for each in chosen))
    for each in targets:
        check_target(each)
    if not (workers.isdecimal() or workers in ("auto", "logical")):
        raise CredstoneError(f"-n takes a number of workers, or auto, and not '{workers}'.")
    for given in deviations or ():
        _, path = whose(given, targets)
        refuse_mistaken(read_deviations(path), suite)
    reports.refuse(results)
    scripts, cells = _chosen(suite, chosen if selection else [], api or [], actor or [], abi or "")
    options = RunOptions(
        targets=targets,
        apis=tuple(api or ()),
        actors=tuple(actor or ()),
        abi=abi or "",
        spec=spec,
        repeat=repeat,
        reverse=reverse,
        results=str(results or ""),
        deviations=tuple(deviations or ()),
        shard=shard,
        baseline=str(baseline or ""),
        cells=cells,
    )
    arguments = [
        "-c", os.devnull, "--rootdir", str(suite.folder), "--no-header", "-rN", "-v" if verbose else "-q",
        "--color", {"always": "yes", "never": "no"}.get(color, color), *_LEFT_OUT, *as_arguments(options), *scripts,
        *(["-k", keyword] if keyword else []), *(["-x"] if exit_first else []),
    ]  # fmt: skip
    loaded = Loaded(suite)
    with redirect_stdout(sys.stderr) if reports.to_stdout else nullcontext():
        status = _status(_pytest(arguments, [loaded] if verbose else [loaded, Shown(color)], workers))
        if loaded.ran is not None:
            _report(reports, *loaded.ran)
    return status


def _report(reports: Reports, run: Results, changes: Changes | None) -> None:
    """Makes the reports that were asked for, of an interrupted run as far as it went."""
    if not reports.asked:
        return
    if why := cut_off(run):
        print(f"credstone: {why}", file=sys.stderr)
    reports.write(run, changes)
    for name, path in reports.asked.items():
        print(f"{name}: {path}")


def _pytest(arguments: list[str], plugins: list[object], workers: str) -> int:
    """Runs pytest in this process: with our plugin alone, or, to have workers, with all that it finds."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)  # as Ctrl-C: nothing is left behind
    if workers != "0":
        return int(pytest.main([*arguments, "-n", workers], plugins))
    before = os.environ.get(_ONLY_OURS)
    os.environ[_ONLY_OURS] = "1"
    try:
        return int(pytest.main(arguments, [plugin, *plugins]))
    finally:
        os.environ.pop(_ONLY_OURS)
        os.environ.update({_ONLY_OURS: before} if before else {})


def _chosen(
    suite: Suite, selected: Sequence[Selection], apis: Sequence[str], actors: Sequence[str], abi: str
) -> tuple[list[str], frozenset[str]]:
    """The scripts to collect, and the cells to run of them; no cells if all are meant."""
    if not selected:
        return [str(suite.folder)], frozenset()
    scripts: dict[str, None] = {}
    cells: set[str] = set()
    for chosen in selected:
        for scenario in chosen.scenarios:
            scripts[str(_path(suite, scenario))] = None
            found = cells_of(scenario, suite.actors, [""], [chosen.api] if chosen.api else apis, actors)
            if chosen.abi or abi:
                found = through_abi(chosen.abi or abi, found)
            for cell in found:
                if chosen.actor in ("", cell.actor.name):
                    cells.add(cell.id)
    if not cells:
        raise CredstoneError(
            "No selected scenario runs with this actor, API and ABI.",
            "'credstone list' prints the actors and APIs of each scenario.",
        )
    return list(scripts), frozenset(cells)


def _path(suite: Suite, scenario: Scenario) -> Path:
    own = Path(scenario.path)
    return own.resolve() if own.is_file() else suite.folder / scenario.page / f"{scenario.script}.scn"


def _status(status: int) -> int:
    if status == pytest.ExitCode.NO_TESTS_COLLECTED:
        raise CredstoneError("Nothing was selected.", "'credstone list' prints all scenarios.")
    return CredstoneError.status if status == pytest.ExitCode.USAGE_ERROR else status
