"""The run that this one is held against: what fails as it failed there is an old friend, and turns nothing red."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from credstone.plugin.state import State
from credstone.results.by_target import targets_of
from credstone.results.completeness import unfinished
from credstone.results.file import Results, read_results
from credstone.words.errors import CredstoneError
from credstone.words.verdict import BROKEN, FAIL


class Baseline:
    """A baseline, and which of its cells failed or were broken."""

    def __init__(self, run: Results) -> None:
        self.run = run
        self._failed = {(cell.target, cell.id): cell.verdict for cell in run.records if cell.verdict in (FAIL, BROKEN)}

    def has(self, record: Mapping[str, Any]) -> bool:
        """Whether a cell, as a report has it, failed or was broken then as it is now."""
        return bool(self._failed.get((record["target"], record["id"])) == record["verdict"])


def open_baseline(config: pytest.Config, state: State) -> Baseline | None:
    """The baseline of a session.  Raises UsageError where this run cannot be held against it."""
    given = state.options.baseline
    if not given or state.worker:
        return None
    try:
        run = read_results(Path(given))
        _refuse(run, state, stops=bool(config.getoption("maxfail", 0)))
    except CredstoneError as error:
        raise pytest.UsageError(str(error)) from None
    return Baseline(run)


def _refuse(run: Results, state: State, *, stops: bool) -> None:
    if stops:
        raise CredstoneError(
            "-x and --baseline cannot be combined: -x would stop at the first known failure.",
            "Leave one of them out.",
        )
    for why in unfinished(run):
        raise CredstoneError(
            f"The baseline {run.path} {why}.", "What it does not have cannot regress: make one of a whole run."
        )
    if run.header.spec != state.options.spec:
        raise CredstoneError(
            f"The baseline {run.path} was judged with --spec {run.header.spec}, and this run is with --spec {state.options.spec}.",
            f"Say --spec {run.header.spec}, or make another baseline.",
        )
    there_are = targets_of(run)
    for target in state.options.targets:
        if target not in there_are:
            raise CredstoneError(
                f"The baseline {run.path} has no target {target}.",
                f"It has {', '.join(there_are) or 'none'}.  'credstone diff' compares targets of different names.",
            )
