"""An argument that is empty or blank, as from a shell variable that is not set, is a mistake of every verb."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cli.command import refused
from credstone.cli.blank import refuse_blank
from credstone.words.errors import CredstoneError

VERBS = (
    ["run"],
    ["report"],
    ["diff", "old.jsonl"],
    ["merge"],
    ["explain"],
    ["repro"],
    ["deviations"],
    ["deviations", "propose"],
    ["deviations", "stale"],
    ["list"],
    ["coverage"],
    ["clauses", "audit"],
    ["images"],
    ["images", "build"],
    ["kernels"],
    ["kernels", "fetch"],
)
OPTIONS = (
    ["run", "--target"],
    ["run", "--api"],
    ["run", "--actor"],
    ["run", "-k"],
    ["run", "--baseline"],
    ["run", "--results"],
    ["run", "--shard"],
    ["run", "--html"],
    ["diff", "--target"],
    ["merge", "--out"],
    ["explain", "--results"],
    ["list", "--actor"],
)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A verb that takes a blank path after all writes into a folder of the test."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_a_blank_argument(verb: list[str]) -> None:
    said = refused(*verb, "")
    assert said.startswith(f"credstone: The argument after '{verb[-1]}' is empty.\n")
    assert "shell variable" in said


@pytest.mark.parametrize("option", OPTIONS, ids=" ".join)
def test_a_blank_value(option: list[str]) -> None:
    assert f"The argument after '{option[-1]}' is empty." in refused(*option, " ")


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u00a0"])
def test_what_is_blank(blank: str) -> None:
    with pytest.raises(CredstoneError, match="The argument after 'setgid' is empty"):
        refuse_blank(["run", "setgid", blank, "setuid"])
    for option in ("--target", "-k"):
        with pytest.raises(CredstoneError, match=f"The option {option} has an empty value"):
            refuse_blank(["run", f"{option}={blank}"])


def test_what_is_not() -> None:
    refuse_blank([])
    refuse_blank(["run", "setgid", "-k", "a or b", "--deviations=host=x", "--target", "kernel:a="])


def test_a_name_whose_end_is_missing(suite: Path) -> None:
    for verb in ("run", "list", "explain", "repro"):
        for name in ("looking-is-free@", "looking-is-free@:libc", "looking-is-free@user:"):
            assert f"The name '{name}' is not complete." in refused(verb, name, "--suites", suite)


def test_a_pair_of_which_one_half_is_missing(suite: Path, tmp_path: Path) -> None:
    file = tmp_path / "old.jsonl"
    run = ("run", "--target", "model", "--suites", suite)
    for half in ("=d.toml", "model="):
        assert f"--deviations {half} does not name a target and a file." in refused(*run, "--deviations", half)
    assert "'' names no image." in refused("run", "--target", "image:", "--suites", suite)
    for half in ("=model", "model="):
        subprocess.run([sys.executable, "-m", "credstone", *run, "--results", file], check=True, capture_output=True)
        assert f"--target {half} does not name two targets." in refused("diff", file, file, "--target", half)


@pytest.mark.parametrize(
    "option", ["--target", "--actor", "--results", "--deviations", "--shard", "--baseline", "--cell"]
)
def test_pytest_alone_refuses_a_blank_value_too(suite: Path, option: str) -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(suite), "--target", "model", option, " "]
    done = subprocess.run(command, capture_output=True, text=True, cwd=suite, timeout=60, check=False)
    assert done.returncode == 4
    assert f"argument {option}: the value is empty" in done.stderr
