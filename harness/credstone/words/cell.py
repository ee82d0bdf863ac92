"""The cell: one scenario × actor × API × target, the unit that runs, passes or fails."""

from __future__ import annotations

import msgspec

from credstone.words.actor import Actor
from credstone.words.scenario import Scenario


class Cell(msgspec.Struct, frozen=True):
    """One cell.  Its id is the same on every target, so that targets can be compared."""

    scenario: Scenario
    actor: Actor
    api: str
    target: str

    @property
    def id(self) -> str:
        """``page/script/scenario[values]@actor:api``."""
        return f"{self.scenario.id}@{self.actor.name}:{self.api}"
