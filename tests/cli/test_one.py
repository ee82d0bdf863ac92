"""One of a thing is not several: numbers and their nouns agree in what the verbs print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from building import SCRIPT, write_suite
from cli.command import credstone
from credstone.cli.coverage import _print
from credstone.proof.coverage import TESTED, Covered
from credstone.results.file import read_results, write_results
from credstone.suite.load import load_suite
from credstone.text.plural import counted, named

SEVERAL = re.compile(
    r"(?<![\d,.:/-])1 (?:\w+ )?(?:cells|pages|clauses|sentences|mutants|times|arguments|lines|scripts|scenarios|images|ways|rules)\b"
)
PAGE = """\
page  = "doors.2"
names = ["opendoor"]

[clause."opendoor(2)/stays-open"]
section = "DESCRIPTION"
says    = "What was opened stays open."
"""
MAN = """\
.TH doors 2 2024-05-06 "Linux man-pages 6.03"
.SH NAME
doors \\- open a door
.SH DESCRIPTION
What was opened stays open.
"""


def test_a_number_and_its_noun() -> None:
    assert [counted(number, "clause") for number in (0, 1, 2)] == ["0 clauses", "1 clause", "2 clauses"]
    assert [named(number, "is", "are") for number in (0, 1, 2)] == ["are", "is", "are"]


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    return write_suite(tmp_path / "suites", clauses=PAGE, looks=SCRIPT.replace("root, user", "user"))


def test_everything_there_is_once(tmp_path: Path, suite: Path) -> None:
    one, two, both = (tmp_path / f"{name}.jsonl" for name in ("one", "two", "both"))
    said = []

    def say(*arguments: str | Path) -> None:
        done = credstone(*arguments)
        said.append(done.out + done.err)

    which = ("doors.2/looks/looking-is-free@user:libc", "--suites", suite, "--shard")
    say("run", *which, "1/2", "--target", "model", "--results", one)
    say("run", *which, "2/2", "--target", "model", "--results", two)
    say("merge", one, two, "--out", both)
    say("report", both, "--html", tmp_path / "x.html", "--markdown", "-", "--ktap", tmp_path / "x.ktap")
    run = read_results(both)
    assert len(run.records) == 1
    write_results(one, run)
    cut = two.with_name("cut.jsonl")
    cut.write_text("".join(line for line in both.read_text().splitlines(keepends=True) if '"footer"' not in line))
    say("diff", one, cut)
    say("run", "doors.2", "--suites", suite, "--target", "model", "--baseline", cut)
    (tmp_path / "man2").mkdir()
    (tmp_path / "man2" / "doors.2").write_text(MAN)
    say("clauses", "audit", "--suites", suite, "--man", tmp_path)
    say("run", *which[:3], "--target", "model", "--repeat", "1")
    whole = "\n".join([*said, (tmp_path / "x.html").read_text(), (tmp_path / "x.ktap").read_text()])
    assert SEVERAL.findall(whole) == []
    for there in (
        "1 cell, 1 pass",
        "of 1 cell\n",
        "1 page, 2 sentences: 1 informative, 1 not classified, 0 moved, 0 gone, 0 unused",
        "after 1 cell: it has no footer",
    ):
        assert there in whole, there


def test_one_clause_with_one_mutant(suite: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clause = load_suite(suite).clauses["opendoor(2)/stays-open"]
    _print([Covered(clause, TESTED, ("a/b/c",), ("slams",), (), ("slams",))], ("slams",), 1, alone=True)
    out = capsys.readouterr().out
    assert SEVERAL.findall(out) == []
    assert "1 clause: 1 tested" in out
    assert "1 mutant: 0 caught, 1 survives" in out
    assert "1 clause has a mutant that only its scenarios catch" in out


def test_a_call_with_the_wrong_number_of_arguments(tmp_path: Path) -> None:
    text = SCRIPT.replace("getuid()                         = 0 or 1000", "setgid(0, 1)                     = EPERM")
    suite = write_suite(tmp_path / "suites", clauses=PAGE, looks=text)
    done = credstone("run", "--suites", suite, "--api", "python", "--actor", "user")
    assert SEVERAL.findall(done.out + done.err) == []
    assert done.err.count("setgid takes 1 argument, and here are 2") == 1
