"""The command line with targets whose agent hangs, ``hanging:CALL``, or that lose it, ``losing:CALL``; run as a program.

Their cells are performed by the model, in no time, as far as CALL.  ``all`` hangs in every cell, whatever it calls;
``among-threads`` in the setters of the C library, in processes of several threads.
"""

from __future__ import annotations

from collections import Counter, deque
from pathlib import Path

import credstone.targets
from credstone.agent.channel import Lost
from credstone.agent.session import Session
from credstone.model.machine import FACTS
from credstone.model.play import transcribe
from credstone.targets.agents import AgentTarget
from credstone.targets.base import Target
from credstone.words.actor import Setup
from credstone.words.cell import Cell
from credstone.words.facts import Facts
from credstone.words.scenario import Line
from credstone.words.transcript import DONE, HANG, Transcript

KINDS = ("hanging", "losing")
ALL = "all"
AMONG_THREADS = "among-threads"
TRIAL = 0
"""The number of the cell by which an agent is asked whether it answers at all."""


class Talk(Session):
    """What a lane says to such an agent, and what it hears."""

    def __init__(self, target: Hanging) -> None:
        self.target = target
        self.facts: Facts = FACTS
        self.sent: deque[int] = deque()

    def send(self, payload: bytes) -> None:
        self.sent.append(int(payload.split()[1]))

    def receive(self, patience: float) -> Transcript:
        return self.target.answer(self.sent.popleft())

    def close(self) -> None:
        self.sent.clear()

    kill = close


class Hanging(AgentTarget):
    """A target that never comes back from a call; ``waited`` counts the cells that were waited for, by their page."""

    deviations: Path | None = None

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.kind, _, self.call = name.partition(":")
        self.waited: Counter[str] = Counter()
        self.launched = 0
        self._cells: dict[int, tuple[Cell, Setup]] = {}

    def submit(self, number: int, cell: Cell, setup: Setup) -> None:
        self._cells[number] = cell, setup
        super().submit(number, cell, setup)

    def answer(self, number: int) -> Transcript:
        """The transcript of a cell.  Raises Lost."""
        if number == TRIAL:
            return (
                self._end(Transcript(number, DONE, "", {}, ()))
                if self.call == ALL
                else Transcript(TRIAL, DONE, "", {}, ())
            )
        cell, setup = self._cells[number]
        whole = transcribe(number, cell, setup)
        assert isinstance(whole, Transcript)
        lines = cell.scenario.lines
        at = next((at for at, line in enumerate(lines) if self._hangs(cell, line)), len(lines))
        if at >= len(whole.steps):
            return whole
        self.waited[cell.scenario.page] += 1
        return self._end(Transcript(number, HANG, "", whole.start, whole.steps[:at]))

    def _hangs(self, cell: Cell, line: Line) -> bool:
        if self.call == AMONG_THREADS:
            threads = any(each.who.startswith("thread ") for each in cell.scenario.lines)
            return threads and cell.api == "libc" and line.call.name.startswith("set")
        return self.call in (ALL, line.call.name)

    def _end(self, hung: Transcript) -> Transcript:
        if self.kind == "losing":
            raise Lost("the agent said nothing for 40 s")
        return Transcript(hung.cell, HANG, "", hung.start, hung.steps)

    def _launch(self, agent: str) -> Session:
        self.launched += 1
        return Talk(self)


def main() -> None:
    """Puts such targets among the targets, and runs a verb."""
    known, check = credstone.targets.open_target, credstone.targets.check_target

    def opened(name: str) -> Target:
        return Hanging(name) if name.startswith(KINDS) else known(name)

    credstone.targets.open_target = opened
    credstone.targets.check_target = lambda name: None if name.startswith(KINDS) else check(name)
    from credstone.cli import main as credstone_main

    credstone_main()


if __name__ == "__main__":
    main()
