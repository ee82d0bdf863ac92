"""The hooks of a commit run what ``make lint`` runs, and with the same tools."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOOKS = ROOT / ".pre-commit-config.yaml"


def commands_of_make() -> list[str]:
    """The commands of ``make lint``, as make would run them; what brings .venv up to date stands before the first."""
    told = subprocess.run(
        ["make", "--dry-run", "--always-make", "--no-print-directory", "lint"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    lines = told.splitlines()
    return lines[lines.index(".venv/bin/ruff check .") :]


def entries(text: str) -> list[str]:
    return re.findall(r"^ +entry: (.*)$", text, re.MULTILINE)


def test_they_run_the_commands_of_make_lint() -> None:
    assert entries(HOOKS.read_text()) == commands_of_make()


def test_nothing_is_fetched() -> None:
    text = HOOKS.read_text()
    assert set(re.findall(r"- repo: (.*)", text)) == {"local"}
    assert set(re.findall(r"language: (.*)", text)) == {"system"}
    assert text.count("language:") == text.count("pass_filenames: false") == text.count("- id:")
