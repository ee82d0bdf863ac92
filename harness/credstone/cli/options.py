"""The parameters that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from credstone.suite.load import Suite, default_folder, load_suite
from credstone.suite.select import Selection, select

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
    """The whole suite that is meant."""
    return load_suite(folder.resolve() if folder else default_folder())


def selections(suite: Suite, names: tuple[str, ...]) -> list[Selection]:
    """What the names stand for; everything where there are none."""
    return [select(suite, name) for name in names] or [Selection(suite.scenarios)]
