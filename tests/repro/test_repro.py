"""The stand-alone programs: they compile without a warning, agree with this machine, and show a fault where there is one.

A sample of the scenarios is made, in which every call and every feature of the notation occurs.  With CREDSTONE_SWEEP=1 a
program of every scenario and API is made, compiled and run; that takes a quarter of an hour.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from building import make_suite
from credstone.plan.asked import as_asked
from credstone.plan.cells import cells_of
from credstone.plan.missing import missing_for
from credstone.plan.setup import plan_actor
from credstone.repro.program import find_cell, program, write
from credstone.suite.load import Suite, default_folder, load_suite
from credstone.suite.select import select
from credstone.targets import open_target
from credstone.targets.model import MACHINES
from credstone.words.cell import Cell
from credstone.words.errors import CredstoneError
from credstone.words.facts import Facts
from credstone.words.scenario import Scenario
from repro.sample import all_cells, sample

CC = ("cc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-pthread")
BITS = {"i386": 32}
LIMIT = 60
SAVED_GID = "setreuid.2/matrix-gid/effective-other-than-real-moves-saved[egid=2000]@three-gids"
KEEPS_SAVED = """\
#define _GNU_SOURCE
#include <unistd.h>
int setregid(gid_t real, gid_t effective) { return setresgid(real, effective, -1); }
"""
"""A C library whose setregid(2) leaves the saved set-group-ID as it is."""

ROOT = os.geteuid() == 0
compiler = pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler (cc)")
needs_root = pytest.mark.skipif(not ROOT, reason="needs root: without it no actor but the caller can be had")


@cache
def suite() -> Suite:
    return load_suite(default_folder())


@cache
def facts() -> Facts:
    """What this machine is."""
    target = open_target("host")
    try:
        return target.facts("native")
    finally:
        target.close()


def some(*, python: bool) -> Iterator[Cell]:
    """A sample of the cells; with CREDSTONE_SWEEP=1 one of every scenario and API."""
    chosen = all_cells if os.environ.get("CREDSTONE_SWEEP") else sample
    return chosen(suite(), python=python)


@cache
def can_compile_for(abi: str) -> bool:
    command = ["cc", f"-m{BITS[abi]}", "-x", "c", "-o", os.devnull, "-"]
    done = subprocess.run(command, input="#include <stdio.h>\nint main(void) { return 0; }\n", text=True, check=False)
    return done.returncode == 0


def applies(cell: Cell) -> bool:
    plan = plan_actor(cell.actor, suite().actors, facts())
    return not plan.missing and not missing_for(cell, facts())


def written(cell: Cell, of: Suite | None = None) -> str:
    """The program; what is about a process as a runtime started it, for one of those that the model knows."""
    fitting = (each.asked for each in MACHINES if not as_asked(cell.scenario, each.asked)[1])
    return write(cell, of or suite(), next(fitting))


def file_name(cell: Cell) -> str:
    return re.sub(r"\W", "_", cell.id)


def compiled(cell: Cell, folder: Path, *flags: str, of: Suite | None = None) -> Path:
    binary = folder / file_name(cell)
    source = folder / f"{file_name(cell)}.c"
    source.write_text(written(cell, of))
    flags += (f"-m{BITS[cell.abi]}",) if cell.abi else ()
    done = subprocess.run([*CC, *flags, str(source), "-o", str(binary)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{cell.id}\n{done.stderr}"
    return binary


def wrong(cell: Cell, *command: str) -> str:
    """What a program said that did not find everything as it should be."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    return "" if done.returncode == 0 else f"{cell.id}: status {done.returncode}\n{done.stdout}{done.stderr}"


def all_of(cells: Iterator[Cell], check: Callable[[Cell], str]) -> list[str]:
    """What is wrong with these cells, worked through on all processors."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [found for found in pool.map(check, cells) if found]


SCRIPT = """\
# An ordinary user cannot become group 0.
scenario not-group-0
  cites stays-open
  as    user
  via   syscall

  getuid()                         = 1000
  setgid(0)                        = EPERM
