"""Tests on the real machine: what they need, and that they leave nothing behind."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _compiler() -> None:
    if shutil.which("cc") is None:
        pytest.skip("needs a C compiler (cc)")


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
