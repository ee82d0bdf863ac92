"""What a compiler does and says: the commands that it would run, and the line of its output that says what is wrong."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

ENVIRONMENT = ("CPATH", "C_INCLUDE_PATH", "LIBRARY_PATH", "COMPILER_PATH", "GCC_EXEC_PREFIX", "REALGCC", "DIETHOME",
               "LD_RUN_PATH", "SDKROOT", "CCC_OVERRIDE_OPTIONS")  # fmt: skip
"""What compilers, linkers and their wrappers read of the environment, by their manuals: it decides what is made."""

_PASSED_ON = re.compile(r"^(collect2|clang(-\d+)?|\S*gcc(-\d+)?): (fatal )?error: (ld|linker|cc1|as)\b")
"""A driver that only reports that one of its programs has failed, which has said why before."""
_ERRORS = (
    re.compile(r"No space left"),
    re.compile(r"(^|[\s:])(fatal )?error:"),
    re.compile(
        r"cannot find|undefined (reference|symbol)|multiple definition|not found|cannot|No such file|unrecognized|invalid"
    ),
    re.compile(r"(^|[/-])(ld(\.\w+)?|cc1|as): "),
)
"""What is wrong, by what tells most."""


def run(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs a compiler in a folder, where it also has its temporary files.  It speaks English; bytes that are no UTF-8 are
    replaced.
    """
    environment = {**os.environ, "LC_ALL": "C", "TMPDIR": str(folder)}
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        cwd=folder,
        env=environment,
    )


def try_program(compiler: Sequence[str], folder: Path, text: str, *more: str) -> subprocess.CompletedProcess[str]:
    """Has a small program made in a folder.  It is a file: wrappers add files of another kind behind what they are given."""
    (folder / "trial.c").write_text(text)
    try:
        return run([*compiler, *more, "-o", "trial", "trial.c"], folder)
    finally:
        for name in ("trial", "trial.c"):
            (folder / name).unlink(missing_ok=True)


def commands(compiler: Sequence[str], folder: Path) -> str:
    """The commands that this compiler would run to make a program, with all that its wrappers and the environment add to
    them; empty where it does not say.
    """
    done = try_program(compiler, folder, "", "-###")
    return "" if done.returncode else re.sub(re.escape(str(folder)) + r"[^\s\"']*", "TEMPORARY", done.stderr)


def read_by_compilers(environment: Mapping[str, str]) -> dict[str, str]:
    """What of the environment decides what a compiler makes."""
    return {name: environment[name] for name in ENVIRONMENT if name in environment}


def complaint(said: str) -> str:
    """The first line of a compiler's output that says what is wrong; else the last line; empty where it says nothing."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    own = [line for line in lines if not _PASSED_ON.search(line) and "warning:" not in line]
    for error in _ERRORS:
        for line in own:
            if error.search(line):
                return line
    return lines[-1] if lines else ""
