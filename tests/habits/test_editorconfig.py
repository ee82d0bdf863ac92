"""The files of the repository are as ``.editorconfig`` says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("harness", "suites", "containers", "kernels", "standins", "tests", "docs", "bench", ".ci", ".github")
TEXTS = {
    "",
    ".c",
    ".css",
    ".h",
    ".html",
    ".j2",
    ".js",
    ".json",
    ".lark",
    ".md",
    ".py",
    ".scn",
    ".sh",
    ".toml",
    ".yaml",
    ".yml",
}
TABS = {".c", ".h", ".sh"}


def files() -> Iterator[Path]:
    for folder in (ROOT, *(ROOT / name for name in FOLDERS)):
        found = folder.iterdir() if folder == ROOT else folder.rglob("*")
        yield from (
            each for each in found
            if each.is_file() and each.suffix in TEXTS and "__pycache__" not in each.parts and each.name != ".git"
        )  # fmt: skip


def wrong(text: str, suffix: str) -> list[str]:
    """What is wrong with the layout of a text."""
    found = []
    lines = text.split("\n")
    if any(line != line.rstrip(" \t\r") for line in lines):
        found.append("white space at the end of a line")
    if text and lines[-1]:
        found.append("no newline at the end")
    if suffix in TABS and any(line.startswith("    ") for line in lines):
        found.append("indented by spaces")
    return found


def test_every_file() -> None:
    seen = list(files())
    assert {".c", ".py", ".scn", ".toml"} <= {each.suffix for each in seen}
    found = {str(each.relative_to(ROOT)): faults for each in seen if (faults := wrong(each.read_text(), each.suffix))}
    handed = {name: faults for name, faults in found.items() if name.startswith("tests/judge/handed/")}
    assert set(map(tuple, handed.values())) <= {("no newline at the end",)}
    assert {name: faults for name, faults in found.items() if name not in handed} == {}


@pytest.mark.parametrize(
    ("text", "suffix", "faults"),
    [
        ("a \nb\n", ".py", ["white space at the end of a line"]),
        ("a\nb", ".py", ["no newline at the end"]),
        ("    a;\n", ".c", ["indented by spaces"]),
        ("    a\n", ".py", []),
    ],
)
def test_a_fault_is_seen(text: str, suffix: str, faults: list[str]) -> None:
    assert wrong(text, suffix) == faults
