"""The commands at the end of a failure: pasted into a shell they lead on, however the run was started."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from host.launch import credstone, environment_for, preload
from trial import make_suite, write_script

WRONG = f"""
scenario wrong
  cites works
  as    me
  with  mask in 7, 18

  umask($mask)
  getgid() = {os.getgid()}
"""
ONE_MORE = f"""
unsigned getgid(void) {{ return {os.getgid() + 1}; }}
"""
_COMMAND = re.compile(r"^ *(credstone (?:explain|repro) .*)$", re.MULTILINE)


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    folder = tmp_path / "it's mine"
    folder.mkdir()
    suite = make_suite(folder)
    write_script(suite, WRONG)
    return suite


def in_shell(command: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The command in a shell that finds the program under its name, in the folder in which the run was."""
    program = folder / "bin" / "credstone"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m credstone "$@"\n')
    program.chmod(0o755)
    path = {"PATH": f"{program.parent}:{os.environ['PATH']}"}
    return subprocess.run(
        ["sh", "-c", command], env={**environment, **path}, cwd=folder, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "more", [[], ["--target", "host"], ["--target", "host", "--target", "model"], ["--abi", "i386"]]
)
def test_they_work_as_they_are_printed(tmp_path: Path, suite: Path, more: list[str]) -> None:
    wrong = preload(tmp_path, "wrong", ONE_MORE)
    if "i386" in more:
        flags = ["-m32", "-shared", "-fPIC", "-nostdlib"]
        library, source = str(tmp_path / "wrong.so"), str(tmp_path / "wrong.c")
        if subprocess.run(["cc", *flags, "-o", library, source], check=False).returncode:
            pytest.skip("needs a compiler for i386")
    reports = {name: tmp_path / f"report.{name}" for name in ("junit", "ktap", "markdown", "html")}
    options = [f"--{name}={path}" for name, path in reports.items()]
    ran = credstone(tmp_path, "--api", "libc", *more, *options, suites=suite, environment=wrong)
    assert {cell["id"].partition("@")[0] for cell in ran.of("fail")} == {
        "trial.2/trial/wrong[mask=7]", "trial.2/trial/wrong[mask=18]",
    }  # fmt: skip
    commands = _COMMAND.findall(ran.out)
    assert len(commands) == 4
    environment = environment_for(tmp_path) | wrong
    for command in commands[:2]:
        done = in_shell(command, tmp_path, environment)
        assert done.returncode == 0, done.stderr
        cell = ran.of("fail")[0]["id"]
        if " explain " in command:
            assert f"getgid() = {os.getgid()}" in " ".join(done.stdout.replace("✗", "").split())
            assert f"host: {os.getgid() + 1}" in " ".join(done.stdout.split())
        else:
            assert done.stdout.startswith(f"/*\n * {cell}\n")
    for name, path in reports.items():
        told = html.unescape(path.read_text())
        assert commands[0] in told, name
        assert commands[1] in told, name


def test_pytest_prints_the_same(tmp_path: Path, suite: Path) -> None:
    wrong = environment_for(tmp_path) | preload(tmp_path, "wrong", ONE_MORE)
    command = [sys.executable, "-m", "pytest", str(suite), "--api", "libc", "-p", "no:cacheprovider", "-c", os.devnull]
    ran = subprocess.run(command, cwd=tmp_path, env=wrong, capture_output=True, text=True, timeout=60, check=False)
    commands = list(dict.fromkeys(_COMMAND.findall(ran.stdout)))  # in a CI job pytest prints a failure twice
    assert len(commands) == 4
    assert all(in_shell(command, tmp_path, wrong).returncode == 0 for command in commands[:2])
