"""A way to the engine of another machine: its socket brought here by ssh(1), with whatever keys and settings its user has.

The engine's own client speaks over ssh as well, but gives no descriptor for the stream of a container.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

from credstone.agent.folder import Folder
from credstone.words.errors import MachineError

_USUAL = "/var/run/docker.sock"
_ROOM = 64
"""Bytes for the path of a folder: ssh adds the name of the socket and one of its own, and 107 is all (unix(7))."""
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
        self._folder = Folder(room=_ROOM)
        socket = self._folder.path / "engine.sock"
        self.address = f"unix://{socket}"
        user = f"{where.username}@" if where.username else ""
        theirs = where.path if where.path not in ("", "/") else _USUAL
        command = ["ssh", "-T", "-o", "BatchMode=yes", "-o", "ExitOnForwardFailure=yes"]
        command += ["-L", f"{socket}:{theirs}"]
        command += ["-p", str(where.port)] if where.port else []
        # cat(1) ends with our end of the pipe, and ssh with it: a harness that is killed leaves no way open
        self._ssh = subprocess.Popen(
            [*command, "--", f"{user}{where.hostname}", "cat"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._await(socket)

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
        self._folder.close()

    def _await(self, socket: Path) -> None:
        deadline = time.monotonic() + PATIENCE
        while not socket.exists():
            if self._ssh.poll() is None and time.monotonic() < deadline:
                time.sleep(0.02)
                continue
            if self._ssh.poll() is None:
                self._ssh.kill()
            assert self._ssh.stderr is not None
            told = self._ssh.stderr.read().decode(errors="replace").strip().splitlines()
            self.close()
            raise MachineError(
                f"{self.to} cannot be reached: {told[-1].strip() if told else 'ssh said nothing'}.",
                f"Try it by hand: ssh {urlsplit(self.to).netloc} true.",
            )
