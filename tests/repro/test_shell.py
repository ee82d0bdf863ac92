"""Shell scripts: which scenarios they can show, that they agree with this machine, and that they show a fault."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from building import ACTORS, make_suite, write_suite
from cli.command import credstone, refused
from credstone.repro.program import program
from credstone.runner import Runner
from credstone.suite.load import load_suite
from credstone.words.errors import CredstoneError
from repro.agreeing import LIMIT, all_of, compiler, disagreement_in_shell, needs_root, suite, verdicts
from repro.sample import shell_cells

GROUPS = "getgroups.2/privilege/dropping-groups-needs-the-capability@root-without-CAP_SETGID"
needs_setpriv = pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv (util-linux)")

SCRIPT = """\
# Two images, and a file that only one of them may read.
scenario what-root-may-read
  cites stays-open
  as    user
  file  helper = agent, owner 0:0, mode 4755
  file  door owner 0:500 mode 0640

  open(door, O_RDONLY)             = EACCES
  exec(helper)                     = 0
  open(door, O_RDONLY)             = 0
  getresuid()                      = 1000 0 0
  setgroups([500, 501])            = 0
  getgroups()                      = {500, 501}
  umask(0077)                      = 0022
"""


def ran(text: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    script = folder / "repro.sh"
    script.write_text(text)
    return subprocess.run(
        ["sh", str(script)],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
        env={**os.environ, **environment},
    )


def test_a_small_script_as_a_whole(tmp_path: Path) -> None:
    made = program(make_suite(tmp_path / "suites", hinges=SCRIPT), "what-root-may-read", "shell")
    assert made == (Path(__file__).parent / "small.sh").read_text()


@needs_root
@needs_setpriv
def test_the_small_script_agrees_with_this_machine(tmp_path: Path) -> None:
    done = ran((Path(__file__).parent / "small.sh").read_text(), tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "umask(0077) = 0022"


@needs_root
@needs_setpriv
def test_a_spread_of_the_scenarios_agrees_with_this_machine(tmp_path: Path, runner: Runner) -> None:
    cells = verdicts(runner, shell_cells(suite(), step=7))
    before = set(Path("/tmp").glob("repro-??????"))
    assert len(cells) > 30
    assert all_of(cells, lambda cell, verdict: disagreement_in_shell(cell, verdict, tmp_path)) == []
    assert set(Path("/tmp").glob("repro-??????")) <= before


@needs_root
@needs_setpriv
@compiler
def test_a_fault_is_shown(tmp_path: Path) -> None:
    source, library = tmp_path / "broken.c", tmp_path / "broken.so"
    source.write_text("int setgroups(unsigned long size, const void *list) { (void) size, (void) list; return 0; }\n")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
    script = program(suite(), GROUPS, "shell")
    assert ran(script, tmp_path).returncode == 0
    done = ran(script, tmp_path, LD_PRELOAD=str(library))
    assert done.returncode == 1
    assert "setgroups([]) = 0    expected EPERM\n" in done.stdout


@needs_root
@needs_setpriv
def test_without_privilege_there_is_no_set_up() -> None:
    script = program(suite(), GROUPS, "shell")
    command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("no set-up (needs root?): ")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "the-same-effective-id-still-moves-saved[id=gid]",
            "its actor: a new image has the effective gid as its saved one",
        ),
        (
            "setgid.2/privilege/the-capability-suffices",
            r"setgid\(.*\): no program of util-linux or coreutils makes that call",
        ),
        ("initgroups.3/members/more-groups-than-32", "it takes a user database of its own"),
        (
            "setreuid.2/threads/the-wrapper-moves-every-thread[id=uid]",
            "a shell is one process, and another one makes this",
        ),
        ("execve.2/failure/a-text-is-no-program", "no program tells of ENOEXEC in words of its own"),
        ("getgroups.2/limits/the-longest-list", "no program .* makes that call with these arguments"),
    ],
)
def test_what_a_shell_cannot_show_is_named_with_the_way_out(name: str, sentence: str) -> None:
    with pytest.raises(CredstoneError, match=f"^There is no shell program for .*{sentence}") as raised:
        program(suite(), name, "shell")
    assert raised.value.status == 2
    assert raised.value.hint == f"credstone repro '{name}' --as c"


def test_what_is_pythons_own_is_offered_in_python() -> None:
    with pytest.raises(CredstoneError, match="has no program in shell: its calls are Python's own") as raised:
        program(suite(), "python.os/setgid/it-is-setgid", "shell")
    assert raised.value.hint.endswith("--as python")


ODD = (
    ACTORS
    + """
[odd]
about        = "User 1000 whose saved uid is another than the effective one."
uid          = [1000, 1000, 2000]
gid          = 1000
groups       = []
capabilities = "none"
"""
)
TWO_ACTORS = """
scenario two-actors
  cites stays-open
  as    odd, user

  getuid()                         = 1000
"""


def test_where_the_first_actor_cannot_be_had_another_is_taken(tmp_path: Path) -> None:
    small = load_suite(write_suite(tmp_path / "suites", actors=ODD, hinges=TWO_ACTORS))
    assert "# doors.2/hinges/two-actors@user:libc\n" in program(small, "two-actors", "shell")
    with pytest.raises(CredstoneError, match="a new image has the effective uid as its saved one"):
        program(small, "two-actors@odd", "shell")


def test_on_the_command_line(suite_folder: Path) -> None:
    done = credstone("repro", "what-root-may-read", "--as", "shell", "--suites", suite_folder)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("#!/bin/sh\n")
    said = refused("repro", "threads", "--as", "shell", "--suites", suite_folder)
    assert said == (
        "credstone: There is no shell program for thread t: getuid(): a shell is one process, and another one makes this "
        f"call.\n  credstone repro 'threads' --as c --suites {suite_folder}\n"
    )


THREADS = """
scenario threads
  cites stays-open
  as    root

  thread t: getuid()               = 0
"""


@pytest.fixture
def suite_folder(tmp_path: Path) -> Path:
    return make_suite(tmp_path / "suites", hinges=SCRIPT + THREADS).folder
