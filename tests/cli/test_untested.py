"""Green means tested: a target of which no cell ran is no success, on the command line, with workers, and in shards."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli.command import Done, credstone, mutated
from credstone.results.file import read_results
from deviations.recorded import TARGET

pytestmark = pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler (cc)")

ACTORS = """
[me]
about = "Whoever started the agent."

[started]
about      = "As a container runtime made it: on the host nothing of it applies."
as_started = true
"""
CLAUSES = """
page = "trial.2"
names = ["trial"]

[clause."trial(2)/works"]
section = "DESCRIPTION"
says = "It works."
"""
SCENARIO = """
scenario {name}
  cites works
  as    {actor}
  via   syscall

  setuid(-1) = EINVAL
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "suite" / "trial.2").mkdir(parents=True)
    (tmp_path / "suite" / "actors.toml").write_text(ACTORS)
    (tmp_path / "suite" / "trial.2" / "clauses.toml").write_text(CLAUSES)
    return tmp_path / "suite"


def scenarios(folder: Path, *actors: str) -> None:
    """A scenario for each of these actors; nothing of ``started`` applies to the host."""
    text = "".join(SCENARIO.format(name=f"n{number}", actor=actor) for number, actor in enumerate(actors))
    (folder / "trial.2" / "trial.scn").write_text(text)


def run(folder: Path, *arguments: str | Path) -> Done:
    return credstone("run", "--suites", folder, *arguments)


@pytest.mark.parametrize("more", [[], ["-n", "1"]])
def test_a_target_to_which_nothing_applies(folder: Path, tmp_path: Path, more: list[str]) -> None:
    scenarios(folder, "started", "started")
    path = tmp_path / "r.jsonl"
    done = run(folder, "--results", path, *more)
    assert done.status == 3
    assert "credstone: No cell of host ran, because none applies: nobody asked a runtime" in done.text
    assert "credstone doctor" in done.text
    assert len(read_results(path).records) == 2
    shown = credstone("report", path)
    assert (shown.status, shown.text.count("No cell of host ran")) == (0, 1)


@pytest.mark.parametrize("more", [[], ["-n", "1"]])
def test_one_of_several_is_enough(folder: Path, more: list[str]) -> None:
    scenarios(folder, "started")
    done = run(folder, "--target", "model", "--target", "host", *more)
    assert done.status == 3
    assert "1 passed, 1 unsupported" in done.out
    assert "No cell of host ran" in done.out
    assert "No cell of model ran" not in done.out


def test_one_cell_that_ran_is_enough(folder: Path) -> None:
    scenarios(folder, "started", "me")
    done = run(folder)
    assert (done.status, "No cell" in done.out) == (0, False), done.out


def test_a_target_for_which_nothing_was_selected(folder: Path) -> None:
    scenarios(folder, "me")
    done = run(folder, "--target", "model", "--target", "host", "-k", "model")
    assert done.status == 3
    assert "No cell of host ran, because none was selected." in done.out


def test_a_failure_comes_first(tmp_path: Path) -> None:
    both = ("--target", TARGET, "--target", "model")
    done = mutated("run", "initgroups.3/members", *both, "-k", "mutant", beside=tmp_path)
    assert (done.status, "No cell of model ran" in done.out) == (1, True)


def test_pytest_alone_ends_alike(folder: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(folder)]
    for actor, status in (("started", 3), ("me", 0)):
        scenarios(folder, actor)
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=120, check=False)
        assert done.returncode == status, done.stdout


# shards


@pytest.mark.parametrize("more", [[], ["-n", "1"]])
def test_a_shard_may_have_nothing_that_applies_if_another_one_has(folder: Path, more: list[str]) -> None:
    scenarios(folder, "started", "me")
    ended = [run(folder, "--shard", f"{number}/2", *more) for number in (1, 2)]
    assert sorted("1 unsupported" in done.out for done in ended) == [False, True]
    assert [done.status for done in ended] == [0, 0], ended[0].out + ended[1].out


@pytest.mark.parametrize("more", [[], ["-n", "1"]])
def test_every_shard_with_cells_says_that_nothing_applies_in_any(folder: Path, tmp_path: Path, more: list[str]) -> None:
    scenarios(folder, "started", "started")
    paths = [tmp_path / f"{number}.jsonl" for number in (1, 2, 3)]
    ended = [run(folder, "--shard", f"{number}/3", "--results", paths[number - 1], *more) for number in (1, 2, 3)]
    assert [done.status for done in ended] == [3, 3, 0], "the third has no cell"
    joined = credstone("merge", *paths, "-o", tmp_path / "whole.jsonl")
    assert (joined.status, "No cell of host ran" in joined.out) == (3, True)
    part = credstone("merge", *paths[1:], "-o", tmp_path / "part.jsonl")
    assert (part.status, "No cell of host ran" in part.out) == (1, False), "the missing shard is not known"


