"""The stage of CI that tries newer releases: it says what they break, and no failure of it is a failure of the build."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from lock.locked import LOCK, ROOT

SCRIPT = ROOT / ".ci" / "newest.py"
JUNIT = """<testsuites><testsuite tests="4">
<testcase classname="tests.a.test_b" name="test_good"/>
<testcase classname="tests.a.test_b" name="test_skipped"><skipped/></testcase>
<testcase classname="tests.a.test_b" name="test_bad[x]"><failure message="lorem">ipsum</failure></testcase>
<testcase classname="" name="tests.a.test_c"><error message="lorem">ipsum</error></testcase>
</testsuite></testsuites>"""
NEWER = {"lark": ("1.2.2", "1.3.0"), "rich": ("14.0", "15.0")}


@pytest.fixture(scope="module")
def newest() -> ModuleType:
    specification = importlib.util.spec_from_file_location("newest", SCRIPT)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_what_is_newer(newest: ModuleType) -> None:
    lock = "lark==1.2.2 \\\n    --hash=sha256:0\ntap-py==3.2.1 ; python_version < '4' \\\n    --hash=sha256:0\n    # via x\n"
    assert newest.newer_than(lock, {"lark": "1.3.0", "tap.py": "3.2.1", "pip": "23.0"}) == {"lark": ("1.2.2", "1.3.0")}
    assert newest.newer_than(lock, {"Tap_Py": "4"}) == {"tap-py": ("3.2.1", "4")}
    versions = dict(re.findall(r"^(\S+)==([^\s;]+)", LOCK.read_text(), re.MULTILINE))
    assert newest.newer_than(LOCK.read_text(), versions) == {}
    assert newest.newer_than(LOCK.read_text(), versions | {"msgspec": "99"}).keys() == {"msgspec"}


def test_what_broke(newest: ModuleType) -> None:
    assert newest.outcome(JUNIT) == (4, ["tests.a.test_b::test_bad[x]", "::tests.a.test_c"])


def test_the_last_line_says_what_was_tried_and_what_came_of_it(newest: ModuleType) -> None:
    good = newest.report(NEWER, 9, [])
    assert good == "newest: with lark 1.3.0 (locked: 1.2.2), rich 15.0 (locked: 14.0) nothing broke in 9 tests."
    *named, last = newest.report(NEWER, 20, [f"a::{number}" for number in range(12)]).splitlines()
    assert "12 of 20 tests broke" in last
    assert "lark 1.3.0" in last
    assert len(named) == 11
    assert "no test ran" in newest.report(NEWER, 0, [])


def test_no_line_of_it_is_taken_for_the_end_of_the_tests(newest: ModuleType) -> None:
    for text in (newest.report(NEWER, 9, []), newest.report(NEWER, 9, ["a::b"]), newest.report(NEWER, 0, [])):
        assert not re.search(r"\d+ (passed|failed|errors?|skipped)\b|no tests ran", text)


def test_tests_that_are_named_are_there(newest: ModuleType) -> None:
    assert [name for name in newest.TESTS if not (ROOT / "tests" / name).exists()] == []


def test_without_a_network_it_says_so_and_the_status_is_0(tmp_path: Path) -> None:
    copy = tmp_path / ".ci" / "newest.py"
    copy.parent.mkdir()
    copy.write_bytes(SCRIPT.read_bytes())
    for name in ("pyproject.toml", "requirements.lock"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    nowhere = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "PIP_CONFIG_FILE": os.devnull}
    command = [sys.executable, str(copy)]
    done = subprocess.run(command, env={**os.environ, **nowhere}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    (line,) = done.stdout.splitlines()
    assert line.startswith("newest: the newest releases were not tried: pip ended with status ")


def test_a_test_that_hangs_ends_the_stage_and_not_the_build(
    newest: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "newest" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\nexec sleep 60\n")
    python.chmod(0o755)
    monkeypatch.setattr(newest, "install", lambda place: {"lark": "99"})
    monkeypatch.setattr(newest, "TESTING", 0.2)
    assert newest.main(tmp_path) == "newest: the newest releases were not tried: the tests took longer than 0.2 s."


def test_ci_tries_them_before_the_tests_and_never_fails_by_it() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert lines.index("make newest || true") < lines.index("make test") == len(lines) - 1
