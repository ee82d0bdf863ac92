"""The lock file is what pyproject.toml asks for, for every Python, and nothing of one machine is in it."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from copy import deepcopy
from typing import Any

import pytest

from lock.locked import LOCK, PYTHONS, ROOT, Entry, lacking, other_versions, read_lock

TEXT = LOCK.read_text()
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.fixture
def _as_locked() -> None:
    if others := other_versions(TEXT):
        pytest.skip(f"needs what the lock file names, and here are {', '.join(others)}")


@pytest.mark.usefixtures("_as_locked")
@pytest.mark.parametrize("python", PYTHONS)
def test_it_is_what_pyproject_asks_for(python: str) -> None:
    assert lacking(PROJECT, TEXT, python) == [], "make lock"


def test_the_versions_of_python_are_those_that_pyproject_takes() -> None:
    assert PROJECT["project"]["requires-python"] == f">={PYTHONS[0]}"
    assert f"--python-version {PYTHONS[0]} " in (ROOT / "Makefile").read_text()


def test_every_entry_has_hashes_and_nothing_else_is_in_it() -> None:
    entries = list(read_lock(TEXT))
    assert [each for each in entries if not isinstance(each, Entry)] == []
    assert len(entries) > 40


def test_it_names_no_host_and_no_path() -> None:
    assert not re.search(r"://|(?:^|[\s=@])[/~]|--(?!hash=)|\bfile:", TEXT, re.MULTILINE)


def project(**changes: list[str]) -> dict[str, Any]:
    """pyproject.toml with other requirements."""
    changed = deepcopy(PROJECT)
    changed["project"]["dependencies"] += changes.get("run", [])
    changed["project"]["optional-dependencies"]["dev"] += changes.get("dev", [])
    changed["build-system"]["requires"] += changes.get("build", [])
    return changed


@pytest.mark.usefixtures("_as_locked")
@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        (project(run=["tomlkit2>=1"]), "tomlkit2>=1 is not locked"),
        (project(dev=["tomlkit2"]), "tomlkit2 is not locked"),
        (project(build=["hatch-vcs"]), "hatch-vcs is not locked"),
        (project(run=["docker[ssh]>=7"]), 'paramiko>=2.4.3; extra == "ssh" is not locked'),
        (project(run=["msgspec<0.1"]), "msgspec<0.1 is locked as "),
        (project(run=["some-backport; python_version < '3.14'"]), 'some-backport; python_version < "3.14" is not lo'),
    ],
)  # fmt: skip
def test_a_dependency_that_was_not_locked_is_noticed(changed: dict[str, Any], wrong: str) -> None:
    found = lacking(changed, TEXT, "3.13")
    assert any(each.startswith(wrong) for each in found), found


@pytest.mark.usefixtures("_as_locked")
@pytest.mark.parametrize(
    ("pattern", "new", "wrong"),
    [
        (r"^lark==\S+", "lark==0.1", "lark<2,>=1.1.9 is locked as 0.1"),
        (r"^lark==(.*\n +--hash.*)+", "lark==1.2.2", "not a version with hashes: lark==1.2.2"),
        (r"^lark==(\S+)", r"lark>=\1", "not a version with hashes: lark>="),
        (r"\A", "--index-url https://example.org/\n", "not a version with hashes: --index-url"),
        (r"^lark==", "colour==1 --hash=sha256:" + "0" * 64 + "\nlark==", "colour is locked, and nothing needs it"),
        (r"^urllib3==", "urllib4==", "urllib3<3,>=1.26 is not locked"),
    ],
)
def test_a_lock_file_that_is_wrong_is_noticed(pattern: str, new: str, wrong: str) -> None:
    text, count = re.subn(pattern, new, TEXT, count=1, flags=re.MULTILINE)
    assert count == 1
    found = lacking(PROJECT, text, "3.11")
    assert any(each.startswith(wrong) for each in found), found


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_what_is_set_up_comes_from_it() -> None:
    command = ["make", "--dry-run", "--what-if=requirements.lock", ".venv/ready"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    locked, own = (line for line in done.stdout.splitlines() if " pip install " in line)
    assert "--require-hashes --requirement requirements.lock" in locked
    assert {"--no-index", "--no-deps", "--no-build-isolation"} < set(own.split())
