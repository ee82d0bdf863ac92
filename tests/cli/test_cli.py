"""The verbs, each as a person runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from cli.command import credstone
from credstone import __version__


def test_version_and_help() -> None:
    assert credstone("--version").out.strip() == __version__
    shown = credstone("--help")
    assert shown.status == 0
    for verb in ("run", "list", "explain", "coverage"):
        assert verb in shown.out


# list


def test_list_shows_scenarios_with_actors_apis_and_clauses(suite: Path) -> None:
    done = credstone("list", "--suites", suite)
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines() == [
        "doors.2/locks/a-key-opens[gid=7]",
        "    user · syscall libc · opendoor(2)/EPERM-key",
        "doors.2/locks/a-key-opens[gid=8]",
        "    user · syscall libc · opendoor(2)/EPERM-key",
        "doors.2/looks/looking-is-free",
        "    root user · syscall libc python · opendoor(2)/stays-open",
    ]


def test_list_as_json(suite: Path) -> None:
    row = credstone("list", "looking-is-free", "--json", "--suites", suite).json()[0]
    assert row == {
        "scenario": "doors.2/looks/looking-is-free",
        "page": "doors.2",
        "about": "Anybody may look.",
        "actors": ["root", "user"],
        "apis": ["syscall", "libc", "python"],
        "clauses": ["opendoor(2)/stays-open"],
        "path": str(suite / "doors.2" / "looks.scn"),
        "line": 2,
    }


def test_list_cells(suite: Path) -> None:
    done = credstone("list", "--cells", "--api", "libc", "--suites", suite)
    assert done.out.splitlines() == [
        "doors.2/locks/a-key-opens[gid=7]@user:libc",
        "doors.2/locks/a-key-opens[gid=8]@user:libc",
        "doors.2/looks/looking-is-free@root:libc",
        "doors.2/looks/looking-is-free@user:libc",
    ]


def test_list_cells_as_json(suite: Path) -> None:
    rows = credstone("list", "looks", "doors.2/looks", "--cells", "--json", "--suites", suite, "--actor", "user")
    assert rows.status == 2
    rows = credstone("list", "doors.2/looks", "--cells", "--json", "--suites", suite, "--actor", "user")
    assert [row["id"].partition("@")[2] for row in rows.json()] == ["user:syscall", "user:libc", "user:python"]


def test_every_cell_that_is_listed_can_be_asked_for(suite: Path) -> None:
    for cell in credstone("list", "--cells", "--suites", suite).out.splitlines()[:3]:
        assert credstone("list", cell, "--cells", "--suites", suite).out == f"{cell}\n"


def test_names_that_overlap_list_once(suite: Path) -> None:
    done = credstone("list", "doors.2", "looking-is-free", "--cells", "--suites", suite)
    lines = done.out.splitlines()
    assert len(lines) == len(set(lines)) == 10


def test_list_actors(suite: Path) -> None:
    done = credstone("list", "--actors", "--suites", suite)
    assert [line.split()[0] for line in done.out.splitlines()] == ["root", "user"]
    rows = credstone("list", "--actors", "--json", "--suites", suite).json()
    assert rows[1] == {"actor": "user", "about": "User 1000 without any capability."}


def test_the_suites_of_the_package_are_listed_as_json() -> None:
    for options in (["--json"], ["--json", "--cells"]):
        rows = credstone("list", "setgroups", *options).json()
        assert rows
        assert {row["page"] for row in rows} == {"getgroups.2"}


# run, in the model


def test_a_run_of_everything(suite: Path) -> None:
    done = credstone("run", "--target", "model", "--suites", suite)
    assert done.status == 0
    assert "model: 10 cells, 10 pass, 0 fail, 0 unsupported, 0 broken" in done.out


def test_a_run_of_one_cell(suite: Path) -> None:
    done = credstone("run", "looking-is-free@user:python", "--target", "model", "--suites", suite)
    assert "model: 1 cell, 1 pass" in done.out


def test_a_run_of_what_is_near_the_person(suite: Path) -> None:
    done = credstone("run", "locks.scn", "--target", "model", "--suites", suite, folder=suite / "doors.2")
    assert "model: 4 cells, 4 pass" in done.out


def test_what_fails_fails(suite: Path) -> None:
    script = suite / "doors.2" / "locks.scn"
    script.write_text(script.read_text().replace("= EPERM", "= EINVAL"))
    done = credstone("run", "a-key-opens", "--api", "libc", "--target", "model", "--suites", suite)
    assert "model: 2 cells, 0 pass" in done.out


def test_a_run_with_results(suite: Path, tmp_path: Path) -> None:
    path = tmp_path / "made" / "results.jsonl"
    done = credstone("run", "looking-is-free", "--target", "model", "--results", path, "--suites", suite)
    assert f"results: {path}" in done.out
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["type"] for line in lines] == ["header", "scenario", "clause", *["cell"] * 6, "footer"]
    assert lines[0]["facts"].keys() == {"model:native", "model:python"}
    assert lines[-1]["counts"] == {"pass": 6, "fail": 0, "deviation": 0, "unsupported": 0, "broken": 0}
    assert lines[3]["id"] == "doors.2/looks/looking-is-free@root:syscall"
    assert lines[3]["steps"] == [["getgroups()", "[]"], ["getgid()", "0"]]


def test_repeated_and_on_a_worker_it_is_the_same(suite: Path) -> None:
    for options in (["--repeat", "3"], ["-n", "1"]):
        done = credstone("run", "--target", "model", "--suites", suite, *options)
        assert done.status == 0
        assert "model: 10 cells, 10 pass" in done.out


def test_pytest_alone_runs_a_suite(suite: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(suite), "--target", "model"]
    done = subprocess.run(
        [*command, "-k", "looking and user"], capture_output=True, text=True, cwd=suite, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "model: 3 cells, 3 pass" in done.stdout
