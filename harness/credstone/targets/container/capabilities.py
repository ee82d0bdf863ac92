"""Which capabilities an engine can give: a host that lacks some refuses to start a container that asks for all."""

from __future__ import annotations

import contextlib
from pathlib import Path

from credstone.targets.container.client import Client
from credstone.words.capability import NAMES, names
from credstone.words.posture import Posture

ALL = "all"
"""In a posture: whatever the host can give."""


def wanted(client: Client, posture: Posture) -> list[str] | None:
    """The capabilities that a container in this posture is to be given; None for those that the engine gives by itself."""
    if posture.capabilities is None:
        return None
    return _givable(client) if posture.capabilities == ALL else list(posture.capabilities)


def _givable(client: Client) -> list[str]:
    """All that the engine can give: one on this machine is the process at the other end of its socket, and cannot give
    more than its bounding set.  Of another machine's nothing is known: all are asked for.
    """
    engine = client.process
    if engine:
        with contextlib.suppress(OSError, ValueError):
            return list(names(_bounding(engine)))
    return list(NAMES)


def _bounding(pid: int) -> int:
    """The bounding set of a process, as far as the names are known."""
    status = Path(f"/proc/{pid}/status").read_text()
    mask = next(int(line.split()[1], 16) for line in status.splitlines() if line.startswith("CapBnd"))
    return mask & ((1 << len(NAMES)) - 1)
