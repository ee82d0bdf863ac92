"""The cell: one scenario × actor × API × target, the unit that runs, passes or fails."""

from __future__ import annotations

import msgspec

from credstone.words.actor import Actor
from credstone.words.scenario import Scenario

NATIVE, PYTHON = "native", "python"


class Cell(msgspec.Struct, frozen=True):
    """One cell.  ``abi`` is that of the agent, empty for the target's own.

    Its id is the same on every target, so that targets can be compared.
    """

    scenario: Scenario
    actor: Actor
    api: str
    target: str
    abi: str = ""

    @property
    def id(self) -> str:
        """``page/script/scenario[values]@actor:api``, and the ABI where it is not the target's own."""
        abi = f":{self.abi}" if self.abi else ""
        return f"{self.scenario.id}@{self.actor.name}:{self.api}{abi}"

    @property
    def agent(self) -> str:
        """Which agent of the target performs it."""
        return agent_of(self.api, self.abi)


def agent_of(api: str, abi: str) -> str:
    """The agent for an API: ``python``, the C agent (``native``), or that for another ABI."""
    return PYTHON if api == "python" else abi or NATIVE
