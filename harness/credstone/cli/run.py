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
    target: Annotated[
        list[str] | None,
        Parameter(negative="", help="what is tested: host, image:NAME, kernel:PATH, qemu-user:ARCH, … (repeatable)"),
    ] = None,
    api: Apis = None,
    actor: Actors = None,
    abi: Abi = None,
    spec: Annotated[Literal["linux", "man"], Parameter(help="judge by Linux, or by the pages alone")] = "linux",
    keyword: Annotated[str, Parameter(name="-k", help="only cells whose name matches, as pytest's -k")] = "",
    workers: Annotated[str, Parameter(name="-n", help="workers, as pytest-xdist's -n; a target stays on one")] = "0",
    repeat: Annotated[
        int,
        Parameter(help="run each cell N times; one that does not come to the same each time is unstable, and fails"),
    ] = 1,
    reverse: Annotated[
        bool, Parameter(negative="", help="the last cell first: no verdict may depend on the order")
    ] = False,
    deviations: Deviations = None,
    shard: Annotated[
        str,
        Parameter(help="K/N: only the K-th of N parts that are equally long; 'credstone merge' joins their results"),
    ] = "",
    baseline: Annotated[
        Path | None,
        Parameter(help="the results file of an earlier run: say what changed, and be red for what is worse"),
    ] = None,
    results: Annotated[Path | None, Parameter(help="write a results file, JSON lines")] = None,
    exit_first: Annotated[bool, Parameter(name=["-x", "--exitfirst"], negative="", help="stop at the first")] = False,
    color: Annotated[
        Literal["auto", "always", "never"], Parameter(help="auto: on a terminal, unless NO_COLOR is set")
    ] = "auto",
    verbose: Annotated[bool, Parameter(name=["-v", "--verbose"], negative="", help="a line for each cell")] = False,
    reports: Reports = NONE,
    suites: Suites = None,
) -> int:
    """Run the suite, or what is selected of it, and report.

    The status is 0 if every target was tested and nothing failed or broke except what is recorded as a known deviation of
    its target, 1 if something did, 2 for a mistake in what was asked and for a run that was interrupted.

    The status is 3 if nothing failed and a target was not tested: all of its cells are unsupported, none was selected for
    it, or its agent cannot be had (no compiler, no engine, a kernel that does not boot).  A shard may be empty, or have only
    cells that do not apply, if cells of another shard do.

    With --baseline it is 1 only for what is worse than in the baseline: a cell that passed there, or failed as it is recorded
    of its target, and fails now; a cell that is broken now and was not; a cell that passed there and is unsupported or unstable
    now.  What failed there and fails now is an old friend.  A cell that fails and was not judged there, because it is new or
    was unsupported, is listed and turns nothing red; nor does a recorded deviation that is gone, a cell that was not selected,
    or one that was unstable there.  A script that cannot be read, and whatever else has no verdict, is 1 as ever.
    """
    suite = open_suite(suites)
    if shard:
        parse_shard(shard)
    if repeat < 1:
        raise CredstoneError("--repeat takes a number from 1 on.")
    refuse_unknown("actor", actor or (), suite.actors)
    chosen = selections(suite, selection)
    target = target or list(dict.fromkeys(each.target or "host" for each in chosen))
    for each in target:
        check_target(each)
    if not (workers.isdecimal() or workers in ("auto", "logical")):
        raise CredstoneError(f"-n takes a number of workers, or auto, and not '{workers}'.")
    arguments = [
        "-c", os.devnull, "--rootdir", str(suite.folder), "--no-header", "-rN", "-v" if verbose else "-q",
        "--color", {"always": "yes", "never": "no"}.get(color, color), "--spec", spec, "--repeat", str(repeat), *_LEFT_OUT,
    ]  # fmt: skip
    for given in deviations or ():
        _, path = whose(given, target)
        refuse_mistaken(read_deviations(path), suite)
    arguments += [f"--deviations={given}" for given in deviations or ()]
    arguments += _chosen(suite, chosen if selection else [], api or [], actor or [], abi or "")
    arguments += ["--abi", abi] if abi else []
    for option, values in (("--target", target), ("--api", api), ("--actor", actor)):
        arguments += [part for value in values or () for part in (option, value)]
    arguments += ["-k", keyword] if keyword else []
    arguments += ["--shard", shard] if shard else []
    arguments += ["--baseline", str(baseline)] if baseline else []
    arguments += ["--results", str(results)] if results else []
    arguments += ["-x"] if exit_first else []
    arguments += ["--reverse"] if reverse else []
    reports.refuse(results)
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
) -> list[str]:
    """The scripts to collect, and the cells to take of them where not all are meant."""
    if not selected:
        return [str(suite.folder)]
    scripts: dict[str, None] = {}
    cells: dict[str, None] = {}
    for chosen in selected:
        for scenario in chosen.scenarios:
            scripts[str(_path(suite, scenario))] = None
            found = cells_of(scenario, suite.actors, [""], [chosen.api] if chosen.api else apis, actors)
            if chosen.abi or abi:
                found = through_abi(chosen.abi or abi, found)
            for cell in found:
                if chosen.actor in ("", cell.actor.name):
                    cells[cell.id] = None
    if not cells:
        raise CredstoneError(
            "Nothing that is selected can run so.", "'credstone list' shows the actors and APIs of each."
        )
    return [*scripts, *(f"--cell={cell}" for cell in cells)]


def _path(suite: Suite, scenario: Scenario) -> Path:
    own = Path(scenario.path)
    return own.resolve() if own.is_file() else suite.folder / scenario.page / f"{scenario.script}.scn"


def _status(status: int) -> int:
    if status == pytest.ExitCode.NO_TESTS_COLLECTED:
        raise CredstoneError("Nothing was selected.", "'credstone list' shows all that there is.")
    return CredstoneError.status if status == pytest.ExitCode.USAGE_ERROR else status
