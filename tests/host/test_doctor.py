"""What doctor says of this machine, as whom and under what conditions it is asked, is what a run comes to."""

from __future__ import annotations

import ctypes
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from host.launch import answering, credstone, environment_for
from host.test_faults import small
from trial import make_suite, write_script

NOWHERE = {"DOCKER_HOST": "unix:///nowhere/engine.sock"}
NOSUID, NOEXEC = 2, 8
_PR_SET_NO_NEW_PRIVS, _PR_CAPBSET_DROP, _CAP_SETFCAP = 38, 24, 31

TAKES_PRIVILEGE = """
scenario takes-another-gid
  cites works
  as    me
  via   libc

  setgid(7) = 0
"""
"""Whoever is no root is refused, as the page has it: no scenario of the suite asks that of everybody."""

OF_ALL_KINDS = """
scenario runs-a-program
  cites works
  as    me
  via   syscall, libc
  file  helper = agent, mode 0755

  exec(helper) = 0

scenario set-user-ID
  cites works
  as    me
  via   syscall
  file  helper = agent, owner 7:7, mode 4755

  exec(helper) = 0

scenario capability-of-a-file
  cites works
  as    me
  via   syscall
  file  helper = agent, owner 0:0, mode 0755, capabilities "cap_kill=ep"

  exec(helper) = 0

scenario makes-a-user-namespace
  cites works
  as    me
  via   syscall

  unshare(CLONE_NEWUSER) = 0
"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """Cells that need a compiler, programs, privilege, namespaces; and some that need nothing."""
    made = make_suite(tmp_path)
    write_script(made, OF_ALL_KINDS, *([TAKES_PRIVILEGE] if os.geteuid() == 0 else []))
    return made


class Told:
    """What doctor said: the status, the checks by name, how many cells can run, and all of it as a person reads it."""

    def __init__(self, done: subprocess.CompletedProcess[str], text: str) -> None:
        assert "Traceback" not in done.stderr + done.stdout
        assert done.stdout, done.stderr
        self.status, self.err, self.text = done.returncode, done.stderr, text
        whole = json.loads(done.stdout)
        self.cells, self.can_run = whole["cells"], whole["can_run"]
        self.checks: dict[str, dict[str, Any]] = {each["name"]: each for each in whole["checks"]}
        self.engines = whole["engines"]

    def lacking(self) -> dict[str, int]:
        """The checks that cells fail by, with how many."""
        return {name: each["cells"] for name, each in self.checks.items() if each["cells"]}


def doctor(
    folder: Path,
    suite: Path | None,
    environment: Mapping[str, str] | None = None,
    before: Callable[[], None] | None = None,
    by: tuple[str, ...] = (),
) -> Told:
    """Asks for JSON and for text."""
    command = [*by, sys.executable, "-m", "credstone", "doctor", *(["--suites", str(suite)] if suite else [])]
    told = []
    for more in (["--json"], []):
        done = subprocess.run(
            [*command, *more],
            capture_output=True,
            text=True,
            env={**environment_for(folder), **NOWHERE, **(environment or {})},
            preexec_fn=before,
            timeout=120,
            check=False,
        )
        told.append(done)
    assert told[0].returncode == told[1].returncode
    assert all(len(line) <= 100 or line.strip().startswith(">") or "/" in line for line in told[1].stdout.splitlines())
    return Told(told[0], told[1].stdout)


def agrees(told: Told, folder: Path, suite: Path, **conditions: Any) -> None:
    """What can run did, and nothing else."""
    ran = credstone(folder, suites=suite, **conditions)
    judged = [cell for cell in ran.cells if cell["verdict"] in ("pass", "fail")]
    assert (told.can_run, told.cells) == (len(judged), len(ran.cells))


def test_the_whole_suite_on_this_machine(tmp_path: Path) -> None:
    told = doctor(tmp_path, None)
    assert told.status == 0
    assert told.text.splitlines()[-1] == f"host: {told.can_run} of {told.cells} cells can run"
    assert told.cells > 8000
    assert told.can_run > 0
    assert all(each["ok"] or each["cells"] or each["change"] for each in told.checks.values())
    assert "other" not in told.checks, "every reason of the planner's is of a kind"
    assert "No container engine answers at unix:///nowhere/engine.sock: " in told.engines[0]["says"]


def test_it_says_what_a_run_comes_to(tmp_path: Path, suite: Path) -> None:
    agrees(doctor(tmp_path, suite), tmp_path, suite)


def test_without_a_compiler(tmp_path: Path, suite: Path) -> None:
    told = doctor(tmp_path, suite, {"CC": "no-such-compiler"})
    assert told.status == 0, "what is Python's can run"
    assert told.lacking() == {"C compiler": told.cells - told.can_run}
    assert told.checks["C compiler"]["says"] == "There is no C compiler: 'no-such-compiler' is not to be found."
    assert told.checks["C compiler"]["change"] == "unset CC"
    assert (told.checks["i386"]["ok"], told.checks["i386"]["says"]) == (None, "not tried: C compiler, see there")
    assert re.search(r"\n +> unset CC\n", told.text)
    agrees(told, tmp_path, suite, environment={"CC": "no-such-compiler"})


def test_without_anything(tmp_path: Path, suite: Path) -> None:
    told = doctor(tmp_path, suite, {"TMPDIR": str(tmp_path / "none")})
    assert (told.status, told.can_run) == (3, 0)
    assert told.lacking() == {"temporary folder": told.cells}
    assert re.fullmatch(r"TMPDIR=\S+ credstone run|set TMPDIR .*", told.checks["temporary folder"]["change"])


def test_in_a_user_namespace_of_ones_own(tmp_path: Path, suite: Path) -> None:
    if shutil.which("unshare") is None:
        pytest.skip("needs unshare(1) (Debian: util-linux)")
    by = ("unshare", "--user", "--map-root-user")
    if subprocess.run([*by, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no user namespace can be made here")
    told = doctor(tmp_path, suite, by=by)
    assert told.status == 0
    check = told.checks["own namespace"]
    assert (check["ok"], check["change"]) == (False, "run it outside of this user namespace")
    assert check["says"].startswith("not the initial one (uid_map 0 ")
    assert 0 < told.can_run < told.cells


@pytest.mark.usefixtures("_root")
def test_on_a_folder_without_programs(tmp_path: Path, suite: Path) -> None:
    mount = small(tmp_path, "size=64m", NOSUID | NOEXEC)
    told = doctor(tmp_path, suite, before=mount)
    check = told.checks["temporary folder"]
    assert (check["ok"], check["cells"]) == (False, 4)
    assert ", mounted noexec, nosuid, " in check["says"]
    assert any("mounted noexec" in reason for reason in check["reasons"])
    assert any("mounted nosuid" in reason for reason in check["reasons"])
    agrees(told, tmp_path, suite, before=mount)


@pytest.mark.usefixtures("_root")
def test_as_an_ordinary_user(tmp_path: Path) -> None:
    def become() -> None:
        os.setgroups([])
        os.setresgid(1000, 1000, 1000)
        os.setresuid(1000, 1000, 1000)

    try:
        subprocess.run([sys.executable, "-c", "import credstone"], preexec_fn=become, check=True, capture_output=True)
    except (PermissionError, subprocess.CalledProcessError):
        pytest.skip("an ordinary user may not execute this Python, or not read this checkout")
    told = doctor(tmp_path, None, {"TMPDIR": "/tmp"}, before=become)
    check = told.checks["capabilities"]
    assert told.status == 0
    assert check["ok"] is False
    assert check["says"].startswith("not CAP_")
    assert 0 < told.can_run < told.cells - check["cells"] + 1
    assert re.match(r"(sudo|su -c) ", check["change"])
    assert "mount namespaces" not in told.checks


@pytest.mark.usefixtures("_root")
def test_with_fewer_privileges(tmp_path: Path, suite: Path) -> None:
    def bounded() -> None:
        libc = ctypes.CDLL(None)
        libc.prctl(_PR_CAPBSET_DROP, _CAP_SETFCAP, 0, 0, 0)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)

    told = doctor(tmp_path, suite, before=bounded)
    assert told.lacking() == {"capabilities": 1, "no_new_privs": 2}
    assert told.checks["no_new_privs"]["says"] == "set"
    assert "CAP_SETFCAP" in told.checks["capabilities"]["change"]
    assert "outside of the bounding set: " in told.checks["capabilities"]["says"]
    agrees(told, tmp_path, suite, before=bounded)


@pytest.mark.usefixtures("_root")
def test_under_a_filter(tmp_path: Path, suite: Path) -> None:
    numbers = {"x86_64": 272, "aarch64": 97, "riscv64": 97}
    if os.uname().machine not in numbers:
        pytest.skip(f"the number of unshare(2) on {os.uname().machine} is not in this test")
    refuse = answering(1, numbers[os.uname().machine])
    told = doctor(tmp_path, suite, before=refuse)
    assert told.lacking()["user namespaces"] == 1
    assert told.checks["filter"]["says"].startswith("a seccomp filter is active, and refuses unshare (EPERM)")
    assert "seccomp" in told.checks["user namespaces"]["change"]
    agrees(told, tmp_path, suite, before=refuse)


def test_nothing_is_written_but_below_the_temporary_folder(tmp_path: Path, suite: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    doctor(tmp_path, suite)
    assert sorted(each for each in tmp_path.rglob("*") if each.name != "tmp") == before
