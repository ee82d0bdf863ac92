"""What every target can do."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from credstone.words.actor import Setup
from credstone.words.cell import Cell
from credstone.words.facts import Facts
from credstone.words.transcript import Transcript


class Target(Protocol):
    """A system under test, reached through its agents."""

    name: str

    @property
    def deviations(self) -> Path | None:
        """The file with its known deviations, which need not exist; None for a target that has no place for one."""

    def facts(self, agent: str) -> Facts:
        """The facts as this agent (``Cell.agent``) found them.  Raises MachineError if there is no such agent."""

    def submit(self, number: int, cell: Cell, setup: Setup) -> None:
        """Queues a cell under a number of the caller's choice."""

    def result(self, number: int, cell: Cell) -> Transcript | str:
        """The transcript of a queued cell, waiting for it; or one sentence on why there is none."""

    def close(self) -> None:
        """Ends the agents and leaves nothing behind."""
