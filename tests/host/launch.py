"""Starting the real command line for a test, under conditions that a test chooses."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import struct
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

SUITES = Path(__file__).resolve().parents[2] / "suites"
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000


class Ran:
    """What came of a run: its status, what it printed, and its results file."""

    def __init__(self, done: subprocess.CompletedProcess[str], results: Path) -> None:
        self.status = done.returncode
        self.out = done.stdout
        self.err = done.stderr
        lines = [json.loads(line) for line in results.read_text().splitlines()] if results.exists() else []
        self.header = next((line for line in lines if line["type"] == "header"), None)
        self.cells: list[dict[str, Any]] = [line for line in lines if line["type"] == "cell"]
        self.footer = next((line for line in lines if line["type"] == "footer"), None)

    def of(self, verdict: str) -> list[dict[str, Any]]:
        """The cells with this verdict."""
        return [cell for cell in self.cells if cell["verdict"] == verdict]

    def most_blamed(self, api: str) -> str:
        """The clause that most of the failed cells of an API name."""
        return Counter(str(cell["clause"]) for cell in self.of("fail") if cell["api"] == api).most_common(1)[0][0]

    def broken_clauses(self) -> set[str]:
        """The clauses that the failed cells name."""
        return {cell["clause"] for cell in self.of("fail")}


def credstone(
    folder: Path,
    *arguments: str,
    suites: Path = SUITES,
    environment: Mapping[str, str] | None = None,
    before: Callable[[], None] | None = None,
    limit: float = 120,
) -> Ran:
    """Runs ``credstone run`` with a results file in ``folder``; ``before`` runs in the new process."""
    results = folder / "results.jsonl"
    results.unlink(missing_ok=True)
    command = [sys.executable, "-m", "credstone", "run", *arguments, "--suites", str(suites), "--results", str(results)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env={**environment_for(folder), **(environment or {})},
        preexec_fn=before,
        timeout=limit,
        check=False,
    )
    return Ran(done, results)


def environment_for(folder: Path) -> dict[str, str]:
    """The environment of a run that keeps its temporary files below the test's folder, where the test looks for them."""
    (folder / "tmp").mkdir(exist_ok=True)
    (folder / "tmp").chmod(0o1777)
    return {**os.environ, "TMPDIR": str(folder / "tmp")}


def hear_every_signal() -> None:
    """In a new process: what a shell makes its background jobs ignore would be ignored here as well."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def preload(folder: Path, name: str, source: str) -> dict[str, str]:
    """The environment in which a library with this source stands before the C library."""
    library = folder / f"{name}.so"
    text = folder / f"{name}.c"
    text.write_text(source)
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(text), "-ldl"], check=True)
    return {"LD_PRELOAD": str(library)}


def answering(errno: int, *system_calls: int, flag: int = 0) -> Callable[[], None]:
    """A function that makes the kernel answer these system calls of this process with an errno, without acting.

    With a ``flag`` it does so only if their first argument has it.
    """

    def install() -> None:
        def statement(code: int, jump_true: int, jump_false: int, value: int) -> bytes:
            return struct.pack("HBBI", code, jump_true, jump_false, value)

        program = statement(0x20, 0, 0, 0)  # load the number of the call
        for number in system_calls:
            if flag:  # load the lower half of the first argument, and look for the bit
                program += statement(0x15, 0, 4, number) + statement(0x20, 0, 0, 16)
                program += statement(0x45, 0, 1, flag) + statement(0x06, 0, 0, _ERRNO | errno)
                program += statement(0x20, 0, 0, 0)
            else:
                program += statement(0x15, 0, 1, number) + statement(0x06, 0, 0, _ERRNO | errno)
        program += statement(0x06, 0, 0, _ALLOW)
        text = ctypes.create_string_buffer(program, len(program))
        head = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(text))
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if libc.prctl(_PR_SET_SECCOMP, _FILTER, ctypes.c_char_p(head), 0, 0):
            raise OSError(ctypes.get_errno(), "no seccomp filter")

    return install
