"""``credstone repro``: a cell as one stand-alone program, for a bug report."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from credstone.cli.options import Suites, open_suite
from credstone.repro.program import program


def repro(
    name: Annotated[str, Parameter(name="ID", help="a cell, or a scenario: then its first cell")],
    *,
    language: Annotated[
        Literal["c", "python"] | None,
        Parameter(name="--as", negative="", help="the language; of itself that of the cell's API"),
    ] = None,
    suites: Suites = None,
) -> int:
    """Print a stand-alone program that shows what one cell tests.

    It needs a C compiler and libc, or Python, and root.  Its status is 0 if the system does as expected, 1 if it shows
    the fault, 2 if the set-up is not possible.
    """
    print(program(open_suite(suites), name, language or ""), end="")
    return 0
