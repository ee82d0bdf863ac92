"""QEMU's user emulation: ``qemu-user:ARCH`` translates the system calls of a program for another machine into this one's.

The agent is static, so that it needs no files of that machine: there are the raw calls, and those of the C library that the
compiler puts into it.  A program that it executes goes to the kernel of this machine, which takes it if it knows its kind,
by binfmt_misc or as its own (i386 on x86_64: outside of QEMU from then on).
"""

from __future__ import annotations

import platform

from credstone.agent.build import CROSS, build_static
from credstone.agent.process import Process
from credstone.targets.standin import StandIn
from credstone.words.errors import CredstoneError

KIND = "qemu-user:"
PROGRAMS = {
    "aarch64": "qemu-aarch64",
    "arm": "qemu-arm",
    "i386": "qemu-i386",
    "ppc64le": "qemu-ppc64le",
    "riscv64": "qemu-riscv64",
    "s390x": "qemu-s390x",
    "x86_64": "qemu-x86_64",
}
"""QEMU's programs by the ABI: those for which there is a compiler in Debian."""


def check_qemu_user(abi: str) -> None:
    """Raises CredstoneError for an ABI that is not emulated."""
    if abi not in PROGRAMS:
        raise CredstoneError(
            f"There is no target 'qemu-user:{abi}'.", f"There is qemu-user: with {', '.join(PROGRAMS)}."
        )


class QemuUser(StandIn):
    """Runs cells of the static agent for an ABI in QEMU's user emulation."""

    kind = "qemu-user"
    package = "qemu-user"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._abi = name.removeprefix(KIND)
        self.program = PROGRAMS[self._abi]

    def _start(self) -> Process:
        own = self._abi == platform.machine() and self._abi not in CROSS
        agent = build_static(self._folder.path, "" if own else self._abi)
        return Process([self._found(), str(agent)], self._folder.path)
