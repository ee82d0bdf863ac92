"""A kernel that is booted in a virtual machine, with a static agent and nothing else in it.

Translated guests have one processor each and keep it busy, so where there are two processors two guests work side by side:
every other cell goes to the second one, which boots together with the first.
"""

from __future__ import annotations

import os
import platform
from pathlib import Path

import msgspec

from credstone.agent.folder import Folder
from credstone.agent.session import Session
from credstone.targets.agents import AgentTarget
from credstone.targets.vm.accelerator import Accelerator, accelerators, remember
from credstone.targets.vm.initramfs import make_initramfs
from credstone.targets.vm.kernels import find_kernel
from credstone.targets.vm.line import Line
from credstone.targets.vm.qemu import PROGRAMS, ROOM, Machine
from credstone.words.cell import NATIVE, PYTHON
from credstone.words.errors import LackingError, MachineError

KIND = "kernel:"
SECOND = f"{NATIVE}, second"
"""The lane of the guest beside the first."""
NOT_EXECUTED = "Exec format error"
"""What the first process of a guest says of an agent whose ABI the kernel does not run."""


class Kernel(AgentTarget):
    """Runs cells in guests with a kernel of their own; each agent has a guest to itself."""

    def __init__(self, name: str) -> None:
        """Finds the kernel.  Raises MachineError where it cannot be had."""
        super().__init__()
        self.name = name
        self._kernel = find_kernel(name.removeprefix(KIND))
        self._folder = Folder(room=ROOM)
        self._booting: Machine | None = None
        self._paired = False
        self._places: dict[int, str] = {}
        self._pair = len(os.sched_getaffinity(0)) > 1

    @property
    def deviations(self) -> Path | None:
        """A kernel that is a file has no place for them; those with a name have it beside the list of names."""
        return self._kernel.deviations

    def close(self) -> None:
        super().close()
        self._give_up_second()
        self._folder.close()

    def _where(self, number: int, agent: str) -> str:
        if agent != NATIVE or not self._pair:
            return agent
        if number not in self._places:  # the numbers of a run are those of all its targets
            self._places[number] = SECOND if len(self._places) % 2 else NATIVE
        return self._places[number]

    def _launch(self, agent: str) -> Session:
        if agent == PYTHON:
            raise LackingError("There is no Python in a guest: it has a kernel, the agent, and nothing else.")
        initramfs = make_initramfs(self._folder.path, "" if agent in (NATIVE, SECOND) else agent)
        failure: MachineError | None = None
        candidates = accelerators()
        for accelerator in (*candidates, candidates[-1]):  # on a machine that is busy with others a start may fail
            try:
                machine = self._machine(agent, initramfs, accelerator)
                if agent == NATIVE and self._pair and len(candidates) == 1 and not self._paired:
                    self._paired = True
                    self._booting = self._boot(initramfs, accelerator)
                session = self._session(machine, accelerator)
            except LackingError:
                raise
            except MachineError as error:
                failure = error
                self._give_up_second()
                if NOT_EXECUTED in error.what:
                    break
            else:
                remember(accelerator)
                self.slowness = accelerator.slowness
                return session
        assert failure is not None
        if agent not in (NATIVE, SECOND) and NOT_EXECUTED in failure.what:
            raise LackingError(
                f"The kernel runs no programs for {agent}: {NOT_EXECUTED}.", "It takes one with CONFIG_IA32_EMULATION."
            )
        raise failure

    def _machine(self, agent: str, initramfs: Path, accelerator: Accelerator) -> Machine:
        """The guest that was booted beside the first, if it is that one's turn, else a new one."""
        if agent == SECOND and self._booting is not None:
            machine, self._booting = self._booting, None
            return machine
        return self._boot(initramfs, accelerator)

    def _boot(self, initramfs: Path, accelerator: Accelerator) -> Machine:
        return Machine(self._kernel.path, initramfs, self._folder.path, accelerator=accelerator.name)

    def _session(self, machine: Machine, accelerator: Accelerator) -> Session:
        line = Line(f"of {self.name}", machine.line, machine.ended, machine.close, machine.shared)
        try:
            session = Session(line, patience=accelerator.patience)
        except MachineError as error:
            last = machine.last_words
            raise MachineError(
                error.what + (f"; its kernel said last: {last}" if last else ""),
                f"Boot it by hand to see its console: {PROGRAMS[platform.machine()]} -kernel {self._kernel.path} "
                "-append console=ttyS0 -nographic.",
            ) from None
        session.facts = msgspec.structs.replace(session.facts, runtime=f"{machine.version}, {accelerator.name}")
        return session

    def _give_up_second(self) -> None:
        if self._booting is not None:
            self._booting.line.close()
            self._booting.close()
            self._booting = None
