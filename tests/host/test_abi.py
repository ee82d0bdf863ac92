"""Cells of an agent for another ABI: they run where the compiler and the kernel have it, and say so where not."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from host.launch import credstone

OLD = """
# Refused to everybody.
scenario sixteen-bits
  cites works
  as    me
  abi   i386

  setuid16(65535) = EINVAL
"""
OF_TODAY = """
# What everybody may ask.
scenario of-today
  cites works
  as    me

  getuid() = {uid}
"""


def _compiles_i386() -> bool:
    command = ["cc", "-m32", "-x", "c", "-o", "/dev/null", "-"]
    try:
        done = subprocess.run(command, input="#include <stdio.h>\nint main(void) { return 0; }\n", text=True,
                              capture_output=True, check=False)  # fmt: skip
    except OSError:
        return False
    return done.returncode == 0


needs_i386 = pytest.mark.skipif(not _compiles_i386(), reason="needs a compiler for i386 (Debian amd64: gcc-multilib)")


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A small suite: one scenario for the old ABI, one for every one."""
    page = tmp_path / "suites" / "trial.2"
    page.mkdir(parents=True)
    (page.parent / "actors.toml").write_text('[me]\nabout = "Whoever started the run."\n')
    clause = '[clause."trial(2)/works"]\nsection = "DESCRIPTION"\nsays = "It works."\n'
    (page / "clauses.toml").write_text(f'page = "trial.2"\nnames = ["trial"]\n{clause}')
    (page / "trial.scn").write_text(OLD + OF_TODAY.format(uid=os.getuid()))
    return page.parent


def ways(cells: list[dict[str, str]]) -> set[str]:
    """Scenario, actor, API and ABI of cells."""
    return {cell["id"].removeprefix("trial.2/trial/") for cell in cells}


@needs_i386
def test_an_agent_of_its_own(tmp_path: Path, suite: Path) -> None:
    ran = credstone(tmp_path, "--api", "syscall", suites=suite)
    assert ways(ran.of("pass")) == {"sixteen-bits@me:syscall:i386", "of-today@me:syscall"}
    assert ran.header is not None
    assert {key: facts["abi"] for key, facts in ran.header["facts"].items()}["host:i386"] == "i386"


def test_where_the_compiler_has_no_such_abi(tmp_path: Path, suite: Path) -> None:
    compiler = tmp_path / "cc-without-m32"
    compiler.write_text(
        '#!/bin/sh\ncase " $* " in *" -m32 "*) echo "error: no such mode" >&2; exit 1;; esac\nexec cc "$@"\n'
    )
    compiler.chmod(0o755)
    ran = credstone(tmp_path, "--api", "syscall", suites=suite, environment={"CC": str(compiler)})
    assert ran.status == 0
    assert ways(ran.of("pass")) == {"of-today@me:syscall"}
    assert ways(ran.of("unsupported")) == {"sixteen-bits@me:syscall:i386"}
    assert "makes no programs for i386: error: no such mode" in ran.out
    assert "apt-get install gcc-multilib" in " ".join(ran.out.split())


@needs_i386
def test_everything_through_another_abi(tmp_path: Path, suite: Path) -> None:
    ran = credstone(tmp_path, "--abi", "i386", suites=suite)
    of_today = {f"of-today@me:{api}:i386" for api in ("syscall", "libc")}
    assert ways(ran.of("pass")) == {"sixteen-bits@me:syscall:i386"} | of_today
    one = credstone(tmp_path, "trial.2/trial/of-today@me:libc:i386", suites=suite)
    assert ways(one.of("pass")) == {"of-today@me:libc:i386"}
