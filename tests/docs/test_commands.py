"""What the documents tell people to type works, and says what the documents say."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from credstone.agent.build import CROSS
from credstone.manpages.page import find_page
from credstone.targets.qemu_user import PROGRAMS as PROGRAMS_OF_QEMU
from credstone.targets.vm import kernels, qemu
from credstone.words.errors import CredstoneError
from docs.reading import ANYTHING, DOCUMENTS, ROOT, bash, blocks, same, session


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with what the commands find in a clone."""
    shutil.copytree(ROOT / "suites", tmp_path / "clone" / "suites")
    return tmp_path / "clone"


def lacking(command: str) -> str:
    """What a command needs that is not here."""
    if command.startswith("unshare") and subprocess.run(["unshare", "-r", "true"], check=False, stderr=-3).returncode:
        return "a user namespace"
    if "clauses audit" in command:
        try:
            return "" if find_page("setgid(2)") else "man pages"
        except CredstoneError:
            return "man pages"
    return ""


@pytest.mark.usefixtures("_root")
@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands(document: str, clone: Path) -> None:
    for _, more, text in blocks(document, "sh"):
        if more:  # what else these need is looked for elsewhere
            continue
        for command in text.splitlines():
            if not command.startswith("#") and not lacking(command):
                done = bash(clone, command)
                assert done.returncode == 0, f"{command}\n{done.stdout}"
    assert [each for each in clone.parent.iterdir() if each != clone] == []


PROGRAMS = {
    "kernel": (qemu.PROGRAMS["x86_64"],),
    "libraries": ("musl-gcc", "gcc"),
    "standins": (PROGRAMS_OF_QEMU["aarch64"], CROSS["aarch64"], "proot", "faked-tcp"),
}
"""What the blocks take that are marked so."""


@pytest.mark.parametrize("marked", PROGRAMS)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_that_take_more(document: str, marked: str, clone: Path) -> None:
    texts = [text for _, more, text in blocks(document, "sh") if more == marked]
    absent = [name for name in PROGRAMS[marked] if shutil.which(name) is None]
    if texts and absent:
        pytest.skip(f"needs {', '.join(absent)}")
    if texts and marked == "kernel" and not all(map(kernels.fetched, kernels.names())):
        pytest.skip("needs kernels: credstone kernels fetch")
    for command in (line for text in texts for line in text.splitlines()):
        done = bash(clone, command)
        assert done.returncode == 0, f"{command}\n{done.stdout}"


@pytest.mark.usefixtures("_root")
@pytest.mark.parametrize("document", [each for each in DOCUMENTS if list(blocks(each, "console"))])
def test_sessions(document: str, clone: Path) -> None:
    """All commands of a document in one shell: a variable that one sets holds for the next."""
    steps = [step for _, _, text in blocks(document, "console") for step in session(text)]
    mark = "=== next ==="
    done = bash(clone, "\n".join(f"{command}\necho '{mark}'" for command, _ in steps))
    printed = done.stdout.split(f"{mark}\n")
    assert len(printed) == len(steps) + 1, done.stdout
    for (command, told), output in zip(steps, printed, strict=False):
        assert same(told, output.splitlines()), f"{command}\n\ntold:\n" + "\n".join(told) + f"\n\nprinted:\n{output}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_and_targets_of_make(document: str) -> None:
    text = (ROOT / document).read_text()
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert ((ROOT / document).parent / link).exists(), link
    makefile = (ROOT / "Makefile").read_text()
    for name in re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE):
        assert re.search(rf"^{name}:", makefile, re.MULTILINE), name


def test_a_session_that_prints_something_else_is_noticed() -> None:
    assert same(["a 1.5s", ANYTHING, "z"], ["a  22.7s", "b", "z"])
    assert same([ANYTHING], [])
    assert not same(["a", ANYTHING, "z"], ["a", "b"])
    assert not same(["a"], ["a", "b"])
