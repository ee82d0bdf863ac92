"""The commands and sessions in the project's documents."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "CODE_OF_CONDUCT.md",
    "MAINTAINERS.md",
    "SECURITY.md",
    "docs/architecture.md",
    "docs/ci.md",
    "docs/glossary.md",
    "docs/results.md",
    "docs/targets.md",
    "docs/walkthrough.md",
    "suites/README.md",
    "containers/README.md",
    "kernels/README.md",
    "standins/README.md",
)
ANYTHING = "..."
_BLOCK = re.compile(r"^```(\w+)?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NUMBER = re.compile(r"\d+\.\d+s?")


def blocks(document: str, *languages: str) -> Iterator[tuple[str, str, str]]:
    """The blocks of a document in these languages: language, what else stands behind it, text."""
    for language, more, text in _BLOCK.findall((ROOT / document).read_text()):
        if language in languages:
            yield language, more.strip(), text


def session(text: str) -> Iterator[tuple[str, list[str]]]:
    """The commands of a session, each with the lines that it prints."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        more = 1
        while more < len(lines) and re.match(r">( |$)", lines[more]):
            more += 1
        yield "\n".join([lines[0], *(line[2:] for line in lines[1:more])]), lines[more:]


def same(told: list[str], printed: list[str]) -> bool:
    """Whether the lines that were printed are those that a document tells, but for numbers that vary and what it leaves out."""
    pattern = "".join("(?:.*\n)*?" if line == ANYTHING else re.escape(f"{_plain(line)}\n") for line in told)
    return re.fullmatch(pattern, "".join(f"{_plain(line)}\n" for line in printed)) is not None


def _plain(line: str) -> str:
    return " ".join(_NUMBER.sub("N", line).split())


def bash(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Runs a script where ``credstone`` is the one under test."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=600,
    )  # fmt: skip
