"""A lane: the cells that go to one agent, in their order, over as many lives of the agent as it takes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from credstone.agent.channel import Lost
from credstone.agent.session import Session
from credstone.words.errors import MachineError
from credstone.words.facts import Facts
from credstone.words.transcript import Transcript

WINDOW = 64
"""Cells on their way at once: enough to keep the agent busy, few enough to lose little."""
GRACE = 10.0
"""Seconds that an agent may take beyond a cell's own limit before it is taken for dead."""
_ATTEMPTS = 3


class Lane:
    """Sends cells to an agent and hands out transcripts by number."""

    def __init__(self, launch: Callable[[], Session]) -> None:
        self._launch = launch
        self._session: Session | None = None
        self._failure = ""
        self._fruitless = 0
        self._waiting: deque[tuple[int, bytes, float]] = deque()
        self._sent: deque[tuple[int, bytes, float]] = deque()
        self._results: dict[int, Transcript | str] = {}

    def facts(self) -> Facts:
        """The facts that the agent told when it started.  Raises MachineError if it does not start."""
        return self._live().facts

    def submit(self, number: int, payload: bytes, limit: float) -> None:
        """Queues a cell that may take ``limit`` seconds."""
        self._waiting.append((number, payload, limit))

    def result(self, number: int) -> Transcript | str:
        """The transcript of a cell, or one sentence on why there is none."""
        while number not in self._results:
            self._advance()
        return self._results.pop(number)

    def close(self) -> None:
        """Ends the agent."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _live(self) -> Session:
        if self._session is None:
            self._session = self._launch()
        return self._session

    def _advance(self) -> None:
        """Fills the window and takes one answer."""
        if self._failure:
            self._give_up()
            return
        try:
            session = self._live()
        except MachineError as error:
            self._failure = error.what
            return
        while self._waiting and len(self._sent) < WINDOW:
            cell = self._waiting.popleft()
            self._sent.append(cell)
            session.send(cell[1])
        number, _, limit = self._sent[0]
        try:
            transcript = session.receive(limit + GRACE)
            if transcript.cell != number:
                raise Lost(f"the agent answered cell {transcript.cell} in place of cell {number}")
        except Lost as lost:
            self._lose(str(lost))
            return
        self._fruitless = 0
        self._sent.popleft()
        self._results[number] = transcript

    def _lose(self, how: str) -> None:
        """Blames the cell that ran, and gives the others to a new agent."""
        number, _, _ = self._sent.popleft()
        self._results[number] = f"{how} while this cell ran"
        self._waiting.extendleft(reversed(self._sent))
        self._sent.clear()
        assert self._session is not None
        self._session.kill()
        self._session = None
        self._fruitless += 1
        if self._fruitless >= _ATTEMPTS:
            self._failure = f"{how} ({_ATTEMPTS} times in a row)"

    def _give_up(self) -> None:
        for number, _, _ in (*self._sent, *self._waiting):
            self._results[number] = self._failure
        self._sent.clear()
        self._waiting.clear()
