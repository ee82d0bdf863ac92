"""Programs that stand in for a kernel: they run on this machine, and answer the system calls of the agent themselves.

Such a target is the agent with a command in front: ``qemu-aarch64 AGENT``.  What it is known to answer otherwise stands in
``standins/NAME/deviations.toml``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from abc import abstractmethod
from pathlib import Path

import msgspec

from credstone.agent.folder import Folder
from credstone.agent.process import Process
from credstone.agent.session import Session
from credstone.local.bundled import bundled
from credstone.targets.agents import AnyAbi
from credstone.targets.libraries import unused_libraries
from credstone.words.cell import NATIVE
from credstone.words.errors import LackingError


class StandIn(AnyAbi):
    """Runs cells behind a program that stands in for the kernel; there is one agent, the one in C.

    ``kind`` is what the program is called, among targets and in ``standins/``; ``package`` is Debian's name for it,
    ``program`` the name by which PATH knows it.
    """

    kind: str
    package: str
    program: str

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self._folder = Folder()

    @property
    def deviations(self) -> Path | None:
        return deviations_of(self.kind)

    def close(self) -> None:
        super().close()
        self._folder.close()

    def _launch(self, agent: str) -> Session:
        if agent != NATIVE:
            raise LackingError(f"{self.name} runs the agent in C for its own ABI, and no other.")
        session = Session(self._start())
        unused = tuple(unused_libraries(session.facts, os.environ))
        session.facts = msgspec.structs.replace(session.facts, runtime=self._version(), not_used=unused)
        return session

    @abstractmethod
    def _start(self) -> Process:
        """The agent with the program in front of it.  Raises MachineError, LackingError."""

    def _found(self) -> str:
        """The path of the program.  Raises LackingError where there is none."""
        path = shutil.which(self.program)
        if path is None:
            raise LackingError(
                f"There is no {self.program} to run the agent of {self.name}.",
                f"Install it (Debian: apt-get install {self.package}).",
            )
        return path

    def _version(self) -> str:
        """The program with its version, as it tells it itself."""
        done = subprocess.run([self._found(), "--version"], capture_output=True, text=True, check=False)
        found = re.search(r"\d+\.\d[\w.+-]*", done.stdout + done.stderr)
        return f"{self.program} {found[0]}" if found else self.program


def standins() -> Path:
    """The folder of what is known of these programs."""
    return bundled("standins")


def names() -> list[str]:
    """The programs that have a folder."""
    return sorted(path.parent.name for path in standins().glob("*/deviations.toml"))


def deviations_of(kind: str) -> Path:
    """Where the known deviations of such a program stand."""
    return standins() / kind / "deviations.toml"
