"""For all tests: properties take the time they take, so that a busy machine is no failure; who is root."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("credstone", deadline=None)
settings.load_profile("credstone")


@pytest.fixture
def _root() -> None:
    status = Path("/proc/self/status").read_text()
    effective = int(next(line for line in status.splitlines() if line.startswith("CapEff")).split()[1], 16)
    if os.geteuid() != 0 or not effective >> 6 & 1:
        pytest.skip("needs root with CAP_SETGID: without it no actor but the caller can be had")
