"""The stand-alone programs: they compile without a warning, agree with this machine, and show a fault where there is one.

A sample of the scenarios is made, in which every call and every feature of the notation occurs; test_all.py makes all.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from building import make_suite
from credstone.plan.cells import cells_of
from credstone.repro.program import find_cell, program, write
from credstone.runner import Runner
from credstone.suite.select import select
from credstone.words.errors import CredstoneError
from credstone.words.scenario import Scenario
from credstone.words.verdict import PASS
from repro.agreeing import (
    LIMIT,
    all_of,
    compiled,
    compiler,
    disagreement,
    disagreement_in_c,
    disagreement_in_python,
    needs_root,
    suite,
    verdicts,
    written,
)
from repro.sample import sample

SAVED_GID = "setreuid.2/matrix/effective-other-than-real-moves-saved[id=gid,effective=2000]@three-gids"
KEEPS_SAVED = """\
#define _GNU_SOURCE
#include <unistd.h>
int setregid(gid_t real, gid_t effective) { return setresgid(real, effective, -1); }
"""
"""A C library whose setregid(2) leaves the saved set-group-ID as it is."""


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
        assert disagreement(cell, PASS, *command) == ""


@compiler
def test_c_compiles_and_agrees_with_this_machine(tmp_path: Path, runner: Runner) -> None:
    cells = verdicts(runner, sample(suite(), python=False))
    assert all_of(cells, lambda cell, verdict: disagreement_in_c(cell, verdict, tmp_path, "-O0")) == []


@compiler
def test_no_optimisation_finds_anything_to_warn_about(tmp_path: Path) -> None:
    for number, cell in enumerate(sample(suite(), python=False)):
        if number % 12 == 0 and not cell.abi:
            compiled(cell, tmp_path, "-O2")


@needs_root
def test_python_agrees_with_this_machine(tmp_path: Path, runner: Runner) -> None:
    cells = verdicts(runner, sample(suite(), python=True))
    assert all_of(cells, lambda cell, verdict: disagreement_in_python(cell, verdict, tmp_path)) == []


def test_no_scenario_is_without_a_program() -> None:
    """Of a family the first and the last; what cannot be written says so in one sentence."""
    seen: dict[tuple[str, ...], Scenario] = {}
    for scenario in suite().scenarios[::20]:
        seen[scenario.page, scenario.script, scenario.name] = scenario
    cells = [cells_of(scenario, suite().actors, ["host"])[0] for scenario in seen.values()]
    assert all(written(cell).endswith("\n") for cell in cells)


UNKNOWN = """\
# A call that the model cannot perform.
scenario one-option
  cites stays-open
  as    root

  prctl(999, 0)                    = 0
  setuid(1000)                     = 0
"""


@pytest.mark.parametrize("language", ["c", "python"])
def test_a_call_without_a_program_is_named(tmp_path: Path, language: str) -> None:
    small = make_suite(tmp_path / "suites", hinges=UNKNOWN)
    with pytest.raises(CredstoneError, match=r"There is no program for .*: the model cannot perform prctl\("):
        program(small, "one-option", language)


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
        (f"{SAVED_GID}:python:i386", "", "has no cell for the ABI i386"),
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
    assert find_cell(suite(), SAVED_GID.partition(",")[0] + "]").scenario.values == (("id", "gid"), ("effective", 2000))


def test_a_cell_of_another_abi_is_built_for_it() -> None:
    made = program(suite(), f"{SAVED_GID}:syscall:i386")
    assert f" * {SAVED_GID}:syscall:i386\n" in made
    assert "-m32" in made
    assert "SYS_setregid32" in made
