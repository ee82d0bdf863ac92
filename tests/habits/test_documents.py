"""What several files say alike: versions, commands of make, the order of the glossary."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
WORKFLOW = (ROOT / ".github" / "workflows" / "ci.yml").read_text()


def targets(text: str) -> set[str]:
    return set(re.findall(r"\bmake ([a-z]+)", text))


def test_the_workflow_runs_commands_of_the_makefile() -> None:
    there_are = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"lint", "run", "test", "sanitize"} <= targets(WORKFLOW) <= there_are
    assert "sanitize" in targets((ROOT / ".ci" / "run").read_text()) <= there_are


def test_the_workflow_has_every_version_of_python() -> None:
    (listed,) = re.findall(r"^        python: \[(.*)\]$", WORKFLOW, re.MULTILINE)
    versions = re.findall(r"\d\.\d+", listed)
    classifiers = " ".join(PROJECT["project"]["classifiers"])
    assert versions == re.findall(r"Python :: (3\.\d+)", classifiers)
    assert PROJECT["project"]["requires-python"] == f">={versions[0]}"


def test_the_version_is_the_same_everywhere() -> None:
    version = PROJECT["project"]["version"]
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text()
    assert f"\n## {version}" in (ROOT / "CHANGELOG.md").read_text()


def test_the_glossary_is_in_alphabetical_order() -> None:
    terms = re.findall(r"^\| \*\*(.+?)\*\*", (ROOT / "docs" / "glossary.md").read_text(), re.MULTILINE)
    assert len(terms) > 20
    assert terms == sorted(terms, key=str.lower)
