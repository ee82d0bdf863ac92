"""Tests on the real machine: what they need, and that they leave nothing behind."""

from __future__ import annotations

import os
import shutil
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
def _nothing_left(tmp_path: Path) -> Iterator[None]:
    """No test leaves a session's folder or a process of it behind."""
    yield
    own = tmp_path / "tmp"
    assert not own.exists() or not list(own.iterdir())
    assert not [process for process in Path("/proc").glob("[0-9]*") if _works_in(process, own)]


def _works_in(process: Path, folder: Path) -> bool:
    try:
        return (process / "cwd").readlink().is_relative_to(folder)
    except OSError:
        return False
