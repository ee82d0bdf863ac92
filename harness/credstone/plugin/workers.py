"""How cells are dealt to the workers of pytest-xdist: all cells of a target to one.

pytest-xdist has groups for that, and writes the group behind the id of each item.  An id has to be the same with and
without workers, so the target is read from the id as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from credstone.words.cell import in_item

HAS_SUITES = pytest.StashKey[bool]()
"""Whether suites are among what a session was asked to collect."""
_DEALT_BY_TARGET = ("load", "loadgroup")
"""What pytest-xdist does with -n alone, and its own groups."""


def named_paths(config: pytest.Config) -> list[Path]:
    """The files and folders that were named on the command line."""
    return [Path(argument.split("::")[0]).resolve() for argument in config.args]


def suites_of(named: Iterable[Path]) -> set[Path]:
    """The folders of suites below or above these paths."""
    there = list(named)
    below = {path.parent for name in there for path in name.rglob("actors.toml")}
    return below | {parent for name in there for parent in name.parents if (parent / "actors.toml").is_file()}


def target_of(nodeid: str, targets: Iterable[str]) -> str:
    """The target of a cell by the id of its item; empty if the item is no cell."""
    path, _, name = nodeid.partition("::")
    longest_first = sorted(targets, key=len, reverse=True) if path.endswith(".scn") else []
    return next((target for target in longest_first if name.endswith(f":{in_item(target)}]")), "")


def make_scheduler(config: pytest.Config, log: Any, targets: Iterable[str]) -> Any:
    """The scheduler of a session; None if it has no suites, or if another way to deal was asked for."""
    if not config.stash.get(HAS_SUITES, False) or config.getoption("dist") not in _DEALT_BY_TARGET:
        return None
    # only a session with workers needs it, and it has no types
    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # noqa: PLC0415

    known = list(targets)

    class ByTarget(LoadScopeScheduling):  # type: ignore[misc]  # of a class without types
        """The cells of a target are one unit of work; so is any other item."""

        def _split_scope(self, nodeid: str) -> str:
            return target_of(nodeid, known) or nodeid

    return ByTarget(config, log)
