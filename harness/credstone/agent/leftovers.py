"""Finding what an agent left running.

Every process of a cell stays in the session (setsid(2)) of its agent, whatever becomes of its credentials and parents, so
the session is what is looked for: a parent-death signal would be forgotten with the first change of ids.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path


def kill_session(session: int) -> None:
    """Kills all processes of a session and waits until they are gone (at most two seconds)."""
    for _ in range(200):
        members = list(_members(session))
        if not members:
            return
        for pid in members:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)


def _members(session: int) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) == session and fields[0] not in "ZX":
                    yield int(entry.name)
