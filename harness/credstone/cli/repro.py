"""``credstone repro``: a cell as one stand-alone program, for a bug report."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from credstone.cli.options import Suites, open_suite
from credstone.repro.program import find_cell, program
from credstone.suite.select import select
from credstone.targets import open_target
from credstone.words.cell import NATIVE
from credstone.words.container_start import Asked


def repro(
    name: Annotated[str, Parameter(name="ID", help="a cell, or a scenario: then its first cell")],
    *,
    language: Annotated[
        Literal["c", "python", "shell"] | None,
        Parameter(name="--as", negative="", help="the language; of itself that of the cell's API"),
    ] = None,
    target: Annotated[
        str, Parameter(negative="", help="for a process as a runtime started it: the target, such as image:debian-12")
    ] = "",
    suites: Suites = None,
) -> int:
    """Print a stand-alone program that shows what one cell tests.

    It needs root, and a C compiler and libc, or Python, or a shell with util-linux and coreutils: not all can be said by a
    shell, and what cannot is named.  Its status is 0 if the system does as expected, 1 if it shows the fault, 2 if the
    set-up is not possible.  A program ends after the time that the scenario has: where it hangs or crashes it prints the line,
    and the status is 1.  It leaves no process behind.
    """
    suite = open_suite(suites)
    target = target or select(suite, name).target
    speaks_of_it = target and find_cell(suite, name, language or "").scenario.speaks_of_asked
    print(program(suite, name, language or "", _asked(target) if speaks_of_it else None), end="")
    return 0


def _asked(name: str) -> Asked | None:
    """What the runtime of a target was asked for."""
    target = open_target(name)
    try:
        return target.facts(NATIVE).asked
    finally:
        target.close()
