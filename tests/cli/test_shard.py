"""``--shard`` as a person uses it: parts of a run that make up the whole, whatever the order and the machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cli.command import Done, credstone, mutated
from credstone.results.completeness import lacking
from credstone.results.file import Results, read_results
from credstone.results.record import Shards
from deviations.recorded import TARGET


def shard(suite: Path, folder: Path, which: str, *more: str) -> tuple[Done, Results]:
    path = folder / f"{which.replace('/', '-')}.jsonl"
    done = credstone("run", "--target", "model", "--shard", which, "--results", path, "--suites", suite, *more)
    return done, read_results(path)


def cells(run: Results) -> set[tuple[str, str]]:
    return {(record.target, record.id) for record in run.records}


@pytest.mark.parametrize("more", [[], ["--reverse"], ["-n", "1"]])
def test_shards_make_up_the_whole(suite: Path, tmp_path: Path, more: list[str]) -> None:
    runs = [shard(suite, tmp_path, f"{number}/2", *more)[1] for number in (1, 2)]
    one, other = map(cells, runs)
    assert not one & other
    assert len(one | other) == 10
    assert [len(one), len(other)] == [6, 4], "three scenarios, of 6, 2 and 2 cells: all cells of one stay together"
    assert {record.scenario for record in runs[0].records} == {"doors.2/looks/looking-is-free"}
    for number, run in enumerate(runs, 1):
        assert run.header.shards == {"model": Shards((number,), 2)}
        assert run.footer is not None
        assert run.footer.selected == {"model": len(run.records)}
        assert run.footer.whole == {"model": 10}


def test_the_end_of_a_run_says_which(suite: Path, tmp_path: Path) -> None:
    done, _ = shard(suite, tmp_path, "2/2")
    assert "\nshard 2/2: 4 of 10 cells\n" in done.out
    assert "model: 4 cells, 4 pass" in done.out


def test_another_target_does_not_change_the_split(suite: Path, tmp_path: Path) -> None:
    _, alone = shard(suite, tmp_path, "1/2")
    path = tmp_path / "both.jsonl"
    command = ("run", "--target", "host", "--target", "model", "--shard", "1/2", "--results", path, "--suites", suite)
    credstone(*command)
    both = read_results(path)
    assert {name for target, name in cells(both) if target == "model"} == {name for _, name in cells(alone)}
    assert {name for target, name in cells(both) if target == "host"} == {name for _, name in cells(alone)}


def test_a_selection_is_cut_and_not_the_suite(suite: Path, tmp_path: Path) -> None:
    found = [shard(suite, tmp_path, f"{number}/2", "-k", "opens") for number in (1, 2)]
    assert [len(run.records) for _, run in found] == [2, 2]
    assert found[0][1].footer is not None
    assert found[0][1].footer.whole == {"model": 4}


@pytest.mark.parametrize("more", [[], ["-n", "1"]])
def test_one_that_has_nothing_is_green(suite: Path, tmp_path: Path, more: list[str]) -> None:
    done, run = shard(suite, tmp_path, "4/4", *more)
    assert (done.status, run.records) == (0, ()), done.out
    assert run.footer is not None
    assert (run.footer.selected, run.footer.whole) == ({"model": 0}, {"model": 10})
    assert "shard 4/4: 0 of 10 cells" in done.out


def test_nothing_selected_is_a_mistake_all_the_same(suite: Path) -> None:
    done = credstone("run", "-k", "no-such-cell", "--shard", "1/2", "--target", "model", "--suites", suite)
    assert (done.status, "Nothing was selected." in done.err) == (2, True)


def test_mistakes(suite: Path) -> None:
    done = credstone("run", "--shard", "3/2", "--target", "model", "--suites", suite)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("credstone: --shard takes which one it is and how many there are, and not '3/2'.\n")


def test_pytest_alone_knows_it(suite: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(suite), "--target", "model", "--shard"]
    done = subprocess.run([*command, "2/2"], capture_output=True, text=True, cwd=suite, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "credstone: shard 2/2\n" in done.stdout
    assert "\nshard 2/2: 4 of 10 cells\n" in done.stdout
    done = subprocess.run([*command, "x"], capture_output=True, text=True, cwd=suite, timeout=120, check=False)
    assert done.returncode == 4
    assert "--shard takes which one it is" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_without_it_the_footer_says_what_was_to_run(suite: Path, tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    credstone("run", "--target", "model", "--results", path, "--suites", suite)
    footer = read_results(path).footer
    assert footer is not None
    assert (footer.selected, footer.whole) == ({"model": 10}, {})


def test_a_run_that_was_stopped_says_so(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    done = mutated("run", "initgroups.3/members", "--target", TARGET, "--results", path, "-x", beside=tmp_path)
    assert done.status == 1
    run = read_results(path)
    assert run.footer is not None
    assert len(run.records) < run.footer.selected[TARGET]
    assert list(lacking(run)) == [
        f"has {len(run.records)} of {run.footer.selected[TARGET]} cells of {TARGET}: the run was stopped"
    ]
