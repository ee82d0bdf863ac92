"""A lane: the cells that go to one agent, in their order, over as many lives of the agent as it takes.

An agent that answers nothing any more is given up: after some cells in a row that hung, or in which it was lost, it is asked for
something that cannot hang.  Of an agent that answers, ``stuck`` says which cells are not worth waiting for.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import msgspec

from credstone.agent.channel import Lost
from credstone.agent.session import Session
from credstone.agent.stuck import LOOK, Stuck
from credstone.words.cell import Cell
from credstone.words.errors import MachineError
from credstone.words.facts import Facts
from credstone.words.transcript import DONE, HANG, NotRun, Transcript

WINDOW = 64
"""Cells on their way at once: enough to keep the agent busy, few enough to lose little."""
GRACE = 10.0
"""Seconds that an agent may take beyond a cell's own limit before it is taken for dead."""
HANGS, LOSSES = 5, 3
"""How many cells in a row may hang, or lose the agent, before it is asked whether it still answers."""
TRIAL = 5.0
"""Seconds for the cell that asks."""


class _Job(msgspec.Struct, frozen=True):
    """A cell on its way."""

    number: int
    payload: bytes
    limit: float
    cell: Cell


class Lane:
    """Sends cells to an agent and hands out transcripts by number."""

    def __init__(self, launch: Callable[[], Session], stuck: Stuck, api: str = "syscall") -> None:
        """``stuck`` is what is known of the target, ``api`` one that the agent has."""
        self._launch = launch
        self._stuck = stuck
        self._api = api
        self._session: Session | None = None
        self._failure: NotRun | None = None
        self._hangs = self._losses = 0
        self._waiting: deque[_Job] = deque()
        self._sent: deque[_Job] = deque()
        self._results: dict[int, Transcript | str] = {}

    def facts(self) -> Facts:
        """The facts that the agent told when it started.  Raises MachineError if it does not start."""
        return self._live().facts

    def submit(self, number: int, payload: bytes, limit: float, cell: Cell) -> None:
        """Queues a cell, ``payload`` for the agent, that may take ``limit`` seconds."""
        self._waiting.append(_Job(number, payload, limit, cell))

    def result(self, number: int) -> Transcript | str:
        """The transcript of a cell, or one sentence on why there is none; ``NotRun`` if the cell was not begun."""
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
        if self._failure is not None:
            self._give_up(self._failure)
            return
        try:
            session = self._live()
        except MachineError as error:
            self._failure = NotRun(f"The agent is given up, because it does not start again: {error}")
            return
        while self._waiting and len(self._sent) < WINDOW:
            job = self._waiting.popleft()
            if why := self._stuck.why_not(job.cell):
                self._results[job.number] = NotRun(why)
                continue
            self._sent.append(job)
            session.send(job.payload)
        if self._sent:
            self._receive(session, self._sent[0])

    def _receive(self, session: Session, job: _Job) -> None:
        """Takes the answer of the cell that was sent first."""
        try:
            transcript = session.receive(job.limit + GRACE)
            if transcript.cell != job.number:
                raise Lost(f"the agent answered cell {transcript.cell} in place of cell {job.number}")
        except Lost as lost:
            self._lose(str(lost))
            return
        self._sent.popleft()
        self._results[job.number] = transcript
        self._stuck.saw(job.cell, transcript)
        self._losses = 0
        if transcript.end != HANG:
            self._hangs = 0
            return
        self._hangs += 1
        if self._hangs >= HANGS or any(self._stuck.why_not(each.cell) for each in self._sent):
            self._recall()
        if self._hangs >= HANGS:
            self._try(f"{self._hangs} cells in a row did not end")

    def _lose(self, how: str) -> None:
        """Blames the cell that ran, and gives the others to a new agent."""
        job = self._sent.popleft()
        self._results[job.number] = f"{how} while this cell ran"
        self._stuck.lost(job.cell)
        self._losses += 1
        self._recall()
        if self._losses >= LOSSES:
            self._try(f"{how} ({self._losses} times in a row)")

    def _recall(self) -> None:
        """Ends the agent, and takes back what it has not done."""
        self._waiting.extendleft(reversed(self._sent))
        self._sent.clear()
        if self._session is not None:
            self._session.kill()
            self._session = None

    def _try(self, why: str) -> None:
        """Asks a new agent for its process ID: one that does not answer that is given up."""
        self._hangs = self._losses = 0
        limit = max([TRIAL, *(each.limit / 6 for each in list(self._waiting)[:1])])
        trial = f"cell 0 {limit * 1000:.0f}\ndo main {self._api} getpid\nend\n".encode()
        try:
            session = self._live()
            session.send(trial)
            answered = session.receive(limit + GRACE).end == DONE
        except (Lost, MachineError):
            answered = False
        if not answered:
            what = f"{why}, and then the agent did not answer what its process ID is"
            self._failure = NotRun(f"The agent is given up: {what}.\n  {LOOK}")
            self._recall()

    def _give_up(self, why: NotRun) -> None:
        for job in (*self._sent, *self._waiting):
            self._results[job.number] = why
        self._sent.clear()
        self._waiting.clear()
