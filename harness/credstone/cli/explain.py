"""``credstone explain``: a clause, a scenario, or a cell, and how the model comes to its answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

from credstone.cli.options import Suites, open_suite
from credstone.explain.cell import explain_cell
from credstone.explain.clause import explain_clause
from credstone.explain.observation import from_results, on_the_spot
from credstone.explain.scenario import explain_scenario
from credstone.plan.cells import cells_of, through_abi
from credstone.results.file import Results, read_results
from credstone.suite.load import Suite, other_folder
from credstone.suite.select import Selection, select_readable
from credstone.targets import check_target
from credstone.text.commands import pasted
from credstone.words.cell import Cell
from credstone.words.errors import CredstoneError

HERE = "host"


def explain(
    name: Annotated[str, Parameter(name="ID", help="a clause, a scenario or a cell")],
    *,
    results: Annotated[Path | None, Parameter(help="show the answers in this results file")] = None,
    target: Annotated[
        str,
        Parameter(
            negative="", help="the target: one in the results file, or the one to run the cell on now (default: host)"
        ),
    ] = "",
    suites: Suites = None,
) -> int:
    """Explain a clause, a scenario or a cell.

    A cell is run now or read from a results file. For each line, the output shows the conditions that the model checked,
    whether each held and why, what followed, and what the target answered. A line that differs is marked.
    """
    suite = open_suite(suites)
    if name in suite.clauses:
        print("\n".join(explain_clause(suite, suite.clauses[name])))
        return 0
    run = read_results(results) if results else None
    chosen = select_readable(suite, name)
    target = target or chosen.target
    if target and not run:
        check_target(target)
    pages = ["\n".join(page) for page in _pages(suite, chosen, run, results, target)]
    print("\n\n".join(pages))
    return 0


def _pages(
    suite: Suite, chosen: Selection, run: Results | None, path: Path | None, target: str
) -> Iterator[Iterator[str]]:
    """A page for each scenario that is meant; of one alone its first cell, of a cell's id all that it stands for."""
    for scenario in chosen.scenarios:
        yield explain_scenario(suite, scenario)
        if not (chosen.actor or len(chosen.scenarios) == 1):
            continue
        cells = cells_of(
            scenario,
            suite.actors,
            [target or HERE],
            [chosen.api] if chosen.api else [],
            [chosen.actor] if chosen.actor else [],
        )
        cells = through_abi(chosen.abi, cells) if chosen.abi else cells
        if not cells:
            how = pasted("list", scenario.id, "--cells", suites=other_folder(suite.folder))
            raise CredstoneError(f"{scenario.id} has no such cell.", f"This prints its cells: {how}")
        for cell in cells if chosen.actor else cells[:1]:
            yield _cell(suite, cell, run, path, target)


def _cell(suite: Suite, cell: Cell, run: Results | None, path: Path | None, target: str) -> Iterator[str]:
    if run is None or path is None:
        return explain_cell(suite, on_the_spot(suite, cell))
    return explain_cell(suite, from_results(suite, msgspec.structs.replace(cell, target=""), run, path, target))
