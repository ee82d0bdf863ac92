from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from credstone.runner import Runner
from repro.agreeing import suite


@pytest.fixture(scope="session")
def runner() -> Iterator[Runner]:
    """Runs cells on this machine, for what the programs are held against."""
    here = Runner(suite().actors)
    yield here
    here.close()


@pytest.fixture
def _no_folder_left() -> Iterator[None]:
    before = set(Path("/tmp").glob("repro-*"))
    yield
    assert set(Path("/tmp").glob("repro-*")) <= before
