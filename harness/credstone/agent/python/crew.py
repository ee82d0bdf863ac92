"""Who performs the lines: main, its threads, its children, and the process that stayed outside.

Lines run one after the other.  Whoever is told a line performs it, and afterwards everybody reports the own credential;
main collects it all.  Threads are told by queues, processes by pipes.  All forks are main's.
"""

import os
import queue
import signal
import threading
from contextlib import suppress
from typing import Any, Dict, List, NoReturn, Tuple

import calls
import credential
import status
from load import Load
from refused import Doing
from script import MAIN, OUTSIDE, THREADS, Cell, Step

Report = Tuple[str, str]  # an answer and a credential, as JSON
LOOK = -1  # in place of a line's number: perform nothing, report the credential


class Gone(Exception):
    """A member that was to perform a line has ended; ``end`` says how, as the protocol does."""

    def __init__(self, name: str, end: str) -> None:
        super().__init__(name)
        self.end = end


def how_it_ended(code: int, number: int) -> str:
    """The protocol's word for the end of a process, from the code and status of waitid(2)."""
    return f"exit {number}" if code == os.CLD_EXITED else f"signal {number}"


class Worker:
    """A thread of main.  It reports errors of the agent itself instead of a report."""

    def __init__(self, steps: List[Step]) -> None:
        self._steps = steps
        self._told: queue.Queue[Tuple[int, Dict[str, int]]] = queue.Queue()
        self._said: queue.Queue[Any] = queue.Queue()
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        while True:
            line, processes = self._told.get()
            try:
                answer = calls.make(self._steps[line].call, processes) if line != LOOK else ""
                self._said.put((answer, credential.encoded()))
            except Exception as error:
                self._said.put(error)

    def report(self, line: int, processes: Dict[str, int]) -> Report:
        """Perform a line, or LOOK."""
        self._told.put((line, processes))
        said = self._said.get()
        if isinstance(said, Exception):
            raise said
        return said  # type: ignore[no-any-return]


class Process:
    """A child of main, forked where main is now.  It ends when main does."""

    def __init__(self, name: str, cell: Cell) -> None:
        self.name = name
        told, self._tell = os.pipe()
        self._hear, say = os.pipe()
        with Doing("fork"):
            self.pid = os.fork()
        if self.pid == 0:
            os.close(self._tell)
            os.close(self._hear)
            signal.alarm(cell.patience)  # a fork does not inherit main's
            _serve(cell.steps, told, say)
        os.close(told)
        os.close(say)
        self._answers = open(self._hear, "rb", 1 << 16)

    def report(self, line: int, processes: Dict[str, int]) -> Report:
        """Perform a line, or LOOK; Gone if it has ended, or ends over it."""
        try:
            os.write(self._tell, _message(line, processes))
        except BrokenPipeError:
            self._end()
        said = self._answers.readline()
        if not said.endswith(b"\n"):
            self._end()
        kind, answer, seen = said.decode().rstrip("\n").split("\t")
        if kind == "error":
            raise RuntimeError(f"{self.name}: {answer}")
        return answer, seen

    def _end(self) -> NoReturn:
        found = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        raise Gone(self.name, how_it_ended(found.si_code, found.si_status) if found else "")


def _serve(steps: List[Step], told: int, say: int) -> NoReturn:
    """A child's life: lines in, reports out."""
    try:
        with open(told, "rb", 1 << 16) as lines:
            for raw in lines:
                line, processes = _parse(raw)
                try:
                    answer = calls.make(steps[line].call, processes) if line != LOOK else ""
                    report = f"ok\t{answer}\t{credential.encoded()}\n"
                except Exception as error:
                    report = "error\t{}: {}\t\n".format(type(error).__name__, str(error).replace("\t", " "))
                left = report.encode()
                while left:
                    left = left[os.write(say, left) :]
    finally:
        os._exit(0)


def _message(line: int, processes: Dict[str, int]) -> bytes:
    return (" ".join([str(line)] + [f"{name}={pid}" for name, pid in processes.items()]) + "\n").encode()


def _parse(raw: bytes) -> Tuple[int, Dict[str, int]]:
    number, _, names = raw.decode().rstrip("\n").partition(" ")
    pairs = [pair.split("=") for pair in names.split()]
    return int(number), {name: int(pid) for name, pid in pairs}


class Crew:
    """All that a cell's process has beside itself."""

    def __init__(self, cell: Cell) -> None:
        self._cell = cell
        self._members: Dict[str, Any] = {}
        self._processes = {"$pid": os.getpid()}
        self._load = Load(cell.load) if cell.load else None

    def leave_outside(self) -> None:
        """Fork the process that stays in this user namespace with these credentials."""
        self._members[OUTSIDE] = Process(OUTSIDE, self._cell)

    def start_load(self) -> None:
        """Threads come and go from now on."""
        if self._load is not None:
            self._load.start()

    def _summon(self, step: Step) -> None:
        """Threads and children exist from the first line that names them."""
        for child in step.children:
            name = "child " + child
            if name not in self._members:
                self._members[name] = Process(name, self._cell)
                self._processes[child] = self._members[name].pid
        if step.who.startswith("thread ") and step.who not in self._members:
            self._members[step.who] = Worker(self._cell.steps)

    def perform(self, number: int) -> Tuple[str, List[Tuple[str, str]]]:
        """Perform a line; its answer, and what everybody sees then."""
        step = self._cell.steps[number]
        self._summon(step)
        known: Dict[str, str] = {}
        if step.who == MAIN:
            answer = calls.make(step.call, self._processes)
        elif step.who == THREADS:
            answer = self._ask_all_threads(step.call)
        else:
            answer, known[step.who] = self._members[step.who].report(number, self._processes)
        return answer, self.look(known)

    def look(self, known: Dict[str, str]) -> List[Tuple[str, str]]:
        """The credential of everybody, main first; ``known`` holds those that have reported already."""
        seen = [(MAIN, credential.encoded())]
        for name, member in self._members.items():
            # One that another's line has killed reports no more, and performs no more either.
            with suppress(Gone):
                seen.append((name, known.get(name) or member.report(LOOK, self._processes)[1]))
        return seen

    def _ask_all_threads(self, call: calls.Call) -> str:
        workers = sum(isinstance(member, Worker) for member in self._members.values())
        reading = call._replace(function=lambda: status.of_threads(call.name))
        if self._load is None:
            return calls.make(reading, self._processes)
        self._load.pause(others=1 + workers)
        try:
            return calls.make(reading, self._processes)
        finally:
            self._load.go_on()
