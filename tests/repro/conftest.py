from __future__ import annotations

from collections.abc import Iterator

import pytest

from credstone.runner import Runner
from repro.agreeing import suite


@pytest.fixture(scope="session")
def runner() -> Iterator[Runner]:
    """Runs cells on this machine, for what the programs are held against."""
    here = Runner(suite().actors)
    yield here
    here.close()
