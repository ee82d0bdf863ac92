"""Who performs the lines: main, its threads, its children, and the process that stayed outside.

Lines run one after the other.  Whoever is told a line performs it, and afterwards everybody reports the own credential;
main collects it all.  Threads are told by queues, processes by pipes.  All forks are main's.
"""

import os
from typing import Any, Dict, List, Tuple

import credential
import processes
import status
from child import Child
from load import Load
from member import LOOK, NO_ANSWER, Gone
from script import MAIN, OUTSIDE, THREADS, Cell, Step
from worker import Worker

import calls


class Crew:
    """All that a cell's process has beside itself."""

    def __init__(self, cell: Cell) -> None:
        processes.tracing = False
        self._cell = cell
        self._members: Dict[str, Any] = {}
        self._gone: Dict[str, str] = {}  # how they ended
        self._numbers = {"pid": os.getpid()}
        self._load = Load(cell.load) if cell.load else None

    def leave_outside(self) -> None:
        """Fork the process that stays in this user namespace with these credentials."""
        self._members[OUTSIDE] = self._fork(OUTSIDE)

    def _fork(self, name: str) -> Child:
        threads = self._load is not None or any(isinstance(member, Worker) for member in self._members.values())
        return Child(name, self._cell, threads)

    def start_load(self) -> None:
        """Threads come and go from now on."""
        if self._load is not None:
            self._load.start()

    def _summon(self, step: Step) -> None:
        """Threads and children exist from the first line that names them."""
        for child in step.children:
            name = "child " + child
            if name not in self._members and name not in self._gone:
                self._members[name] = self._fork(name)
                self._numbers[child] = self._members[name].pid
        if step.who in self._gone:
            raise Gone(step.who, self._gone[step.who])
        if step.who.startswith("thread ") and step.who not in self._members:
            self._members[step.who] = Worker(self._cell.steps)

    def perform(self, number: int) -> Tuple[str, List[Tuple[str, str]]]:
        """Perform a line; its answer, and what everybody sees then."""
        step = self._cell.steps[number]
        self._summon(step)
        if step.call.name == "ptrace":  # who asks to be traced is traced by main
            processes.tracing = True
        if step.who == MAIN:
            return calls.make(step.call, self._numbers), self.look({})
        if step.who == THREADS:
            return self._ask_all_threads(step.call), self.look({})
        member = self._members[step.who]
        if step.begun:
            member.begin(number, self._numbers)
            return NO_ANSWER, self.look({})
        answer, seen = member.wait() if step.awaited else member.report(number, self._numbers)
        if not seen:
            self._gone[step.who] = member.leave()
            del self._members[step.who]
        return answer, self.look({step.who: seen})

    def look(self, known: Dict[str, str]) -> List[Tuple[str, str]]:
        """The credential of everybody, main first; ``known`` holds those that have reported already.

        One that another's line has killed reports no more, and performs no more either."""
        seen = [(MAIN, credential.encoded())]
        for name, member in list(self._members.items()):
            if member.busy:
                continue
            try:
                seen.append((name, known.get(name) or member.report(LOOK, self._numbers)[1]))
            except Gone as error:
                self._gone[name] = error.end
                del self._members[name]
        return seen

    def _ask_all_threads(self, call: calls.Call) -> str:
        workers = sum(isinstance(member, Worker) for member in self._members.values())
        reading = call._replace(function=lambda: status.of_threads(call.name))
        if self._load is None:
            return calls.make(reading, self._numbers)
        self._load.pause(others=1 + workers)
        try:
            return calls.make(reading, self._numbers)
        finally:
            self._load.go_on()
