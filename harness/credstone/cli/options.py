"""The parameters that several verbs share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from credstone.plugin.options import HELP
from credstone.suite.load import Suite, default_folder, read_suite, refuse_unread
from credstone.suite.select import Selection, select
from credstone.words.errors import CredstoneError

Api = Literal["syscall", "libc", "python"]
Selected = Annotated[str, Parameter(help="a page (setgroups), a script, a scenario, a cell or a clause; default: all")]
Apis = Annotated[list[Api] | None, Parameter(name="--api", negative="", help=HELP["api"])]
Abi = Annotated[Literal["i386"] | None, Parameter(help=HELP["abi"])]
Actors = Annotated[list[str] | None, Parameter(name="--actor", negative="", help=HELP["actor"])]
Suites = Annotated[Path | None, Parameter(name="--suites", help="use the suites in this folder")]
Deviations = Annotated[
    list[str] | None,
    Parameter(negative="", help=HELP["deviations"]),
]
AsJson = Annotated[bool, Parameter(name="--json", negative="", help="print JSON")]


def open_suite(folder: Path | None) -> Suite:
    """The suite that is meant; a script with mistakes is refused where it is selected."""
    return read_suite(folder.resolve() if folder else default_folder())


def whole_suite(folder: Path | None) -> Suite:
    """The suite that is meant, for what needs every script: none may have mistakes."""
    suite = open_suite(folder)
    refuse_unread(suite.unread)
    return suite


def report_unread(suite: Suite, names: tuple[str, ...] = ()) -> None:
    """Reports the scripts with mistakes that the names may mean, or all, on standard error: the verb goes on without them."""
    try:
        refuse_unread(each for each in suite.unread if not names or any(map(each.concerns, names)))
    except CredstoneError as error:
        print(f"credstone: {error}", file=sys.stderr)


def selections(suite: Suite, names: tuple[str, ...]) -> list[Selection]:
    """What the names stand for; everything if there are none, and then no script may have mistakes."""
    if not names:
        refuse_unread(suite.unread)
    return [select(suite, name) for name in names] or [Selection(suite.scenarios)]
