"""Tests with a real engine: what they need, and that they leave nothing behind."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from containers.engine import Engine
from credstone.engine.owner import LABEL
from credstone.words.errors import MachineError

CAP_SYS_ADMIN = 1 << 21


def _why_not() -> str:
    """Why no engine can be started here, if so."""
    status = Path("/proc/self/status").read_text()
    effective = int(next(line for line in status.splitlines() if line.startswith("CapEff")).split()[1], 16)
    if os.geteuid() != 0 or not effective & CAP_SYS_ADMIN:
        return "needs root with CAP_SYS_ADMIN: an engine of the test's own is started"
    if shutil.which("dockerd") is None:
        return "needs an engine to start (Debian: apt-get install docker.io)"
    return ""


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """An engine for the tests of a module."""
    if why := _why_not():
        pytest.skip(why)
    own = Engine()
    try:
        try:
            own.take("scratch")
        except MachineError as error:
            pytest.skip(f"needs an engine to take images from: {error.what}")
        yield own
        with own.client() as client:
            left = client.containers.list(all=True, filters={"label": LABEL})
            assert not left, "no test leaves a container behind"
    finally:
        own.close()
