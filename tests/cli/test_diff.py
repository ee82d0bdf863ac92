"""``credstone diff`` as a person runs it: mutants of the model are the systems that changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.command import credstone, mutated, refused

PAGE = "initgroups.3/members"
GOOD, BAD = "model", "mutant:initgroups-no-groups"
PAIR = f"{GOOD}={BAD}"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One run on a system that conforms, and on one that does not."""
    folder = tmp_path_factory.mktemp("both")
    mutated("run", PAGE, "--target", GOOD, "--target", BAD, "--results", folder / "both.jsonl", beside=folder)
    return folder / "both.jsonl"


def test_a_run_and_itself(both: Path) -> None:
    done = credstone("diff", both, both)
    assert (done.status, done.err) == (0, "")
    assert "0 regressions, 0 fixes, 0 changed answers, 0 changed verdicts" in done.out


def test_a_regression_is_the_status(both: Path) -> None:
    done = credstone("diff", both, both, "--target", PAIR)
    assert done.status == 1
    assert f"of  {GOOD} -> {BAD}" in done.out
    assert "regressions: " in done.out
    assert "initgroups(3)/all-groups-of-user  " in done.out
    assert "    ✗ getgroups() " in done.out or "    ✗ initgroups(" in done.out
    assert max(map(len, done.out.splitlines())) <= 100


def test_the_way_back_is_a_fix_and_green(both: Path) -> None:
    done = credstone("diff", both, both, "--target", f"{BAD}={GOOD}")
    assert done.status == 0
    assert "fixes: " in done.out
    assert "regressions: " not in done.out


def test_what_can_be_had_besides(both: Path, tmp_path: Path) -> None:
    done = credstone("diff", both, both, "--target", PAIR, "--json", "--markdown", tmp_path / "d.md")
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert done.status == 1
    assert lines[0]["targets"] == [[GOOD, BAD]]
    assert {line["type"] for line in lines} >= {"runs", "regression", "counts"}
    assert (tmp_path / "d.md").read_text().startswith(f"### ❌ Credstone: {lines[-1]['regression']} regressions\n")


def test_mistakes(both: Path, tmp_path: Path) -> None:
    none = tmp_path / "none.jsonl"
    assert "none.jsonl cannot be read: No such file or directory." in refused("diff", both, none)
    assert f"{both} has no target host." in refused("diff", both, both, "--target", "host")
    assert f"It has {GOOD}, {BAD}." in refused("diff", both, both, "--target", f"{GOOD}=host")
    none.write_text("hello\n")
    assert f"{none}:1: this is no line of a results file: " in refused("diff", none, both)
    done = credstone("diff", both, both, "--markdown", tmp_path)
    assert (done.status, "cannot be written: Is a directory" in done.err) == (3, True)


def test_other_selections_have_nothing_in_common(both: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    assert credstone("run", "getgid", "--target", GOOD, "--results", other).status == 0
    assert refused("diff", both, other) == (
        f"credstone: No cell is in both {both} and {other}.\n  Compare runs of the same selection.\n"
    )


def test_another_spec_cannot_be_compared(suite: Path, tmp_path: Path) -> None:
    paths = []
    for spec in ("linux", "man"):
        paths.append(tmp_path / f"{spec}.jsonl")
        credstone("run", "--target", "model", "--spec", spec, "--results", paths[-1], "--suites", suite)
    assert f"{paths[0]} was judged with --spec linux, {paths[1]} with --spec man." in refused("diff", *paths)


def test_another_suite_is_compared_as_far_as_it_is_the_same(suite: Path, tmp_path: Path) -> None:
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    command = ("run", "--target", "model", "--suites", suite, "--results")
    assert credstone(*command, old).status == 0
    looks, locks = suite / "doors.2" / "looks.scn", suite / "doors.2" / "locks.scn"
    looks.write_text(f"# It stands elsewhere now, and is what it was.\n\n{looks.read_text()}")
    locks.write_text(locks.read_text().replace("in 7, 8", "in 8, 9").replace("= EPERM", "= EPERM or 0"))
    credstone(*command, new)
    done = credstone("diff", old, new)
    assert done.status == 0
    said = " ".join(done.out.split())
    assert "the suites differ: cells are compared whose scenario is the same in both; 2 cells left out" in said
    assert "scenarios that changed: doors.2/locks/a-key-opens[gid=8]" in said
    for label, other in (("new", "old"), ("vanished", "new")):
        absent = f"which the {other} run did not select, or which its suite does not have"
        assert f"{label}: 2 cells, {absent}; 2 pass doors.2/locks 2 cells: 2 pass" in said
    assert "6 cells compared" in said


# runs that did not come to their end


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize("cut", ["new", "old", "both"])
def test_a_run_that_was_cut_off_is_red(both: Path, tmp_path: Path, cut: str) -> None:
    lines, part = lines_of(both), tmp_path / "part.jsonl"
    part.write_bytes(b"".join(lines[: len(lines) // 2]) + lines[-2][:40])
    old, new = (part if cut in (name, "both") else both for name in ("old", "new"))
    done = credstone("diff", old, new)
    assert done.status == 1
    assert " is cut off after " in done.text
    assert "select" not in done.out
    if cut != "both":
        assert f"that the {cut} run did not come to: it was cut off" in done.text


def test_a_run_of_which_there_is_a_header_alone(both: Path, tmp_path: Path) -> None:
    part = tmp_path / "part.jsonl"
    part.write_bytes(lines_of(both)[0])
    for pair in ((both, part), (part, both)):
        done = credstone("diff", *pair)
        assert (done.status, " is cut off after 0 cells" in done.text) == (1, True)


def test_a_run_that_was_stopped_is_red(tmp_path: Path) -> None:
    whole, part = tmp_path / "whole.jsonl", tmp_path / "part.jsonl"
    run = ("run", PAGE, "--target", BAD, "--results")
    mutated(*run, whole, beside=tmp_path)
    assert mutated(*run, part, "-x", beside=tmp_path).status == 1
    done = credstone("diff", whole, part)
    assert (done.status, "that the new run did not come to: it was stopped" in done.text) == (1, True)


def test_a_shard_is_compared_with_the_whole(both: Path, tmp_path: Path) -> None:
    part = tmp_path / "part.jsonl"
    run = ("run", PAGE, "--target", GOOD, "--target", BAD, "--shard", "1/2", "--results", part)
    mutated(*run, beside=tmp_path)
    done = credstone("diff", both, part)
    assert done.status == 0
    assert "in other shards than those of the new run, or not selected there" in done.text
    assert credstone("diff", part, both).status == 0
