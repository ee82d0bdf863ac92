"""The systems under test.  A target takes cells and gives transcripts; it judges nothing."""

from __future__ import annotations

from collections.abc import Callable

from credstone.targets.base import Target
from credstone.targets.host import Host
from credstone.targets.model import ModelTarget
from credstone.words.errors import CredstoneError

_KINDS: dict[str, Callable[[], Target]] = {"host": Host, "model": ModelTarget}

TARGETS = tuple(sorted(_KINDS))


def open_target(name: str) -> Target:
    """The target with this name.  Raises CredstoneError for a name that means nothing."""
    if name not in _KINDS:
        raise CredstoneError(f"There is no target '{name}'.", f"There are {', '.join(TARGETS)}.")
    return _KINDS[name]()


__all__ = ["TARGETS", "Target", "open_target"]
