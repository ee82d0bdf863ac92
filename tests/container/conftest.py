"""The engines that are there; whoever has none learns why nothing was tried."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from credstone.targets.container.client import Client, open_engine
from credstone.words.errors import MachineError


@pytest.fixture(scope="session")
def client() -> Iterator[Client]:
    """The engine that the environment names."""
    yield from _opened("")


@pytest.fixture(scope="session")
def podman() -> Iterator[Client]:
    yield from _opened("podman")


def _opened(address: str) -> Iterator[Client]:
    try:
        found = open_engine(address)
    except MachineError as error:
        pytest.skip(f"needs a container engine: {error.what}")
    yield found
    found.close()
