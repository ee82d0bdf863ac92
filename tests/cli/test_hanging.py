"""A run on a target that hangs: it comes to its end soon, loses few cells that could run, and says once what it gave up."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from cli.command import Done
from credstone.results.file import Results, read_results
from credstone.results.record import Record

PAGES = ("setgid", "setuid", "getgroups", "setreuid", "nptl", "credentials")


def run(folder: Path, target: str, *selection: str) -> tuple[Done, Results]:
    program = Path(__file__).resolve().parent.parent / "hanging.py"
    command = [
        sys.executable,
        str(program),
        "run",
        *selection,
        "--target",
        target,
        "--results",
        str(folder / "r.jsonl"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240, env=dict(os.environ))
    assert "Traceback" not in done.stdout + done.stderr
    assert "INTERNALERROR" not in done.stdout + done.stderr
    return Done(done.returncode, done.stdout, done.stderr), read_results(folder / "r.jsonl")


def waited_for(found: Results) -> list[Record]:
    """The cells that hung, or in which the agent was lost."""
    return [each for each in found.records if each.verdict in ("fail", "broken") and not each.not_run]


def calls(record: Record, found: Results, name: str) -> bool:
    """Whether a cell makes a call of this name."""
    return any(f"{name}(" in line.call for line in found.scenarios[record.scenario].lines)


@pytest.mark.parametrize("kind", ["hanging", "losing"])
def test_a_call_that_never_returns_costs_only_the_cells_that_make_it(tmp_path: Path, kind: str) -> None:
    done, found = run(tmp_path, f"{kind}:setgid", *PAGES)
    assert done.status == 1
    assert max(Counter(each.api for each in waited_for(found)).values()) <= 10, "five minutes for each API"
    assert all(calls(each, found, "setgid") for each in (*waited_for(found), *(r for r in found.records if r.not_run)))
    others = [each for each in found.records if not calls(each, found, "setgid") and each.verdict != "unsupported"]
    assert len(others) > 1000
    assert {each.verdict for each in others} == {"pass"}
    assert done.text.count("did not return in several cells in a row") == 1
    assert "FAIL" not in done.out.split("differences")[0].split("not run")[-1]


def test_a_few_scenarios_that_hang_cost_nothing_else(tmp_path: Path) -> None:
    done, found = run(tmp_path, "hanging:among-threads", *PAGES)
    assert done.status == 1
    lost = [each for each in found.records if each.not_run]
    assert lost
    assert {each.api for each in lost} == {"libc"}
    assert all(any("thread" in line.call for line in found.scenarios[each.scenario].lines) for each in lost)
    apart = [each for each in found.records if each.api == "libc" and each.page == "setgid.2" and each not in lost]
    assert Counter(each.verdict for each in apart)["pass"] > 100


@pytest.mark.parametrize("kind", ["hanging", "losing"])
def test_an_agent_that_answers_nothing_is_given_up(tmp_path: Path, kind: str) -> None:
    done, found = run(tmp_path, f"{kind}:all", "setgid", "setuid")
    assert done.status == 1
    assert len(waited_for(found)) <= 10, "five for each agent"
    assert found.footer is not None
    assert found.footer.selected == {f"{kind}:all": len(found.records)}
    assert done.text.count("The agent is given up: ") == 1
    assert len(done.out.splitlines()) < 200


def test_repetitions_of_a_cell_that_hangs_are_not_unstable(tmp_path: Path) -> None:
    one = "setgid.2/failure/a-refusal-does-not-stick@setgid-program:libc"
    done, found = run(tmp_path, "hanging:setgid", one, "--repeat", "9")
    (record,) = found.records
    assert (done.status, record.verdict, record.not_run) == (1, "fail", False)
    assert "unstable" not in record.reason
