"""A conversation with one running agent: its facts, then cells and answers.

The harness keeps a window of cells on the way, so that the agent works while the verdict on earlier cells is found.
Answers come in the order of the cells; when the agent is lost, the first unanswered cell is the one it died on.
"""

from __future__ import annotations

import contextlib
import os
import select
import time
from collections import deque

from credstone.agent.channel import Channel, Lost
from credstone.agent.wire import decode_facts, decode_transcript
from credstone.shape.json import Unreadable
from credstone.words.errors import MachineError
from credstone.words.facts import Facts
from credstone.words.transcript import Transcript

START_LIMIT = 30.0
"""Seconds in which an agent must have told its facts."""
LONGEST = 128 << 20
"""Bytes of the longest answer that is waited for: no agent has room for a longer one."""
_CHUNK = 1 << 20
_GATHER = 0.001
"""Seconds that answers may gather while there are none: to be woken for each one takes the agent's processor away."""


class Session:
    """A conversation with an agent that has just been started."""

    def __init__(self, channel: Channel, patience: float = START_LIMIT) -> None:
        """Reads the facts, for which the agent has ``patience`` seconds.  Raises MachineError, and ends the agent, if there are none."""
        self.channel = channel
        self._lines: deque[bytes] = deque()
        self._partial: list[bytes] = []
        self._unended = 0
        self._unsent = bytearray()
        self._take(channel.unwrap(b""))  # what was read before anybody asked
        try:
            self.facts = self._first_facts(patience)
        except Lost as error:
            self.close()
            raise MachineError(f"The agent {channel.name} does not start: {error}") from None

    def send(self, payload: bytes) -> None:
        """Queues a cell; it goes out as the channel takes it."""
        self._unsent += self.channel.wrap(payload)
        self._flush()

    def receive(self, patience: float) -> Transcript:
        """The next answer.  Raises Lost if there is silence for ``patience`` seconds or it is not to be understood."""
        line = self._line(patience)
        try:
            return decode_transcript(line)
        except Unreadable as error:
            text = line[:60].decode(errors="backslashreplace")
            raise Lost(f"the agent answered what is not its protocol ({error}): {text!r}") from None

    def close(self) -> None:
        """Ends the agent and everything that it started."""
        self.channel.close()

    def kill(self) -> None:
        """Ends the agent at once."""
        self.channel.kill()

    def _first_facts(self, patience: float) -> Facts:
        """The facts, behind whatever a preloaded library may have printed before the agent took its output away."""
        deadline = time.monotonic() + patience
        while True:
            line = self._line(max(deadline - time.monotonic(), 0), told=patience)
            with contextlib.suppress(Unreadable):
                return decode_facts(line)

    def _flush(self) -> None:
        while self._unsent:
            try:
                written = os.write(self.channel.to_agent, self._unsent[: 1 << 16])
            except BlockingIOError:
                return
            except (BrokenPipeError, ConnectionError):
                self._unsent.clear()
                return
            del self._unsent[:written]

    def _line(self, patience: float, told: float = 0) -> bytes:
        if self._lines:
            return self._lines.popleft()
        deadline = time.monotonic() + patience
        source, sink = self.channel.from_agent, self.channel.to_agent
        poll = select.poll()
        poll.register(source, select.POLLIN)
        if not poll.poll(0):
            time.sleep(_GATHER)
        while not self._lines:
            wanted = {source: select.POLLIN}
            if self._unsent:
                wanted[sink] = wanted.get(sink, 0) | select.POLLOUT
            left = deadline - time.monotonic()
            events = self._events(wanted, min(max(left, 0), 1))
            if not events and left <= 0:
                raise Lost(f"the agent said nothing for {told or patience:.0f} s")
            if not events and self.channel.gone():
                raise Lost(self.channel.ended())  # gone, though something of it still holds the pipe
            if events.get(sink, 0) & ~select.POLLIN:
                self._flush()
            if events.get(source, 0) & ~select.POLLOUT:
                self._read()
                deadline = time.monotonic() + patience  # a long answer on a slow way comes piece by piece
        return self._lines.popleft()

    @staticmethod
    def _events(wanted: dict[int, int], seconds: float) -> dict[int, int]:
        poll = select.poll()
        for descriptor, events in wanted.items():
            poll.register(descriptor, events)
        return dict(poll.poll(seconds * 1000))

    def _read(self) -> None:
        try:
            data = os.read(self.channel.from_agent, _CHUNK)
        except BlockingIOError:
            return
        except ConnectionError:
            data = b""
        if not data:
            raise Lost(self.channel.ended())
        self._take(self.channel.unwrap(data))

    def _take(self, said: bytes) -> None:
        first, *rest = said.split(b"\n")
        self._partial.append(first)
        self._unended = len(rest[-1]) if rest else self._unended + len(first)
        if self._unended > LONGEST:
            raise Lost("the agent's answer has no end")
        for piece in rest:
            self._lines.append(b"".join(self._partial))
            self._partial = [piece]
