"""Running the command line as a person does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec


class Done(msgspec.Struct):
    """What came of a command."""

    status: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Standard output as one line, however it was wrapped."""
        return " ".join(self.out.split())

    def json(self) -> list[dict[str, Any]]:
        """Standard output, each of its lines a JSON value."""
        return [json.loads(line) for line in self.out.splitlines()]


def credstone(*arguments: str | Path, folder: Path | None = None) -> Done:
    """Runs a command; whatever comes of it, it is no traceback."""
    return _done([sys.executable, "-m", "credstone", *map(str, arguments)], folder)


def mutated(*arguments: str | Path, beside: Path) -> Done:
    """The same with mutants as targets, whose deviations stand in the folder ``beside``."""
    program = Path(__file__).resolve().parent.parent / "mutated.py"
    return _done([sys.executable, program, *map(str, arguments)], None, {"BESIDE": str(beside)})


def _done(command: Sequence[str | Path], folder: Path | None, environment: Mapping[str, str] | None = None) -> Done:
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=folder, timeout=120, check=False,
        env={**os.environ, **(environment or {})},
    )  # fmt: skip
    assert "Traceback" not in done.stdout + done.stderr
    assert "INTERNALERROR" not in done.stdout + done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


def refused(*arguments: str | Path, status: int = 2) -> str:
    """Runs a command that is a mistake: nothing on standard output, and what was wrong on the other."""
    done = credstone(*arguments)
    assert (done.status, done.out) == (status, "")
    return done.err
