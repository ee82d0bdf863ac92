"""Programs for a process as a container runtime started it: they look at themselves, and make nobody."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from credstone.repro.program import program
from credstone.suite.load import Suite, default_folder, load_suite
from credstone.words.container_start import Asked
from credstone.words.errors import CredstoneError

SCENARIOS = ("ids/the-user-that-was-asked-for", "groups/no-group-that-nobody-asked-for")
OWN = Asked(uid=os.getuid(), gid=os.getgid(), groups=tuple(os.getgroups()))
"""What this process was asked to be, if anybody asked."""
OTHER = Asked(uid=4000, gid=4000)


@pytest.fixture(scope="module")
def suite() -> Suite:
    folder = default_folder()
    return load_suite(folder, sorted(folder.glob("container-start/*.scn")))


def run(source: str, language: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What the program says of the process that it is."""
    file = folder / ("repro.c" if language == "c" else "repro.py")
    file.write_text(source)
    command = [sys.executable, str(file)]
    if language == "c":
        command = [str(folder / "repro")]
        flags = ["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-pthread"]
        subprocess.run(["cc", *flags, str(file), "-o", command[0]], check=True)
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


@pytest.mark.parametrize("language", ["c", "python"])
@pytest.mark.parametrize("name", SCENARIOS)
def test_it_sees_what_was_asked_and_what_was_not(suite: Suite, tmp_path: Path, name: str, language: str) -> None:
    if language == "c" and shutil.which("cc") is None:
        pytest.skip("needs a C compiler (cc)")
    if name.startswith("groups") and not os.getgroups():
        pytest.skip("needs a process that is in some group")
    full = f"container-start/{name}"
    assert run(program(suite, full, language, OWN), language, tmp_path).returncode == 0
    wrong = run(program(suite, full, language, OTHER), language, tmp_path)
    assert wrong.returncode == 1
    assert "expected" in wrong.stdout


def test_it_says_who_is_to_start_it(suite: Suite) -> None:
    made = program(suite, f"container-start/{SCENARIOS[0]}", "c", OWN)
    assert "let the runtime start it" in " ".join(made.split())
    assert "sudo" not in made


@pytest.mark.parametrize(
    ("name", "asked", "sentence"),
    [
        (SCENARIOS[0], None, "nobody asked a runtime to start this"),
        ("groups/each-additional-group-is-in-the-list", OTHER, "no additional groups were asked for"),
        ("namespace/the-map-of-the-users", OTHER, "no user namespace was asked for"),
    ],
)
def test_where_nothing_was_asked_there_is_no_program(
    suite: Suite, name: str, asked: Asked | None, sentence: str
) -> None:
    with pytest.raises(CredstoneError, match=f"There is no program for container-start/{name}: {sentence}") as raised:
        program(suite, f"container-start/{name}", "", asked)
    assert "--target" in raised.value.hint
