"""The machine itself: its kernel, its C library, its Python."""

from __future__ import annotations

import os
import sys
from importlib import resources
from pathlib import Path

import msgspec

from credstone.agent.build import build_agent
from credstone.agent.folder import Folder
from credstone.agent.process import Process
from credstone.agent.session import Session
from credstone.targets.agents import AgentTarget
from credstone.targets.libraries import hint_for, unused_libraries
from credstone.words.cell import NATIVE, PYTHON
from credstone.words.errors import OtherLibraryError


class Host(AgentTarget):
    """Runs cells on this machine, as whoever runs the harness."""

    name = "host"
    deviations: Path | None = None

    def __init__(self) -> None:
        super().__init__()
        self._folder = Folder()

    def close(self) -> None:
        super().close()
        self._folder.close()

    def _launch(self, agent: str) -> Session:
        if agent == PYTHON:
            source = Path(str(resources.files("credstone.agent"))) / "python"
            command = [sys.executable, "-I", "-B", str(source)]
        else:
            command = [str(build_agent(self._folder.path, "" if agent == NATIVE else agent))]
        session = Session(Process(command, self._folder.path))
        unused = tuple(unused_libraries(session.facts, os.environ))
        if unused and agent == NATIVE:
            session.close()
            raise OtherLibraryError(unused[0], hint_for(unused[0]))
        session.facts = msgspec.structs.replace(session.facts, not_used=unused)
        return session
