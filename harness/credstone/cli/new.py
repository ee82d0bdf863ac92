"""``credstone new``: the first files of a call, a page or a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from credstone.cli.options import Api, Suites, open_suite
from credstone.scaffold.call import new_call
from credstone.scaffold.draft import Draft, source_tree
from credstone.scaffold.page import new_page
from credstone.scaffold.scenario import new_scenario
from credstone.suite.load import Suite, shown
from credstone.words.errors import CredstoneError

new = App(name="new", help="Write the first files of a call, a page or a scenario, and print the steps that remain.")
Table = Literal["files", "groups", "ids", "namespaces", "privileges", "processes", "sockets"]


@new.command(name="call")
def write_call(
    name: Annotated[str, Parameter(help="the name of the call, as in C")],
    *,
    page: Annotated[str, Parameter(help="the folder of its page, such as setfoo.2")],
    arguments: Annotated[str, Parameter(help="the kinds of its arguments, such as id,id")] = "",
    table: Annotated[Table, Parameter(help="the table of calls that gets the row")] = "ids",
    api: Annotated[
        list[Api] | None,
        Parameter(negative="", help="an API that makes it (repeatable); without it every API makes it alike"),
    ] = None,
) -> int:
    """Declare a call: a row in the table of calls, and a function of the model without rules."""
    root = source_tree()
    if root is None:
        raise CredstoneError(
            "A call is part of the program, and this program is installed without its source tree.",
            "Clone the repository, and run the verb there after 'make .venv/ready'.",
        )
    kinds = [kind.strip() for kind in arguments.split(",") if kind.strip()]
    return _write(new_call(root, open_suite(root / "suites"), name, kinds, page=page, table=table, apis=api or ()))


@new.command(name="page")
def write_page(
    name: Annotated[str, Parameter(help="the name of the man page with its section, such as setfoo.2")],
    *,
    suites: Suites = None,
) -> int:
    """Make the folder of a page: a clause and a script that can be run."""
    return _write(new_page(_own_suite(suites), name))


@new.command(name="scenario")
def write_scenario(
    name: Annotated[str, Parameter(help="PAGE/SCRIPT or PAGE/SCRIPT/SCENARIO")],
    *,
    suites: Suites = None,
) -> int:
    """Make a script with one scenario that can be run."""
    return _write(new_scenario(_own_suite(suites), name))


def _own_suite(folder: Path | None) -> Suite:
    """The suite that gets the files: the named one, or that of the source tree."""
    root = source_tree()
    if folder is None and root is None:
        raise CredstoneError(
            "The suites of an installed package are not changed.", "Name a folder of your own: --suites FOLDER."
        )
    return open_suite(folder or (root / "suites" if root else None))


def _write(draft: Draft) -> int:
    for path in draft.write():
        print(f"{'added to' if path in draft.additions else 'wrote'} {shown(path)}")
    print("\nWhat remains:")
    for number, step in enumerate(draft.steps, 1):
        print(f"{number}. {step}")
    return 0
