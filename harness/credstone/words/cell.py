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
    def item(self) -> str:
        """Its name as an item of pytest."""
        return item_name(self.scenario, self.actor.name, self.api, self.abi, self.target)

    @property
    def agent(self) -> str:
        """Which agent of the target performs it."""
        return agent_of(self.api, self.abi)


def item_name(scenario: Scenario, actor: str, api: str, abi: str, target: str) -> str:
    """``scenario[actor:api:target]``, of a family ``scenario[values@actor:api:target]``; the ABI after the API, if any.

    All that differs between the cells of a scenario is inside one pair of brackets at the end: every version of pytest
    takes such a name apart, and puts it together again, without a change, and selects all cells by ``scenario`` alone.
    """
    who = ":".join(part for part in (actor, api, abi, target) if part)
    return f"{scenario.name}[{in_item(f'{scenario.values_shown}@{who}' if scenario.values else who)}]"


def in_item(text: str) -> str:
    """A text as it is written in the name of an item, which is one line."""
    return text.translate(_CONTROLS).replace("::()", _EMPTY_CALL)


_CONTROLS = {number: f"\\x{number:02x}" for number in (*range(32), 127)}
_EMPTY_CALL = ":\\:()"
"""Pytest 8 refuses an id that contains ``::()``."""


def agent_of(api: str, abi: str) -> str:
    """The agent for an API: ``python``, the C agent (``native``), or that for another ABI."""
    return PYTHON if api == "python" else abi or NATIVE
