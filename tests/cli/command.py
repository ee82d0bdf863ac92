"""Running the command line as a person does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec


class Done(msgspec.Struct):
    """What came of a command."""

    status: int
    out: str
    err: str

    def json(self) -> list[dict[str, Any]]:
        """Standard output, each of its lines a JSON value."""
        return [json.loads(line) for line in self.out.splitlines()]


def credstone(*arguments: str | Path, folder: Path | None = None) -> Done:
    """Runs a command; whatever comes of it, it is no traceback."""
    command = [sys.executable, "-m", "credstone", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=120, check=False)
    assert "Traceback" not in done.stdout + done.stderr
    assert "INTERNALERROR" not in done.stdout + done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


def refused(*arguments: str | Path, status: int = 2) -> str:
    """Runs a command that is a mistake: nothing on standard output, and what was wrong on the other."""
    done = credstone(*arguments)
    assert (done.status, done.out) == (status, "")
    return done.err
