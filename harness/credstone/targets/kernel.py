"""A kernel that is booted in a virtual machine, with the static agent and nothing else in it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from credstone.agent.folder import Folder
from credstone.agent.session import Session
from credstone.guest.accelerator import Accelerator, accelerators, remember
from credstone.guest.initramfs import make_initramfs
from credstone.guest.kernels import find_kernel
from credstone.guest.line import Line
from credstone.guest.qemu import ROOM, Machine
from credstone.targets.agents import AgentTarget
from credstone.words.cell import NATIVE, PYTHON
from credstone.words.errors import LackingError, MachineError

KIND = "kernel:"


class Kernel(AgentTarget):
    """Runs cells in a guest with a kernel of its own; each agent has a guest to itself."""

    def __init__(self, name: str) -> None:
        """Finds the kernel.  Raises MachineError where it cannot be had."""
        super().__init__()
        self.name = name
        self._kernel = find_kernel(name.removeprefix(KIND))
        self._folder = Folder(room=ROOM)

    @property
    def deviations(self) -> Path | None:
        """A kernel that is a file has no place for them; those with a name have it beside the list of names."""
        return self._kernel.deviations

    def close(self) -> None:
        super().close()
        self._folder.close()

    def _launch(self, agent: str) -> Session:
        if agent == PYTHON:
            raise LackingError("There is no Python in a guest: it has a kernel, the agent, and nothing else.")
        initramfs = make_initramfs(self._folder.path, "" if agent == NATIVE else agent)
        failure: MachineError | None = None
        for accelerator in accelerators():
            try:
                session = self._session(initramfs, accelerator)
            except LackingError:
                raise
            except MachineError as error:
                failure = error
            else:
                remember(accelerator)
                return session
        assert failure is not None
        raise failure

    def _session(self, initramfs: Path, accelerator: Accelerator) -> Session:
        machine = Machine(self._kernel.path, initramfs, self._folder.path, accelerator=accelerator.name)
        line = Line(f"of {self.name}", machine.line, machine.ended, machine.close, machine.shared)
        session = Session(line, patience=accelerator.patience)
        session.facts = msgspec.structs.replace(session.facts, runtime=f"{machine.version}, {accelerator.name}")
        return session
