"""What targets have in common that are reached through agents: a lane for each agent, which starts with its first cell."""

from __future__ import annotations

from abc import ABC, abstractmethod

import msgspec

from credstone.agent.lane import Lane
from credstone.agent.session import Session
from credstone.agent.stuck import Stuck
from credstone.agent.wire import encode_cell
from credstone.words.actor import Setup
from credstone.words.cell import NATIVE, PYTHON, Cell
from credstone.words.facts import Facts
from credstone.words.transcript import Transcript


class AgentTarget(ABC):
    """A target whose cells are streamed to agents; how an agent is launched is its own."""

    slowness = 1
    """How many times as long as scenarios ask for a cell may take."""

    def __init__(self) -> None:
        self._lanes: dict[str, Lane] = {}
        self._stuck = Stuck()

    def facts(self, agent: str) -> Facts:
        return self._lane(agent).facts()

    def submit(self, number: int, cell: Cell, setup: Setup) -> None:
        scenario = msgspec.structs.replace(cell.scenario, limit=cell.scenario.patience * self.slowness)
        payload = encode_cell(number, scenario, setup, cell.api)
        self._lane(self._where(number, cell.agent)).submit(number, payload, scenario.patience / 1000, cell)

    def result(self, number: int, cell: Cell) -> Transcript | str:
        return self._lane(self._where(number, cell.agent)).result(number)

    def close(self) -> None:
        for lane in self._lanes.values():
            lane.close()

    def _where(self, number: int, agent: str) -> str:
        """The lane of a cell: of agents that work side by side each has a name of its own."""
        return agent

    @abstractmethod
    def _launch(self, agent: str) -> Session:
        """A session with an agent that was just started.  Raises MachineError if there is none."""

    def _lane(self, agent: str) -> Lane:
        if agent not in self._lanes:
            api = "python" if agent == PYTHON else "syscall"
            self._lanes[agent] = Lane(lambda: self._launch(agent), self._stuck, api)
        return self._lanes[agent]


class AnyAbi(AgentTarget):
    """A target whose own ABI need not be that of this machine: then it is asked for by that name too."""

    def _lane(self, agent: str) -> Lane:
        if agent not in (NATIVE, PYTHON) and self.facts(NATIVE).abi == agent:
            return super()._lane(NATIVE)
        return super()._lane(agent)
