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
    name: Annotated[str, Parameter(name="ID", help="a cell, or a scenario for its first cell")],
    *,
    language: Annotated[
        Literal["c", "python", "shell"] | None,
        Parameter(name="--as", negative="", help="the language; default: that of the cell's API"),
    ] = None,
    target: Annotated[
        str,
        Parameter(
            negative="",
            help="the target, for a scenario that starts as a container runtime left it, such as image:debian-12",
        ),
    ] = "",
    suites: Suites = None,
) -> int:
    """Print a stand-alone program that shows what one cell tests.

    The program needs root, and a C compiler and libc, or Python, or a shell with util-linux and coreutils. A shell cannot
    express every call; if so, the call is named. The program exits with 0 if the system behaves as expected, 1 if it shows
    the fault, 2 if the set-up is impossible. It ends when the time limit of the scenario is over. If it hangs or crashes it
    prints the line and exits with 1. It leaves no process behind.
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
