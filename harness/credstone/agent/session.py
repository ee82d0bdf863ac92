"""One running agent: started, fed, read, and cleaned up after, however it ends.

The harness keeps a window of cells in the pipe, so that the agent works while the verdict on earlier cells is found.
Answers come in the order of the cells; when the agent is lost, the first unanswered cell is the one it died on.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
import subprocess
import time
from collections import deque
from pathlib import Path

import msgspec

from credstone.agent.folder import folder_error
from credstone.agent.leftovers import kill_session
from credstone.agent.wire import decode_facts, decode_transcript
from credstone.words.errors import MachineError
from credstone.words.facts import Facts
from credstone.words.transcript import Transcript

START_LIMIT = 30.0
"""Seconds in which an agent must have told its facts."""
_PIPE_SIZE = 1 << 20
_GATHER = 0.001
"""Seconds that answers may gather while there are none: to be woken for each one takes the agent's processor away."""


class Lost(Exception):
    """The agent is gone or no longer speaks the protocol; the text says how."""


class Session:
    """A running agent."""

    def __init__(self, command: list[str], folder: Path) -> None:
        """Starts the agent in ``folder`` and reads its facts.  Raises MachineError if it does not start."""
        self._lines: deque[bytes] = deque()
        self._partial: list[bytes] = []
        self._unsent = bytearray()
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
                )
        except OSError as error:
            if error.filename == str(self._errors):
                raise folder_error(error) from None
            raise MachineError(f"The agent {command[0]} cannot be started: {error.strerror}.") from None
        assert self._process.stdin is not None and self._process.stdout is not None
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        for pipe in (self._to, self._from):
            os.set_blocking(pipe, False)
            with contextlib.suppress(OSError):
                fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)
        try:
            self.facts = self._first_facts()
        except Lost as error:
            self.close()
            raise MachineError(f"The agent {command[0]} does not start: {error}") from None

    @property
    def pid(self) -> int:
        """The process ID of the agent."""
        return self._process.pid

    def send(self, payload: bytes) -> None:
        """Queues a cell; it goes out as the pipe takes it."""
        self._unsent += payload
        self._flush()

    def receive(self, patience: float) -> Transcript:
        """The next answer.  Raises Lost if none comes within ``patience`` seconds or it is not to be understood."""
        line = self._line(patience)
        try:
            return decode_transcript(line)
        except msgspec.MsgspecError as error:
            text = line[:60].decode(errors="backslashreplace")
            raise Lost(f"the agent answered what is not its protocol ({error}): {text!r}") from None

    def close(self) -> None:
        """Ends the agent and everything that it started."""
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
        """Ends the agent at once."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self.close()

    def _first_facts(self) -> Facts:
        """The facts, behind whatever a preloaded library may have printed before the agent took its output away."""
        deadline = time.monotonic() + START_LIMIT
        while True:
            line = self._line(max(deadline - time.monotonic(), 0))
            with contextlib.suppress(msgspec.MsgspecError):
                return decode_facts(line)

    def _flush(self) -> None:
        while self._unsent:
            try:
                written = os.write(self._to, self._unsent[: 1 << 16])
            except BlockingIOError:
                return
            except BrokenPipeError:
                self._unsent.clear()
                return
            del self._unsent[:written]

    def _line(self, patience: float) -> bytes:
        if self._lines:
            return self._lines.popleft()
        deadline = time.monotonic() + patience
        poll = select.poll()
        poll.register(self._from, select.POLLIN)
        if not poll.poll(0):
            time.sleep(_GATHER)
        while not self._lines:
            if self._unsent:
                poll.register(self._to, select.POLLOUT)
            left = deadline - time.monotonic()
            events = dict(poll.poll(min(max(left, 0), 1) * 1000))
            if not events and left <= 0:
                raise Lost(f"the agent said nothing for {patience:.0f} s")
            if not events and self._process.poll() is not None:
                raise Lost(self._ended())  # gone, though something of it still holds the pipe
            if self._to in events:
                self._flush()
                if not self._unsent:
                    poll.unregister(self._to)
            if self._from in events:
                self._read()
        return self._lines.popleft()

    def _read(self) -> None:
        try:
            data = os.read(self._from, _PIPE_SIZE)
        except BlockingIOError:
            return
        if not data:
            raise Lost(self._ended())
        first, *rest = data.split(b"\n")
        self._partial.append(first)
        for piece in rest:
            self._lines.append(b"".join(self._partial))
            self._partial = [piece]

    def _ended(self) -> str:
        """How the agent ended, in words."""
        try:
            status = self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return "the agent closed its output"
        said = self._said()
        told = f" and said: {said}" if said else ""
        if status < 0:
            return f"the agent's process was ended by {signal.Signals(-status).name}{told}"
        return f"the agent's process ended with status {status}{told}"

    def _said(self) -> str:
        """The last line that the agent, or a library in it, wrote to its standard error."""
        with contextlib.suppress(OSError):
            lines = self._errors.read_bytes()[-2000:].decode(errors="replace").split("\n")
            return next((line for line in reversed(lines) if line.strip()), "")
        return ""