"""


def test_a_small_program_as_a_whole(tmp_path: Path) -> None:
    made = program(make_suite(tmp_path / "suites", hinges=SCRIPT), "doors.2/hinges/not-group-0")
    assert made == (Path(__file__).parent / "small.c").read_text()


BEYOND = """\
# Two new images, one after the other.
scenario two-execs
  cites stays-open
  as    user
  via   syscall
  file  helper = agent, owner 0:0, mode 4755
  file  other = agent, owner 0:2000, mode 2755

  exec(helper)                     = 0
  status($pid, Uid)                = [1000, 0, 0, 0]
  exec(other)                      = 0
  status($pid, Gid)                = [1000, 2000, 2000, 2000]

# A child and a file.
scenario a-child-and-a-file
  cites stays-open
  as    root
  file  door owner 0:500 mode 0640

  child c: setresuid(1001, 1002, 1003)
  setresuid(1002, 1002, 1002)
  kill(c, 0)                       = EPERM
  stat(door)                       = 0 500 416

# A program that Python starts.
scenario a-program
  cites stays-open
  as    root

  subprocess(extra_groups=[3, 4])  child getgroups() = [3, 4]
"""


@needs_root
@compiler
@pytest.mark.parametrize("name", ["two-execs", "a-child-and-a-file", "a-program"])
def test_what_the_suites_do_not_use_yet(tmp_path: Path, name: str) -> None:
    small = make_suite(tmp_path / "suites", hinges=BEYOND)
    for cell in {
        cell.api: cell for cell in cells_of(select(small, name).scenarios[0], small.actors, ["host"])
    }.values():
        binary = tmp_path / cell.api
        command = [sys.executable, str(binary)]
        if cell.api == "python":
            binary.write_text(write(cell, small))
        else:
            command = [str(compiled(cell, tmp_path, of=small))]
        assert wrong(cell, *command) == ""


@compiler
def test_c_compiles_and_agrees_with_this_machine(tmp_path: Path) -> None:
    def check(cell: Cell) -> str:
        if cell.abi and not can_compile_for(cell.abi):
            return ""
        binary = compiled(cell, tmp_path, "-O0")
        found = wrong(cell, str(binary)) if ROOT and applies(cell) else ""
        binary.unlink()
        return found

    assert all_of(some(python=False), check) == []


@compiler
def test_no_optimisation_finds_anything_to_warn_about(tmp_path: Path) -> None:
    for number, cell in enumerate(sample(suite(), python=False)):
        if number % 12 == 0 and not cell.abi:
            compiled(cell, tmp_path, "-O2")


@needs_root
def test_python_agrees_with_this_machine(tmp_path: Path) -> None:
    def check(cell: Cell) -> str:
        source = tmp_path / f"{file_name(cell)}.py"
        source.write_text(written(cell))
        return wrong(cell, sys.executable, str(source)) if applies(cell) else ""

    assert all_of(some(python=True), check) == []


def test_no_scenario_is_without_a_program() -> None:
    """Of a family the first and the last; what cannot be written says so in one sentence."""
    seen: dict[tuple[str, ...], Scenario] = {}
    for scenario in suite().scenarios[:: 1 if os.environ.get("CREDSTONE_SWEEP") else 20]:
        seen[scenario.page, scenario.script, scenario.name] = scenario
    cells = [cells_of(scenario, suite().actors, ["host"])[0] for scenario in seen.values()]
    assert all(written(cell).endswith("\n") for cell in cells)


UNKNOWN = """\
# A call with arguments that no program knows.
scenario one-path
  cites stays-open
  as    root

  same_namespace("/proc/self/ns/user") = 0
  setuid(1000)                     = 0
"""


@pytest.mark.parametrize(("language", "named"), [("c", "C"), ("python", "Python")])
def test_a_call_without_a_program_is_named(tmp_path: Path, language: str, named: str) -> None:
    small = make_suite(tmp_path / "suites", hinges=UNKNOWN)
    with pytest.raises(CredstoneError, match=rf"There is no {named} program for same_namespace\(.*: it is a call that"):
        program(small, "one-path", language)


REPEATED = """\
# The same again and again.
scenario again-and-again
  cites stays-open
  as    user
  via   libc, python

  setgid(0); getgid()              for n in 1..5
"""


@pytest.mark.parametrize(
    ("language", "loop"), [("c", "for (int times = 0; times < 5; times++) {"), ("python", "for _ in range(5):")]
)
def test_repeated_lines_are_a_loop(tmp_path: Path, language: str, loop: str) -> None:
    made = program(make_suite(tmp_path / "suites", hinges=REPEATED), "again-and-again", language)
    assert made.count(loop) == 1
    assert "(the last 2 lines 5 times)" in made
    assert made.count('"setgid(0)"') == 1


@needs_root
@compiler
@pytest.mark.parametrize("language", ["c", "python"])
def test_a_fault_is_shown(tmp_path: Path, language: str) -> None:
    library = tmp_path / "broken.so"
    (tmp_path / "broken.c").write_text(KEEPS_SAVED)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(library), str(tmp_path / "broken.c")], check=True)
    if language == "c":
        command = [str(compiled(find_cell(suite(), f"{SAVED_GID}:libc"), tmp_path))]
    else:
        (tmp_path / "repro.py").write_text(program(suite(), f"{SAVED_GID}:python"))
        command = [sys.executable, str(tmp_path / "repro.py")]
    environment = {**os.environ, "LD_PRELOAD": str(library)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False)
    assert done.returncode == 1
    assert done.stdout == (
        "setregid(-1, 2000) = 0\n"
        "    now       uid 1000 1000 1000 1000, gid 1000 2000 3000 2000, groups []\n"
        "    expected  uid 1000 1000 1000 1000, gid 1000 2000 2000 2000, groups []\n"
        "getresgid() = 1000 2000 3000    expected 1000 2000 2000\n"
    )


@needs_root
@compiler
def test_without_privilege_there_is_no_set_up(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    binary = compiled(find_cell(suite(), f"{SAVED_GID}:libc"), tmp_path)
    shutil.copy(binary, copy := Path("/tmp") / f"repro-test-{os.getpid()}")
    try:
        done = subprocess.run(
            [str(copy)], user=65534, group=65534, extra_groups=[], capture_output=True, text=True, check=False
        )
    finally:
        copy.unlink()
    assert done.returncode == 2
    assert done.stderr == "no set-up (needs root?): setgroups: Operation not permitted\n"


@pytest.mark.parametrize(
    ("name", "language", "sentence"),
    [
        ("python.os/setgid/it-is-setgid", "c", "has no program in C: its calls are Python's own"),
        (
            "getgroups.2/addresses/nowhere-to-write",
            "python",
            "has no program in Python: its calls are not in Python's reach",
        ),
        ("setgid.2", "", "stands for"),
        (f"{SAVED_GID.partition('@')[0]}@root:libc", "", "does not run as root"),
        ("python.os/setgid/it-is-setgid@root:libc", "", "does not run through libc"),
        ("getgroups.2/no-such-thing", "", "There is nothing called"),
    ],
)
def test_what_cannot_be_is_one_sentence(name: str, language: str, sentence: str) -> None:
    with pytest.raises(CredstoneError, match=sentence) as raised:
        program(suite(), name, language)
    assert raised.value.status == 2
    assert raised.value.hint


def test_the_language_decides_the_api() -> None:
    assert find_cell(suite(), f"{SAVED_GID}:python").api == "python"
    assert find_cell(suite(), f"{SAVED_GID}:python", "c").api == "syscall"
    assert find_cell(suite(), f"{SAVED_GID}:libc", "c").api == "libc"
    assert find_cell(suite(), f"{SAVED_GID}:libc", "python").api == "python"
    assert find_cell(suite(), SAVED_GID.partition("[")[0]).scenario.values == (("egid", 2000),)
