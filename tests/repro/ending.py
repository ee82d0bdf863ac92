"""Starting a program, and looking for what it leaves behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

from credstone.repro.program import find_cell, program
from credstone.suite.load import Suite
from repro.agreeing import compiled


class Ran:
    """What came of a program: its status, what it printed, how long it took."""

    def __init__(self, command: list[str], environment: Mapping[str, str] | None = None, limit: float = 30) -> None:
        mark = new_mark()
        begun = time.monotonic()
        done = subprocess.run(
            command, env={**os.environ, **mark, **(environment or {})}, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=limit, check=False,
        )  # fmt: skip
        self.seconds = time.monotonic() - begun
        self.status, self.out, self.err = done.returncode, done.stdout, done.stderr
        assert left_behind(mark) == []


def new_mark() -> dict[str, str]:
    """An environment by which the processes of one program are known."""
    return {"REPRO_TEST": str(uuid.uuid4())}


def left_behind(mark: dict[str, str]) -> list[str]:
    """The processes that have this in their environment; one that was killed just now may need a moment."""
    deadline = time.monotonic() + 2
    while (found := list(having(mark))) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def having(mark: dict[str, str]) -> Iterator[str]:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark["REPRO_TEST"].encode() in (process / "environ").read_bytes():
                yield (process / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue


def command_for(suite: Suite, name: str, folder: Path, language: str) -> list[str]:
    """The program of a scenario, ready to be started."""
    if language == "c":
        return [str(compiled(find_cell(suite, name, "c"), folder, of=suite))]
    file = folder / f"repro.{language}"
    file.write_text(program(suite, name, language))
    return ["sh" if language == "shell" else sys.executable, str(file)]
