"""Whose a container is: the run that made it, so that another run can tell whether that one still lives.

A label holds the machine, its boot, its namespace of process IDs, and the process with the moment of its start.  Only a
run on the same machine may judge: what another machine left on a shared engine is its own to sweep.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

LABEL = "credstone.owner"
_PROC = Path("/proc")


def owner() -> str:
    """This process, as a label has it."""
    return " ".join((*_here(), str(os.getpid()), _begun(os.getpid())))


def is_dead(label: str) -> bool:
    """Whether the run with this label is known to have ended."""
    fields = label.split(" ")
    if len(fields) != 5:
        return False
    machine, boot, namespace, pid, begun = fields
    here = _here()
    if not machine or machine != here[0]:
        return False
    if boot != here[1]:
        return True
    return namespace == here[2] and _begun(int(pid)) != begun


def _here() -> tuple[str, str, str]:
    namespace = ""
    with contextlib.suppress(OSError):
        namespace = str((_PROC / "self/ns/pid").readlink())
    return (
        _content(Path("/etc/machine-id")) or os.uname().nodename,
        _content(_PROC / "sys/kernel/random/boot_id"),
        namespace,
    )


def _content(path: Path) -> str:
    with contextlib.suppress(OSError):
        return path.read_text().strip()
    return ""


def _begun(pid: int) -> str:
    """When a process was started, in clock ticks since the boot; empty if there is none."""
    stat = _content(_PROC / str(pid) / "stat").rpartition(")")[2].split()
    return stat[19] if len(stat) > 19 and stat[0] not in "ZX" else ""
