"""QEMU: a kernel is booted with an initramfs, its messages go into a file, and one serial port comes to the harness.

A guest has no disk, no network and nothing else of this machine.  It ends when its kernel panics, when the harness ends it,
and, where setpriv(1) is there, when the harness is killed.
"""

from __future__ import annotations

import contextlib
import functools
import platform
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from credstone.targets.vm.console import ending, last_words
from credstone.targets.vm.shared import Shared
from credstone.words.errors import LackingError, MachineError

PROGRAMS = {"x86_64": "qemu-system-x86_64", "aarch64": "qemu-system-aarch64"}
MEMORY = 512
"""Megabytes: some cells fill every group that there can be in many processes."""
ROOM = 64
"""Bytes for the path of the folder: a socket in it must be short to name (unix(7))."""
_PROCESSOR = "qemu64,-cx16"
"""A plain one: what newer ones have costs the translation more than it gives (``max`` is three times slower).  Without
cmpxchg16b, as that of QEMU up to 7.2 spoils the flags: 6.12, which takes the flags afterwards, dies of it within minutes."""
CONNECTS = 20.0
"""Seconds in which QEMU itself must have started."""
_PARAMETERS = "console=ttyS0 quiet loglevel=4 panic=-1 oops=panic mitigations=off random.trust_cpu=on no_timer_check"
"""Messages are few; a kernel that is in doubt panics, and one that panics starts again, which ends QEMU (-no-reboot).
Nobody attacks a guest, and mitigations cost a third of its time.  On a busy machine a guest may get no interrupt while it
tries its timer, and then it stops for good."""


class Machine:
    """A running guest."""

    def __init__(self, kernel: Path, initramfs: Path, folder: Path, *, accelerator: str, memory: int = MEMORY) -> None:
        """Starts it; ``folder`` is where its console and its socket are.  Raises MachineError, LackingError."""
        program = self._program = PROGRAMS.get(platform.machine(), "")
        if shutil.which(program) is None:
            raise LackingError(
                f"There is no {program or 'QEMU for ' + platform.machine()} to boot {kernel} with.",
                "Install it (Debian: apt-get install --no-install-recommends qemu-system-x86).",
            )
        self._memory, self._said = memory, ""
        self._console = folder / f"console.{time.monotonic_ns()}"
        port = folder / f"port.{time.monotonic_ns()}"
        self.shared = Shared()
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(port))
            listener.listen(1)
            self._process = subprocess.Popen(
                [
                    *_dying_with_us(), program, "-accel", accelerator, "-cpu", _PROCESSOR, "-m", str(memory), "-smp", "1",
                    "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
                    "-kernel", kernel, "-initrd", initramfs, "-append", _PARAMETERS,
                    "-serial", f"file:{self._console}", "-chardev", f"socket,id=line,path={port}", "-serial", "chardev:line",
                    *self.shared.arguments(),
                ],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
                pass_fds=(self.shared.descriptor,),
            )  # fmt: skip
            try:
                self.line = self._connected(listener)
            finally:
                port.unlink()

    @functools.cached_property
    def version(self) -> str:
        """``QEMU 7.2.22``."""
        done = subprocess.run([self._program, "--version"], capture_output=True, text=True, check=False)
        found = re.search(r"version (\S+)", done.stdout)
        return f"QEMU {found[1]}" if found else "QEMU"

    def ended(self) -> str:
        """How the guest ended, in words: what its kernel said last, or what ended QEMU."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(3)
        said = ""
        with contextlib.suppress(OSError):
            said = self._console.read_text(errors="replace")
        status = self._process.poll()
        if status is None:
            return "the guest closed its line"
        if status < 0:
            return f"QEMU was ended by {signal.Signals(-status).name}"
        if status:
            return f"QEMU ended with status {status} and said: {self._complaint()}"
        if not said.strip():
            return f"the guest, which had {self._memory} MB of memory, ended before its kernel said anything"
        return ending(said)

    @property
    def last_words(self) -> str:
        """The last line that its kernel said."""
        with contextlib.suppress(OSError):
            self._said = last_words(self._console.read_text(errors="replace"))
        return self._said

    def close(self) -> None:
        """Ends it at once: there is nothing in it that would have to be saved."""
        self._process.kill()
        self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()
        self._said = self.last_words
        self._console.unlink(missing_ok=True)
        self.shared.close()

    def _connected(self, listener: socket.socket) -> socket.socket:
        listener.settimeout(0.05)
        deadline = time.monotonic() + CONNECTS
        while True:
            with contextlib.suppress(TimeoutError):
                return listener.accept()[0]
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._process.kill()
                self._process.wait()
                complaint = self._complaint()
                self.close()
                raise MachineError(f"QEMU does not start: {complaint}")

    def _complaint(self) -> str:
        """The line on QEMU's standard error that tells most: its last."""
        assert self._process.stderr is not None
        lines = self._process.stderr.read().decode(errors="replace").strip().splitlines()
        return lines[-1].removeprefix("qemu-system-x86_64: ") if lines else "nothing"


def _dying_with_us() -> list[str]:
    """A harness that is killed leaves no guest behind."""
    return ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
