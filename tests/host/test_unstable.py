"""A library that is wrong every third time: the cell is reported as unstable, and neither as a failure nor as a pass."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from host.launch import Ran, credstone, environment_for, preload
from trial import make_suite, write_script

RACE = """
scenario races
  cites works
  as    me
  via   libc

  umask(0022)
  umask(0077)                      = 0022

scenario wrong-each-time
  cites works
  as    me
  via   libc

  umask(0044)
  umask(0077)                      = 0044
"""
SOMETIMES = r"""
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>
/* each cell is a process of its own: the count is a file */
static int third(void)
{
    int file = open("COUNT", O_RDWR | O_CREAT | O_APPEND, 0666), seen;
    if (write(file, "x", 1) != 1)
        return 0;
    seen = (int) lseek(file, 0, SEEK_END);
    close(file);
    return seen % 3 == 0;
}
unsigned umask(unsigned mask)
{
    unsigned was = (unsigned) syscall(SYS_umask, mask);
    return was == 044 || (was == 022 && mask == 077 && third()) ? 0123 : was;
}
"""
TIMES = "unstable: pass 4 times, fail 2 times of 6"
OPTIONS = ("--api", "libc", "--repeat", "6")


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    suite = make_suite(tmp_path)
    write_script(suite, RACE)
    return suite


@pytest.fixture
def sometimes(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "count").mkdir()
    return preload(tmp_path, "sometimes", SOMETIMES.replace("COUNT", str(tmp_path / "count" / "seen")))


def test_the_terminal_says_that_it_is_unstable(tmp_path: Path, suite: Path, sometimes: dict[str, str]) -> None:
    ran = credstone(tmp_path, *OPTIONS, suites=suite, environment=sometimes)
    assert ran.status == 1
    races, steady = (block(ran, name) for name in ("races", "wrong-each-time"))
    assert races.startswith("UNSTABLE ")
    assert f"\n  {TIMES}; the first that was not as expected:\n" in races
    assert "✗ umask(0077)" in races
    assert "0022 expected" in races
    assert steady.startswith("FAIL ")
    assert "unstable:" not in steady
    assert "host: 4 cells, 2 pass, 2 fail (1 unstable), 0 unsupported, 0 broken" in ran.out
    assert "  fail           2  trial(2)/works (1 unstable)" in ran.out
    again = told(tmp_path, "report", str(tmp_path / "results.jsonl"))
    assert "2 fail (1 unstable)" in again
    assert "trial(2)/works (1 unstable)" in again


def block(ran: Ran, scenario: str) -> str:
    """What the terminal says of a scenario that failed."""
    title = next(line for line in ran.out.splitlines() if re.fullmatch(rf"_+ {scenario}\[.*\] _+", line))
    return re.split(r"^_+ .* _+$|^=+ ", ran.out.partition(f"{title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def test_a_line_for_each_cell_says_it_too(tmp_path: Path, suite: Path, sometimes: dict[str, str]) -> None:
    out = credstone(tmp_path, *OPTIONS, "-v", suites=suite, environment=sometimes).out
    assert "::races[me:libc:host] UNSTABLE" in out
    assert "::wrong-each-time[me:libc:host] FAILED" in out


@pytest.mark.parametrize("more", [(), ("-n", "1")])
def test_pytest_says_it_too(tmp_path: Path, suite: Path, sometimes: dict[str, str], more: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "pytest", str(suite), "-p", "no:cacheprovider", "-c", os.devnull, "-rf", *more]
    environment = environment_for(tmp_path) | sometimes | {"COLUMNS": "200", "PYTEST_DEBUG_TEMPROOT": str(tmp_path)}
    done = subprocess.run(
        [*command, *OPTIONS], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert re.search(r"^UNSTABLE .*::races\[me:libc:host\]", done.stdout, re.MULTILINE), done.stdout
    assert re.search(r"^FAILED .*::wrong-each-time\[me:libc:host\]", done.stdout, re.MULTILINE)
    assert TIMES in done.stdout
    assert "2 failed, 2 passed" in done.stdout


def test_every_report_says_how_often(tmp_path: Path, suite: Path, sometimes: dict[str, str]) -> None:
    reports = {name: tmp_path / f"report.{name}" for name in ("junit", "ktap", "markdown", "html")}
    ran = credstone(
        tmp_path, *OPTIONS, *(f"--{name}={path}" for name, path in reports.items()), suites=suite, environment=sometimes
    )
    assert sum(TIMES in cell["reason"] for cell in ran.cells) == 1
    for name, path in reports.items():
        assert TIMES in html.unescape(path.read_text()), name
    failures = [case.find("failure") for case in ET.parse(reports["junit"]).iter("testcase")]
    assert [TIMES in (found.get("message") or "") for found in failures if found is not None].count(True) == 1
    assert "2 fail (1 unstable)" in reports["markdown"].read_text()
    assert "(1 unstable)" in reports["html"].read_text()


def test_several_targets_have_a_column(tmp_path: Path, suite: Path, sometimes: dict[str, str]) -> None:
    both = ("--target", "host", "--target", "model")
    out = credstone(tmp_path, *OPTIONS, *both, suites=suite, environment=sometimes).out
    head, host, model = out.partition("\ntarget ")[2].splitlines()[:3]
    assert head.split()[:4] == ["cells", "pass", "fail", "unstable"]
    assert host.split()[:5] == ["host", "4", "2", "2", "1"]
    assert model.split()[:3] == ["model", "4", "4"]


@pytest.mark.parametrize(
    "case",
    [
        ("unstable", "pass", "changed verdict"),
        ("unstable", "fail", "changed verdict"),
        ("unstable", "unstable", ""),
        ("pass", "unstable", "regression"),
        ("fail", "unstable", "changed verdict"),
    ],
)
def test_against_a_baseline(tmp_path: Path, suite: Path, sometimes: dict[str, str], case: tuple[str, str, str]) -> None:
    """One that was unstable is no news whatever it comes to; one that passed and is unstable now is worse."""
    before, now, counted = case
    always = preload(tmp_path, "always", "unsigned umask(unsigned mask) { return mask == 077 ? 0123 : mask; }\n")
    ways = {"pass": {}, "fail": always, "unstable": sometimes}
    one = ("races", *OPTIONS)
    assert credstone(tmp_path, *one, suites=suite, environment=ways[before]).status == (before != "pass")
    (tmp_path / "results.jsonl").rename(tmp_path / "old.jsonl")
    ran = credstone(tmp_path, *one, "--baseline", str(tmp_path / "old.jsonl"), suites=suite, environment=ways[now])
    assert ran.status == (counted == "regression"), ran.out
    text = " ".join(told(tmp_path, "diff", str(tmp_path / "old.jsonl"), str(tmp_path / "results.jsonl")).split())
    for kind in ("regression", "changed verdict", "fix", "changed answer"):
        assert re.search(rf"\b{int(kind == counted)} {kind}(s|es)?\b", text), (kind, text)
    assert (f"{before} -> {now}" in text) == (counted == "changed verdict")
    assert (f"{TIMES} now" in text) == (counted == "regression")


def told(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "credstone", *arguments], env=environment_for(folder), capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout
