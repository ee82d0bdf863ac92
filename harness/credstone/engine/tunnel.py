"""A way to the engine of another machine: its socket brought here by ssh(1), with whatever keys and settings its user has.

The engine's own client speaks over ssh as well, but gives no descriptor for the stream of a container.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from credstone.words.errors import MachineError

_USUAL = "/var/run/docker.sock"
PATIENCE = 30.0
"""Seconds in which ssh must have brought the socket."""


class Tunnel:
    """A socket of this machine that leads to one of another, for as long as this object is open."""

    def __init__(self, address: str) -> None:
        """Opens the way to ``ssh://[USER@]HOST[:PORT][/SOCKET]``.  Raises MachineError with what ssh said."""
        self.to = address
        where = urlsplit(address)
        if not where.hostname:
            raise MachineError(f"The address {address} names no host.", "Write ssh://USER@HOST.")
        if shutil.which("ssh") is None:
            raise MachineError(f"There is no ssh to reach {address} by.", "Install it (Debian: openssh-client).")
        self._folder = Path(tempfile.mkdtemp(prefix="credstone-ssh-"))
        self.address = f"unix://{self._folder}/engine.sock"
        user = f"{where.username}@" if where.username else ""
        socket = where.path if where.path not in ("", "/") else _USUAL
        command = ["ssh", "-T", "-o", "BatchMode=yes", "-o", "ExitOnForwardFailure=yes"]
        command += ["-L", f"{self._folder}/engine.sock:{socket}"]
        command += ["-p", str(where.port)] if where.port else []
        # cat(1) ends with our end of the pipe, and ssh with it: a harness that is killed leaves no way open
        self._ssh = subprocess.Popen(
            [*command, "--", f"{user}{where.hostname}", "cat"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._await(address)

    def close(self) -> None:
        """Closes it, and leaves nothing behind."""
        for pipe in (self._ssh.stdin, self._ssh.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            self._ssh.wait(2)
        except subprocess.TimeoutExpired:
            self._ssh.kill()
            self._ssh.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _await(self, address: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not (self._folder / "engine.sock").exists():
            if self._ssh.poll() is None and time.monotonic() < deadline:
                time.sleep(0.02)
                continue
            if self._ssh.poll() is None:
                self._ssh.kill()
            assert self._ssh.stderr is not None
            told = self._ssh.stderr.read().decode(errors="replace").strip().splitlines()
            self.close()
            raise MachineError(
                f"{address} cannot be reached: {told[-1].strip() if told else 'ssh said nothing'}.",
                f"Try it by hand: ssh {urlsplit(address).netloc} true.",
            )
