"""``credstone explain`` as a person uses it."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from cli.command import credstone, refused

CELL = "doors.2/locks/a-key-opens[gid=8]@user:libc"


def test_a_clause(suite: Path) -> None:
    assert credstone("explain", "opendoor(2)/EPERM-key", "--suites", suite).out == (
        "opendoor(2)/EPERM-key\n"
        "  Opening takes a key.\n"
        "\n"
        "  page      opendoor(2)   suites/doors.2\n"
        "  section   ERRORS\n"
        "  level     man\n"
        "\n"
        "  scenario  doors.2/locks/a-key-opens   2 values\n"
    )


def test_a_scenario_and_its_first_cell(suite: Path) -> None:
    shown = credstone("explain", "looking-is-free", "--target", "model", "--suites", suite).out
    assert "  Anybody may look.\n  as root, user\n  via syscall, libc, python\n" in shown
    assert "  opendoor(2)/stays-open   opendoor(2), DESCRIPTION\n      What was opened stays open.\n" in shown
    assert "    getgid()                         = 0 or 1000\n" in shown
    assert shown.count("@") == 1
    assert "looking-is-free@root:syscall" in shown


def test_a_cell_with_the_models_reasons(suite: Path) -> None:
    shown = credstone("explain", CELL, "--target", "model", "--suites", suite).out
    assert "user: User 1000 without any capability." in shown
    assert "    setgid(8)                                  = EPERM            model: EPERM\n" in shown
    assert "        holds   EPERM   setgid(2)/EPERM\n" in shown
    assert "because: real gid 1000; saved gid 1000; no CAP_SETGID in effect" in shown


def test_without_a_target_the_cell_is_run_here_or_it_is_said_why_not(suite: Path) -> None:
    shown = credstone("explain", CELL, "--suites", suite).out
    assert "  host: pass\n" in shown or "Explained on the model's machine." in shown


def test_a_script_that_is_not_in_the_suite_yet(suite: Path, tmp_path: Path) -> None:
    draft = tmp_path / "doors.2" / "draft.scn"
    draft.parent.mkdir()
    draft.write_bytes((suite / "doors.2" / "looks.scn").read_bytes())
    done = credstone("explain", "doors.2/draft.scn", "--target", "model", "--suites", suite, folder=tmp_path)
    assert done.status == 0
    assert "doors.2/draft.scn:2" in done.out


def test_what_a_run_saw(suite: Path, tmp_path: Path) -> None:
    script = suite / "doors.2" / "locks.scn"
    script.write_text(script.read_text().replace("= EPERM", "= EINVAL"))
    results = tmp_path / "results.jsonl"
    assert credstone("run", "--target", "model", "--results", results, "--suites", suite).status == 1
    shown = credstone("explain", CELL, "--results", results, "--suites", suite).out
    assert "  model: broken: setgid(8) = EINVAL is written, and the" in shown
    shown = credstone("explain", "looking-is-free@user:python", "--results", results, "--suites", suite).out
    assert "  model: pass\n" in shown


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("opendoor(2)/EPERM-kee", "Did you mean opendoor(2)/EPERM-key?"),
        ("doors.2/locks/a-key-open@user:libc", "Did you mean a-key-opens?"),
        ("a-key-opens@usr:libc", "Did you mean user?"),
        ("a-key-opens@user:lib", "Did you mean libc?"),
    ],
)
def test_a_typo_gets_what_is_near(suite: Path, name: str, hint: str) -> None:
    assert refused("explain", name, "--suites", suite).splitlines()[-1] == f"  {hint}"


def test_a_hint_can_be_pasted(suite: Path) -> None:
    said = refused("explain", "a-key-opens@root", "--suites", suite).splitlines()[-1]
    command = said.rpartition(": ")[2]
    assert command == f"credstone list 'doors.2/locks/a-key-opens[gid=7]' --cells --suites {suite}"
    shown = credstone(*shlex.split(command)[1:])
    assert "doors.2/locks/a-key-opens[gid=7]@user:libc\n" in shown.out


def test_files_that_do_not_have_it(suite: Path, tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    assert "cannot be read" in refused("explain", CELL, "--results", results, "--suites", suite)
    results.write_text("{}\n")
    assert "results.jsonl:1: this is no line" in refused("explain", CELL, "--results", results, "--suites", suite)
    run = ["run", "looking-is-free", "--target", "model", "--results", str(results), "--suites", str(suite)]
    assert credstone(*run).status == 0
    said = refused("explain", CELL, "--results", results, "--suites", suite)
    assert f"{results} has no cell {CELL}.\n  It has doors.2/looks/looking-is-free@user:libc.\n" in said
    said = refused("explain", "looking-is-free", "--results", results, "--target", "host", "--suites", suite)
    assert said.endswith("It has cells of model.\n")


def test_a_target_that_means_nothing(suite: Path) -> None:
    assert "There is no target 'mars'" in refused("explain", CELL, "--target", "mars", "--suites", suite)
