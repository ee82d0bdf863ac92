"""Tests on the real machine: what they need, and that they leave nothing behind."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _compiler() -> None:
    if shutil.which("cc") is None:
        pytest.skip("needs a C compiler (cc)")


@pytest.fixture
def _root() -> None:
    status = Path("/proc/self/status").read_text()
    effective = int(next(line for line in status.splitlines() if line.startswith("CapEff")).split()[1], 16)
    if os.geteuid() != 0 or not effective >> 6 & 1:
        pytest.skip("needs root with CAP_SETGID: without it no actor but the caller can be had")


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    """No test leaves a session's folder or an agent behind."""
    before = _leftovers()
    yield
    assert _leftovers() <= before


def _leftovers() -> set[str]:
    folders = {str(path) for path in Path(tempfile.gettempdir()).glob("credstone-*")}
    agents = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if command[0].endswith(b"/agent") or b"credstone/agent/python" in b" ".join(command):
            agents.add(f"{entry.name} {command}")
    return folders | agents
