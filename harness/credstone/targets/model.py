"""The model as a target: the answers of the executable man pages, in the form in which an agent gives them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from credstone.model.machine import FACTS
from credstone.model.play import transcribe
from credstone.model.rules import Mutant
from credstone.words.actor import Setup
from credstone.words.cell import NATIVE, PYTHON, Cell
from credstone.words.facts import Facts
from credstone.words.transcript import Transcript


class ModelTarget:
    """Performs cells in the model, or in one of its mutants."""

    name = "model"
    deviations: Path | None = None

    def __init__(self, mutant: Mutant | None = None) -> None:
        self._mutant = mutant
        self._setups: dict[int, Setup] = {}

    def facts(self, agent: str) -> Facts:
        return FACTS if agent in (NATIVE, PYTHON) else msgspec.structs.replace(FACTS, abi=agent)

    def submit(self, number: int, cell: Cell, setup: Setup) -> None:
        self._setups[number] = setup

    def result(self, number: int, cell: Cell) -> Transcript | str:
        return transcribe(number, cell, self._setups.pop(number), self._mutant)

    def close(self) -> None:
        self._setups.clear()
