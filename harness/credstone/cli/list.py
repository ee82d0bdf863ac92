"""``credstone list``: scenarios, cells, actors, calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, TypeAlias

import msgspec
from cyclopts import Parameter

from credstone.calls.apis import apis_of
from credstone.calls.table import Declaration, declarations
from credstone.cli.options import Actors, Apis, AsJson, Selected, Suites, open_suite, report_unread
from credstone.plan.cells import cells_of
from credstone.suite.load import Suite
from credstone.suite.select import Selection, refuse_unknown, select_readable
from credstone.words.cell import Cell
from credstone.words.scenario import Scenario

Row: TypeAlias = dict[str, Any]


def list_cells(
    *selection: Selected,
    api: Apis = None,
    actor: Actors = None,
    cells: Annotated[bool, Parameter(negative="", help="list cells, one id a line")] = False,
    actors: Annotated[bool, Parameter(negative="", help="list actors, with their credentials")] = False,
    calls: Annotated[
        bool, Parameter(negative="", help="list the calls that a script can use, with their arguments")
    ] = False,
    json: AsJson = False,
    suites: Suites = None,
) -> int:
    """List scenarios, cells, actors or calls."""
    if calls:
        _print((_call(call) for call in declarations().values()), json, _call_line)
        return 0
    suite = open_suite(suites)
    if actors:
        rows = ({"actor": name, "about": entry.about} for name, entry in suite.actors.items())
        _print(rows, json, lambda row: f"{row['actor']:<24} {row['about']}")
        return 0
    refuse_unknown("actor", actor or (), suite.actors)
    found = list(_cells(suite, selection, api or [], actor or []))
    report_unread(suite, selection)
    if cells:
        _print((_row(cell) for cell in found), json, lambda row: str(row["id"]))
        return 0
    scenarios = {cell.scenario.id: cell.scenario for cell in found}
    _print((_about(scenario) for scenario in scenarios.values()), json, _line)
    return 0


def _call(call: Declaration) -> Row:
    forms = [" ".join(map(str, form)) for form in call.forms]
    return {"call": call.name, "forms": forms, "answer": call.answer, "apis": call.apis}


def _call_line(row: Row) -> str:
    return "\n".join(f"{row['call']}({form.replace(' ', ', ')})" for form in row["forms"])


def _cells(suite: Suite, names: tuple[str, ...], apis: Sequence[str], actors: Sequence[str]) -> Iterator[Cell]:
    seen = set()
    for chosen in [select_readable(suite, name) for name in names] or [Selection(suite.scenarios)]:
        for scenario in chosen.scenarios:
            for cell in cells_of(scenario, suite.actors, ["host"], [chosen.api] if chosen.api else apis, actors):
                if chosen.actor in ("", cell.actor.name) and cell.id not in seen:
                    seen.add(cell.id)
                    yield cell


def _row(cell: Cell) -> Row:
    return {"id": cell.id, "scenario": cell.scenario.id, "page": cell.scenario.page, "actor": cell.actor.name,
            "api": cell.api, "clauses": cell.scenario.cites}  # fmt: skip


def _about(scenario: Scenario) -> Row:
    return {"scenario": scenario.id, "page": scenario.page, "about": scenario.about, "actors": scenario.actors,
            "apis": apis_of(scenario), "clauses": scenario.cites, "path": scenario.path, "line": scenario.number}  # fmt: skip


def _line(row: Row) -> str:
    return f"{row['scenario']}\n    {' '.join(row['actors'])} · {' '.join(row['apis'])} · {' '.join(row['clauses'])}"


def _print(rows: Iterator[Row], json: bool, line: Callable[[Row], str]) -> None:
    for row in rows:
        print(msgspec.json.encode(row).decode() if json else line(row))
