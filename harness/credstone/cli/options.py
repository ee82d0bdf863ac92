"""The parameters that several verbs share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from credstone.suite.load import Suite, default_folder, read_suite, refuse_unread
from credstone.suite.select import Selection, select
from credstone.words.errors import CredstoneError

Api = Literal["syscall", "libc", "python"]
Selected = Annotated[str, Parameter(help="a page (setgroups), a script, a scenario, a cell, a clause; none: all")]
Apis = Annotated[list[Api] | None, Parameter(name="--api", negative="", help="only through this API (repeatable)")]
Abi = Annotated[Literal["i386"] | None, Parameter(help="only through the agent for this ABI: no cell of Python's")]
Actors = Annotated[list[str] | None, Parameter(name="--actor", negative="", help="only as this actor (repeatable)")]
Suites = Annotated[Path | None, Parameter(name="--suites", help="another folder of suites")]
Deviations = Annotated[
    list[str] | None,
    Parameter(negative="", help="[TARGET=]FILE with known deviations, of a target that has none beside it"),
]
AsJson = Annotated[bool, Parameter(name="--json", negative="", help="for programs: JSON on standard output")]


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
