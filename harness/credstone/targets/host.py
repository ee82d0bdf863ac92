"""The machine itself: its kernel, its C library, its Python."""

from __future__ import annotations

import functools
import sys
from importlib import resources
from pathlib import Path

from credstone.agent.build import build_agent
from credstone.agent.folder import Folder
from credstone.agent.lane import Lane
from credstone.agent.process import Process
from credstone.agent.session import Session
from credstone.agent.wire import DEFAULT_LIMIT, encode_cell
from credstone.words.actor import Setup
from credstone.words.cell import NATIVE, PYTHON, Cell
from credstone.words.facts import Facts
from credstone.words.transcript import Transcript


class Host:
    """Runs cells on this machine, as whoever runs the harness."""

    name = "host"
    deviations: Path | None = None

    def __init__(self) -> None:
        self._folder = Folder()
        self._lanes: dict[str, Lane] = {}

    def facts(self, agent: str) -> Facts:
        return self._lane(agent).facts()

    def submit(self, number: int, cell: Cell, setup: Setup) -> None:
        payload = encode_cell(number, cell.scenario, setup, cell.api)
        self._lane(cell.agent).submit(number, payload, (cell.scenario.limit or DEFAULT_LIMIT) / 1000)

    def result(self, number: int, cell: Cell) -> Transcript | str:
        return self._lane(cell.agent).result(number)

    def close(self) -> None:
        for lane in self._lanes.values():
            lane.close()
        self._folder.close()

    def _lane(self, agent: str) -> Lane:
        """The lane of an agent, which starts with the first cell for it."""
        if agent not in self._lanes:
            launch = self._launch_python if agent == PYTHON else functools.partial(self._launch_c, agent)
            self._lanes[agent] = Lane(launch)
        return self._lanes[agent]

    def _launch_c(self, agent: str) -> Session:
        abi = "" if agent == NATIVE else agent
        return Session(Process([str(build_agent(self._folder.path, abi))], self._folder.path))

    def _launch_python(self) -> Session:
        agent = Path(str(resources.files("credstone.agent"))) / "python"
        return Session(Process([sys.executable, "-I", "-B", str(agent)], self._folder.path))
