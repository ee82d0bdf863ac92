"""An agent that is a process of this machine."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from credstone.agent.folder import folder_error
from credstone.agent.leftovers import kill_session
from credstone.words.errors import MachineError

_PIPE_SIZE = 1 << 20


class Process:
    """A running agent with pipes to it; a channel."""

    def __init__(
        self, command: list[str], folder: Path, *, user: int | None = None, environment: Mapping[str, str] | None = None
    ) -> None:
        """Starts the agent in ``folder``, as this user and in its group alone where one is given, with more environment.

        Raises MachineError if that cannot be done.
        """
        self.name = command[0]
        self._errors = folder / f"stderr.{time.monotonic_ns()}"
        try:
            with self._errors.open("wb") as errors:
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    cwd=folder,
                    start_new_session=True,
                    bufsize=0,
                    user=user,
                    group=user,
                    extra_groups=None if user is None else (),
                    env={**os.environ, **environment} if environment else None,
                )
        except OSError as error:
            if error.filename == str(self._errors):
                raise folder_error(error) from None
            raise MachineError(f"The agent {self.name} cannot be started: {error.strerror}.") from None
        assert self._process.stdin is not None and self._process.stdout is not None
        self.to_agent, self.from_agent = self._process.stdin.fileno(), self._process.stdout.fileno()
        for pipe in (self.to_agent, self.from_agent):
            os.set_blocking(pipe, False)
            with contextlib.suppress(OSError):
                fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)

    @property
    def pid(self) -> int:
        """The process ID of the agent."""
        return self._process.pid

    def wrap(self, payload: bytes) -> bytes:
        return payload

    def unwrap(self, data: bytes) -> bytes:
        return data

    def gone(self) -> bool:
        return self._process.poll() is not None

    def ended(self) -> str:
        try:
            status = self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return "the agent closed its output"
        said = self._said()
        told = f" and said: {said}" if said else ""
        if status < 0:
            return f"the agent's process was ended by {signal.Signals(-status).name}{told}"
        return f"the agent's process ended with status {status}{told}"

    def close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        kill_session(self._process.pid)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self.close()

    def _said(self) -> str:
        """The last line that the agent, or a library in it, wrote to its standard error."""
        with contextlib.suppress(OSError):
            return last_line(self._errors.read_bytes())
        return ""


def last_line(said: bytes) -> str:
    """The last line of a standard error that says something."""
    lines = said[-2000:].decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
