"""Tests with a real engine: what they need, and that they leave nothing behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from containers.engine import Engine, why_not
from credstone.targets.container.owner import LABEL
from credstone.words.errors import MachineError


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """An engine for the tests of a module."""
    if why := why_not():
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