def test_a_shard_of_a_target_that_cannot_be_had(folder: Path, tmp_path: Path) -> None:
    scenarios(folder, "me", "me")
    paths = [tmp_path / f"{number}.jsonl" for number in (1, 2)]
    for number, path in enumerate(paths, 1):
        done = run(folder, "--target", "image:no such image", "--shard", f"{number}/2", "--results", path)
        assert done.status == 3
    joined = credstone("merge", *paths, "-o", tmp_path / "whole.jsonl")
    assert (joined.status, "2 cells of image:no such image did not run" in joined.text) == (3, True)


# held against an earlier run


@pytest.fixture
def earlier(folder: Path, tmp_path: Path) -> Path:
    """A run in which all applied to the host, as it does to the model."""
    scenarios(folder, "started", "me", "started")
    path = tmp_path / "earlier.jsonl"
    assert run(folder, "--target", "model", "--results", path).status == 0
    path.write_text(path.read_text().replace('"target":"model"', '"target":"host"').replace('"model:', '"host:'))
    path.write_text(path.read_text().replace('"model":', '"host":'))
    return path


def test_what_passed_and_does_not_apply_any_more_is_worse(folder: Path, tmp_path: Path, earlier: Path) -> None:
    now, summary = tmp_path / "now.jsonl", tmp_path / "summary.md"
    done = run(folder, "--baseline", earlier, "--results", now, "--markdown", summary)
    assert done.status == 1
    assert "lost: 2 cells that passed before and did not run now 2 nobody asked a runtime" in done.text
    assert "0 regressions, 2 lost cells" in done.text
    assert summary.read_text().startswith("### ❌ Credstone: no regressions, 2 cells lost\n")
    compared = credstone("diff", earlier, now)
    assert (compared.status, "2 lost cells" in compared.text) == (1, True)


def test_what_is_not_selected_or_not_in_the_suite_any_more_is_not(folder: Path, earlier: Path) -> None:
    done = run(folder, "--baseline", earlier, "-k", "n1")
    assert (done.status, "which the new run did not select: the suite is the same" in done.text) == (0, True), done.out
    scenarios(folder, "started", "me")
    done = run(folder, "--baseline", earlier, "-k", "n1")
    assert (done.status, "or which its suite does not have" in done.text) == (0, True), done.out


def test_what_cannot_run_is_not_worse_and_not_green(
    folder: Path, earlier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    done = run(folder, "--baseline", earlier)
    assert done.status == 3
    assert "lost: 3 cells that passed before and did not run now" in done.text
    assert done.text.count("Install one (Debian") == 1


def test_what_did_not_apply_then_cannot_be_lost(folder: Path, tmp_path: Path) -> None:
    scenarios(folder, "started", "me")
    path = tmp_path / "same.jsonl"
    assert run(folder, "--results", path).status == 0
    done = run(folder, "--baseline", path)
    assert (done.status, "lost" in done.out) == (0, False), done.out


# what this machine does not have


@pytest.mark.parametrize("target", ["host", "qemu-user:aarch64", "proot", "fakeroot", "kernel:/bin/ls"])
def test_a_target_that_cannot_be_had_is_one_fact_whatever_it_is(
    folder: Path, tmp_path: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No compiler, no emulator: all that a target needs is looked for in PATH."""
    scenarios(folder, *["me"] * 9)
    monkeypatch.setenv("PATH", "/nonexistent")
    path = tmp_path / "r.jsonl"
    done = run(folder, "--target", target, "--results", path)
    assert done.status == 3, done.out
    assert done.text.count(f"credstone: 9 cells of {target} did not run: There is no ") == 1
    assert len(done.out.splitlines()) < 12
    found = read_results(path)
    assert {(each.verdict, each.not_run) for each in found.records} == {("broken", True)}
    assert found.footer is not None
    assert found.footer.counts["broken"] == found.footer.selected[target] == 9


def test_other_targets_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenarios(folder, *["me"] * 9)
    monkeypatch.setenv("PATH", "/nonexistent")
    done = run(folder, "--target", "host", "--target", "model")
    assert (done.status, "9 passed, 9 not run" in done.out) == (3, True), done.out
    began, _, ended = done.text.partition("model: kernel model")
    assert "credstone: 9 cells of host cannot run: There is no C compiler" in began
    assert "credstone: 9 cells of host did not run: There is no C compiler" in ended
