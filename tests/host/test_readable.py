"""What a person reads has lines that can be read: short ones, and as many on a terminal that knows only ASCII."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from host.launch import credstone, environment_for, preload
from trial import make_suite, write_script

SCATTERED = ", ".join(str(number) for number in range(1, 8_000, 2))
LISTS = f"""
scenario kept-from-the-kernel
  cites works
  as    me
  via   libc, python

  setgroups([{SCATTERED}])       = 0
  getgroups()                    = [{SCATTERED}]

scenario mistaken
  cites works
  as    me
  via   syscall

  setgroups([{SCATTERED}])       = ENOSYS

scenario mixed
  cites works
  as    me
  via   python

  os.setgroups([{SCATTERED}, "wheel", 5..3000]) = OverflowError
"""
KEEPS = "int setgroups(unsigned long size, const unsigned *list) { return (void) size, (void) list, 0; }\n"
"""A C library that makes no call, and says that it did."""
NAMES = """
scenario größe
  cites works
  as    me
  via   libc

  umask(0022)
  umask(0077)                      = 0022
"""
MOST = 1000
"""More characters than any line has whose text is that of a clause, a command, or two answers side by side."""


@pytest.mark.usefixtures("_root")
def test_no_line_has_more_than_can_be_read(tmp_path: Path) -> None:
    suite = make_suite(tmp_path)
    write_script(suite, LISTS)
    wrong = preload(tmp_path, "keeps", KEEPS)
    reports = {name: tmp_path / f"report.{name}" for name in ("junit", "ktap", "markdown", "html")}
    options = [f"--{name}={path}" for name, path in reports.items()]
    ran = credstone(tmp_path, *options, suites=suite, environment=wrong)
    assert {(cell["scenario"].rpartition("/")[2], cell["verdict"]) for cell in ran.cells} >= {
        ("kept-from-the-kernel", "fail"), ("mistaken", "broken"), ("mixed", "broken"),
    }  # fmt: skip
    results, here = str(tmp_path / "results.jsonl"), ("--suites", str(suite))
    told = {"run": ran.out, **{name: without_tags(path.read_text()) for name, path in reports.items()}}
    told["report"] = command(tmp_path, "report", results).stdout
    told["diff"] = command(tmp_path, "diff", results, results).stdout
    for cell in {cell["scenario"]: cell["id"] for cell in ran.cells if cell["verdict"] != "pass"}.values():
        told[f"explain {cell}"] = command(tmp_path, "explain", cell, *here, **wrong).stdout
        told[f"explain {cell} of the file"] = command(tmp_path, "explain", cell, *here, "--results", results).stdout
    for name, text in told.items():
        assert "characters)" in text or name == "diff", name
        assert max(map(len, text.splitlines())) < MOST, name


def without_tags(text: str) -> str:
    """What a person reads of HTML, each piece in a line of its own: no data, no program, no style."""
    return re.sub(r"<[a-z!/][^>]*>", "\n", re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL))


def command(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "credstone", *arguments], env=environment_for(folder) | environment,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.mark.parametrize("program", ["credstone", "pytest"])
def test_a_terminal_that_knows_only_ascii_gets_as_many_lines(tmp_path: Path, program: str) -> None:
    suite = make_suite(tmp_path)
    write_script(suite, NAMES)
    wrong = preload(tmp_path, "wrong", "unsigned umask(unsigned mask) { return mask; }\n")
    arguments = {
        "credstone": ["credstone", "run", "--suites", str(suite)],
        "pytest": ["pytest", str(suite), "-p", "no:cacheprovider", "-c", os.devnull],
    }
    told = {}
    for encoding in ("utf-8", "ascii"):
        environment = environment_for(tmp_path) | wrong | {"PYTHONIOENCODING": encoding, "COLUMNS": "100"}
        done = subprocess.run(
            [sys.executable, "-m", *arguments[program], "--api", "libc"], env=environment, cwd=tmp_path,
            capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 1, done.stderr
        told[encoding] = done.stdout.decode()
    assert "✗ umask(" in told["utf-8"]
    assert "x umask(" in told["ascii"]
    assert "[host | libc | me]" in told["ascii"]
    assert "gr\\u00f6\\u00dfe" in told["ascii"]
    assert "\\n" not in told["ascii"]
    assert len(told["ascii"].splitlines()) == len(told["utf-8"].splitlines())


@pytest.mark.parametrize(
    "arguments",
    [("explain", "größe"), ("list",), ("list", "--json"), ("repro", "größe"), ("run", "-v"), ("explain", "no…ne")],
)
def test_no_verb_falls_over_a_character(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    suite = make_suite(tmp_path)
    write_script(suite, NAMES)
    done = command(tmp_path, *arguments, "--suites", str(suite), PYTHONIOENCODING="ascii")
    assert (done.stdout + done.stderr).isascii()
    if "--json" in arguments:
        assert "trial.2/trial/größe" in {json.loads(line)["scenario"] for line in done.stdout.splitlines()}
    assert "gr\\u00f6\\u00dfe" in done.stdout or "no..." in done.stderr
