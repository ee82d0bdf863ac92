"""The tests with the newest releases that pyproject.toml allows: what of requirements.lock is behind, and what would break.

It installs them into a virtual environment of its own, runs the tests that depend on libraries, and says what came of it in
its last line.  It reports and never fails: the status is 0 whatever breaks, and without a network too.  Standard library
only, as it is there before anything is installed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
TESTS = (
    "deviations", "diff", "explain", "judge", "merge", "plan", "report", "results", "shape", "suite",
    "agent/test_wire.py", "agent/test_session.py", "cli/test_cli.py", "cli/test_progress.py", "container/test_base.py",
    "container/test_building.py", "container/test_client.py", "container/test_recipe.py", "container/test_settings.py",
)  # fmt: skip
"""Tests that need neither root nor an engine, two minutes in all.  They use every library: lark (the notation), msgspec
(whatever is read or written), pytest, xdist, rich and cyclopts (runs), docker (engines that do not answer), jinja2 (the
recipes and the HTML report), and the readers of reports."""
INSTALLING, TESTING = 300.0, 300.0
"""Seconds after which it is given up."""
SHOWN = 10
"""Broken tests that are named; the log has all."""


class Unknown(Exception):
    """Nothing can be said, and why."""


def main(folder: Path = BUILD) -> str:
    """The report: one line for each test that broke, and a sentence at the end."""
    try:
        installed = install(folder / "newest")
        newer = newer_than((ROOT / "requirements.lock").read_text(), installed)
        if not newer:
            return (
                "newest: nothing is newer than requirements.lock in the ranges of pyproject.toml, so nothing was tried."
            )
        count, broken = run_tests(folder)
    except (Unknown, OSError, subprocess.SubprocessError, ET.ParseError, ValueError) as error:
        why = " ".join(str(error).split())
        return f"newest: the newest releases were not tried: {why or type(error).__name__}."
    return report(newer, count, broken)


def install(place: Path) -> dict[str, str]:
    """Installs the newest of everything, and this project; the versions by name."""
    shutil.rmtree(place, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True, capture_output=True, timeout=INSTALLING)
    pip = [str(place / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
    command = [*pip, "install", "--quiet", "--retries", "1", "--editable", f"{ROOT}[dev]"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=INSTALLING)
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()] or ["it said nothing"]
        why = next((line for line in lines if line.startswith("ERROR:")), lines[-1])
        raise Unknown(f"pip ended with status {done.returncode} ({why})")
    listed = subprocess.run([*pip, "list", "--format", "json"], check=True, capture_output=True, timeout=INSTALLING)
    return {each["name"]: each["version"] for each in json.loads(listed.stdout)}


def newer_than(lock: str, installed: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """What is installed in another version than the locked one: both versions, by name."""
    locked = dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", lock, re.MULTILINE))
    named = {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in installed.items()}
    return {
        name: (locked[name], version) for name, version in sorted(named.items()) if locked.get(name, version) != version
    }


def run_tests(folder: Path) -> tuple[int, list[str]]:
    """How many tests ran, and those that broke."""
    log, results = folder / "newest.log", folder / "newest.xml"
    results.unlink(missing_ok=True)
    command = [folder / "newest" / "bin" / "python", "-m", "pytest", "-q", "-n", "auto", "-p", "no:cacheprovider"]
    command += [f"--junitxml={results}", *(f"tests/{each}" for each in TESTS)]
    with log.open("w", encoding="utf-8") as output:
        running = subprocess.Popen(
            list(map(str, command)), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
        try:
            status = running.wait(TESTING)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
            raise Unknown(f"the tests took longer than {TESTING:g} s") from None
    if not results.exists():
        raise Unknown(f"pytest ended with status {status} and without results, see {log}")
    return outcome(results.read_text(encoding="utf-8"))


def outcome(junit: str) -> tuple[int, list[str]]:
    """The number of tests in a JUnit file, and the names of those that failed or could not run."""
    cases = list(ET.fromstring(junit).iter("testcase"))  # noqa: S314 - pytest wrote it just now
    broken = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    return len(cases), [f"{case.get('classname')}::{case.get('name')}" for case in broken]


def report(newer: Mapping[str, tuple[str, str]], count: int, broken: Sequence[str]) -> str:
    """The lines to print; the last one says what was tried and what came of it."""
    tried = ", ".join(f"{name} {new} (locked: {old})" for name, (old, new) in newer.items())
    if not count:
        return f"newest: with {tried} no test ran; build/newest.log says why."
    if not broken:
        return f"newest: with {tried} nothing broke in {count} tests."
    more = len(broken) - SHOWN
    lines = [f"  {name}" for name in broken[:SHOWN]] + ([f"  and {more} more"] if more > 0 else [])
    lines += [f"newest: with {tried} {len(broken)} of {count} tests broke; build/newest.log says how."]
    return "\n".join(lines)


if __name__ == "__main__":
    BUILD.mkdir(exist_ok=True)
    print(main())
