"""Programs made, compiled and run, and held against what a run of the suite says of the same cell."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from credstone.agent.build import ABIS
from credstone.model.machine import MACHINES
from credstone.plan.container_start import as_asked
from credstone.repro.program import write
from credstone.runner import Runner
from credstone.suite.load import Suite, default_folder, load_suite
from credstone.words.cell import Cell
from credstone.words.verdict import FAIL, PASS, UNSUPPORTED

CC = ("cc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-pipe", "-pthread")
LIMIT = 60
ROOT = os.geteuid() == 0
compiler = pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler (cc)")
needs_root = pytest.mark.skipif(not ROOT, reason="needs root: without it no actor but the caller can be had")


@cache
def suite() -> Suite:
    return load_suite(default_folder())


def verdicts(runner: Runner, cells: Iterable[Cell]) -> list[tuple[Cell, str]]:
    """The cells with what a run on this machine says of them."""
    there_are = list(cells)
    runner.expect(there_are)
    return [(cell, runner.verdict(cell).verdict) for cell in there_are]


def all_of(cells: list[tuple[Cell, str]], check: Callable[[Cell, str], str]) -> list[str]:
    """What is wrong with these cells, worked through on all processors."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [found for found in pool.map(lambda each: check(*each), cells) if found]


def written(cell: Cell, of: Suite | None = None, language: str = "") -> str:
    """The program; what is about a process as a runtime started it, for one of those that the model knows."""
    fitting = (each.asked for each in MACHINES if not as_asked(cell.scenario, each.asked)[1])
    return write(cell, of or suite(), next(fitting), language)


def file_name(cell: Cell) -> str:
    return re.sub(r"\W", "_", cell.id)


@cache
def can_compile_for(abi: str) -> bool:
    command = ["cc", *ABIS[abi], "-x", "c", "-o", os.devnull, "-"]
    done = subprocess.run(command, input="#include <stdio.h>\nint main(void) { return 0; }\n", text=True, check=False)
    return done.returncode == 0


def compiled(cell: Cell, folder: Path, *flags: str, of: Suite | None = None) -> Path:
    binary = folder / file_name(cell)
    source = folder / f"{file_name(cell)}.c"
    source.write_text(written(cell, of))
    flags += ABIS[cell.abi]
    done = subprocess.run([*CC, *flags, str(source), "-o", str(binary)], capture_output=True, text=True, check=False)
    source.unlink()
    assert done.returncode == 0, f"{cell.id}\n{done.stderr}"
    return binary


def disagreement(cell: Cell, verdict: str, *command: str) -> str:
    """What a program said that came to something else than the run; empty if they agree, or if the cell does not apply."""
    if verdict == UNSUPPORTED or cell.actor.as_started:
        return ""
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    agrees = {PASS: done.returncode == 0, FAIL: done.returncode == 1 or done.returncode < 0}.get(verdict, False)
    told = f"{cell.id}: {verdict} in a run, status {done.returncode} of the program"
    return "" if agrees else f"{told}\n{done.stdout}{done.stderr}"


def disagreement_in_c(cell: Cell, verdict: str, folder: Path, *flags: str) -> str:
    """Compiles the program in any case."""
    if cell.abi and not can_compile_for(cell.abi):
        return ""
    binary = compiled(cell, folder, *flags)
    found = disagreement(cell, verdict, str(binary)) if ROOT else ""
    binary.unlink()
    return found


def disagreement_in_python(cell: Cell, verdict: str, folder: Path) -> str:
    source = folder / f"{file_name(cell)}.py"
    source.write_text(written(cell))
    return disagreement(cell, verdict, sys.executable, str(source))


def disagreement_in_shell(cell: Cell, verdict: str, folder: Path) -> str:
    source = folder / f"{file_name(cell)}.sh"
    text = written(cell, language="shell")
    if "must setcap " in text and shutil.which("setcap") is None:
        return ""
    source.write_text(text)
    return disagreement(cell, verdict, "sh", str(source))
