"""What pytest keeps of a run, and what a person pastes: the cells that failed, and no others, run again."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from credstone.results.completeness import unfinished
from credstone.results.file import read_results
from host.launch import SUITES, environment_for, preload

pytestmark = pytest.mark.usefixtures("_root")

SCRIPTS = ("setuid.2/ids.scn", "setuid.2/saved-uid.scn")
REFUSES = """
#include <errno.h>
int setuid(unsigned uid) { (void) uid; errno = EINVAL; return -1; }
"""
_FAILED = re.compile(r"^FAILED (\S+)(?: - .*)?$", re.MULTILINE)
_VERBOSE = re.compile(
    r"^(?:\[\w+\] +\[ *\d+%\] )?(?:(PASSED|FAILED) )?(\S+::\S+) ?(PASSED|FAILED)? *(?:\[ *\d+%\])?$", re.MULTILINE
)


class Session:
    """Runs pytest in the folder of the suites, with a cache of the test's own; the wrong library is loaded on demand."""

    def __init__(self, folder: Path) -> None:
        self.cache = folder / "cache"
        self.wrong = preload(folder, "refuses", REFUSES)
        self.environment = {**environment_for(folder), "PYTEST_DEBUG_TEMPROOT": str(folder)}

    def run(self, *arguments: str, wrong: bool = True) -> str:
        """What a run prints."""
        options = ["-c", os.devnull, "--rootdir", ".", "-o", f"cache_dir={self.cache}", "--tb=no", "-rf", "--color=no"]
        environment: Mapping[str, str] = {**self.environment, **(self.wrong if wrong else {})}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *arguments],
            cwd=SUITES, env={**environment, "COLUMNS": "400"}, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode in (0, 1, 2), done.stdout + done.stderr
        return done.stdout

    def kept(self) -> set[str]:
        """The ids that pytest keeps as those that failed."""
        return set(json.loads((self.cache / "v" / "cache" / "lastfailed").read_text()))


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(tmp_path)


def failed(out: str) -> list[str]:
    """The ids of the short summary, as they are printed."""
    return _FAILED.findall(out)


def shown(out: str) -> dict[str, str]:
    """The ids that ``-v`` prints, in the order in which they ran, and what came of them."""
    return {name: before or after for before, name, after in _VERBOSE.findall(out) if before or after}


def counts(out: str) -> dict[str, int]:
    """The last line of pytest."""
    return {word: int(number) for number, word in re.findall(r"(\d+) (\w+)", out.splitlines()[-1])}


def test_an_id_is_the_same_text_everywhere(session: Session, tmp_path: Path) -> None:
    junit = tmp_path / "junit.xml"
    out = session.run(*SCRIPTS, "-k", "libc", "-v", f"--junitxml={junit}")
    ids = failed(out)
    assert any("=" in each for each in ids)
    assert any("=" not in each for each in ids)
    assert session.kept() == set(ids)
    assert {name for name, came in shown(out).items() if came == "FAILED"} == set(ids)
    cases = [case for case in ET.parse(junit).iter("testcase") if case.find("failure") is not None]
    assert sorted(f"{case.get('classname')}::{case.get('name')}" for case in cases) == sorted(
        each.replace("/", ".") for each in ids
    )
    own = subprocess.run(
        [sys.executable, "-m", "credstone", "run", *SCRIPTS, "-k", "libc", "-v"],
        cwd=SUITES, env={**session.environment, **session.wrong}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert {name for name, came in shown(own.stdout).items() if came == "FAILED"} == set(ids)


def test_what_failed_last_runs_again_and_nothing_else(session: Session, tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    ids = failed(session.run(*SCRIPTS, "-k", "libc"))
    assert len(ids) > 15
    again = session.run(*SCRIPTS, "--lf", f"--results={results}")
    assert failed(again) == ids
    assert list(unfinished(read_results(results))) == []
    assert counts(again)["failed"] == len(ids)
    assert "passed" not in counts(again)
    mended = session.run(*SCRIPTS, "--lf", wrong=False)
    assert counts(mended)["passed"] == len(ids)
    assert session.kept() == set()


def test_what_failed_last_runs_first(session: Session) -> None:
    ids = failed(session.run(*SCRIPTS, "-k", "libc"))
    ran = list(shown(session.run(*SCRIPTS, "--ff", "-v")))
    assert ran[: len(ids)] == ids
    assert len(ran) > len(ids)


def test_what_is_new_runs_first(session: Session) -> None:
    before = set(shown(session.run(*SCRIPTS, "-k", "libc", "-v")))
    ran = list(shown(session.run(*SCRIPTS, "--nf", "-v")))
    assert set(ran[-len(before) :]) == before


def test_step_by_step(session: Session) -> None:
    whole = list(shown(session.run(*SCRIPTS, "-v", wrong=False)))
    (first,) = failed(session.run(*SCRIPTS, "--sw"))
    out = session.run(*SCRIPTS, "--sw", "-v", wrong=False)
    assert list(shown(out)) == whole[whole.index(first) :]
    assert whole.index(first) > 0


def test_every_id_that_is_printed_can_be_pasted(session: Session) -> None:
    ids = failed(session.run(*SCRIPTS, "-k", "libc"))
    assert failed(session.run(*ids)) == ids
    for each in (ids[0], next(each for each in ids if "=" not in each)):
        out = session.run(each)
        assert (failed(out), counts(out)["failed"]) == ([each], 1)
        own = subprocess.run(
            [sys.executable, "-m", "credstone", "run", each, "-v"],
            cwd=SUITES, env={**session.environment, **session.wrong}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert shown(own.stdout) == {each: "FAILED"}


def test_workers_say_the_same_and_each_target_stays_on_one(session: Session) -> None:
    both = (*SCRIPTS, "-k", "libc", "--target", "host", "--target", "model")
    alone = session.run(*both, "-v")
    out = session.run(*both, "-v", "-n", "2")
    assert shown(out) == shown(alone)
    assert session.kept() == set(failed(out)) == set(failed(alone))
    on: dict[str, set[str]] = {}
    for worker, target in re.findall(r"^\[(gw\d)\].*:(\w+)\]\s*$", out, re.MULTILINE):
        on.setdefault(target, set()).add(worker)
    assert {target: len(workers) for target, workers in on.items()} == {"host": 1, "model": 1}
    again = session.run(*both, "--lf", "-n", "2")
    assert sorted(failed(again)) == sorted(failed(alone))
    assert "passed" not in counts(again)
