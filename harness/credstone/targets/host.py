"""The machine itself: its kernel, its C library, its Python."""

from __future__ import annotations

import sys
from importlib import resources
from pathlib import Path

from credstone.agent.build import build_agent
from credstone.agent.folder import Folder
from credstone.agent.lane import Lane
from credstone.agent.session import Session
from credstone.agent.wire import DEFAULT_LIMIT, encode_cell
from credstone.words.actor import Setup
from credstone.words.cell import Cell
from credstone.words.facts import Facts
from credstone.words.transcript import Transcript


class Host:
    """Runs cells on this machine, as whoever runs the harness."""

    name = "host"

    def __init__(self) -> None:
        self._folder = Folder()
        self._c = Lane(self._launch_c)
        self._python = Lane(self._launch_python)

    def facts(self, api: str) -> Facts:
        return self._lane(api).facts()

    def submit(self, number: int, cell: Cell, setup: Setup) -> None:
        payload = encode_cell(number, cell.scenario, setup, cell.api)
        self._lane(cell.api).submit(number, payload, (cell.scenario.limit or DEFAULT_LIMIT) / 1000)

    def result(self, number: int, cell: Cell) -> Transcript | str:
        return self._lane(cell.api).result(number)

    def close(self) -> None:
        self._c.close()
        self._python.close()
        self._folder.close()

    def _lane(self, api: str) -> Lane:
        return self._python if api == "python" else self._c

    def _launch_c(self) -> Session:
        return Session([str(build_agent(self._folder.path))], self._folder.path)

    def _launch_python(self) -> Session:
        agent = Path(str(resources.files("credstone.agent"))) / "python"
        return Session([sys.executable, "-I", "-B", str(agent)], self._folder.path)
