"""Who performs the lines: main, its threads, its children, and the process that stayed outside.

Lines run one after the other.  Whoever is told a line performs it, and afterwards everybody reports the own credential;
main collects it all.  Threads are told by queues, processes by pipes.  All forks are main's.
"""

import os
import queue
import select
import signal
import threading
import time
from contextlib import suppress
from typing import IO, Any, Dict, List, NoReturn, Tuple

import calls
import credential
import processes
import sockets
import status
from load import Load
from refused import Doing
from script import MAIN, OUTSIDE, THREADS, Cell, Step

Numbers = Dict[str, int]  # process IDs by name
Report = Tuple[str, str]  # an answer and a credential, as JSON; who leaves with the line has no credential any more
_NO_ANSWER = '["",null]'
LOOK = -1  # in place of a line's number: perform nothing, report the credential
_SETTLING = 0.0005  # seconds between two looks at a task that is to sleep, or to end
_LOOKS = 3  # so often a task sleeps when we look before it is taken to sleep in its call, and not for the interpreter
_PATIENCE = 2.0  # seconds for it
_TRACING = 0.002  # seconds between two looks for a tracee that has stopped


class Gone(Exception):
    """A member that was to perform a line has ended; ``end`` says how, as the protocol does."""

    def __init__(self, name: str, end: str) -> None:
        super().__init__(name)
        self.end = end


def how_it_ended(code: int, number: int) -> str:
    """The protocol's word for the end of a process, from the code and status of waitid(2)."""
    return f"exit {number}" if code == os.CLD_EXITED else f"signal {number}"


def _await_state(task: str, wanted: str, looks: int = 1) -> None:
    """Wait until a task, a path below /proc, is in this state, or is not there any more."""
    until = time.monotonic() + _PATIENCE
    while looks and time.monotonic() < until:
        time.sleep(_SETTLING)
        try:
            state = status.read(f"/proc/{task}/stat").rpartition(b")")[2].split()[0].decode()
        except OSError:
            return
        looks -= state in wanted


def _line_from(pipe: IO[bytes]) -> bytes:
    """The next line from another process.  Whom this thread traces goes on meanwhile."""
    while processes.tracing and not select.select([pipe], [], [], _TRACING)[0]:
        processes.let_tracees_go_on()
    return pipe.readline()


class Worker:
    """A thread of main.  It reports errors of the agent itself instead of a report."""

    busy = False  # in a call that was begun

    def __init__(self, steps: List[Step]) -> None:
        self._steps = steps
        self._told: queue.Queue[Tuple[int, Numbers]] = queue.Queue()
        self._said: queue.Queue[Any] = queue.Queue()
        self._task = ""
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        while True:
            line, numbers = self._next()
            step = self._steps[line] if line != LOOK else None
            try:
                if step and step.begun:
                    self._said.put(os.readlink("/proc/thread-self"))
                answer = calls.make(step.call, numbers) if step else ""
                self._said.put((answer, credential.encoded()))
            except processes.Leaves:
                self._task = os.readlink("/proc/thread-self")
                self._said.put(("[]", ""))
                return
            except Exception as error:
                self._said.put(error)

    def _next(self) -> Tuple[int, Numbers]:
        while processes.tracing:
            processes.let_tracees_go_on()
            with suppress(queue.Empty):
                return self._told.get(timeout=_TRACING)
        return self._told.get()

    def report(self, line: int, numbers: Numbers) -> Report:
        """Perform a line, or LOOK."""
        self._told.put((line, numbers))
        return self.wait()

    def begin(self, line: int, numbers: Numbers) -> None:
        """Perform a line, and do not wait for its end."""
        self._told.put((line, numbers))
        self.busy = True
        _await_state(self._said.get(), "S", _LOOKS)

    def wait(self) -> Report:
        """The report on a line that was begun."""
        said = self._said.get()
        self.busy = False
        if isinstance(said, Exception):
            raise said
        return said  # type: ignore[no-any-return]

    def leave(self) -> str:
        """It has performed its last line: wait until it is gone."""
        _await_state(self._task, "")
        return "exit 0"


class Process:
    """A child of main, forked where main is now.  It ends when main does."""

    busy = False

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
            sockets.leave()
            _serve(cell.steps, told, say)
        os.close(told)
        os.close(say)
        self._answers = open(self._hear, "rb", 1 << 16)

    def report(self, line: int, numbers: Numbers) -> Report:
        """Perform a line, or LOOK; Gone if it has ended, or ends over it."""
        self._order(line, numbers)
        return self.wait()

    def begin(self, line: int, numbers: Numbers) -> None:
        """Perform a line, and do not wait for its end."""
        self._order(line, numbers)
        self.busy = True
        if _line_from(self._answers) != b"begun\n":
            self._end()
        _await_state(str(self.pid), "SZX")

    def wait(self) -> Report:
        """The report on a line that was begun; Gone if it has ended."""
        said = _line_from(self._answers)
        self.busy = False
        if not said.endswith(b"\n"):
            self._end()
        kind, answer, seen = said.decode().rstrip("\n").split("\t")
        if kind == "error":
            raise RuntimeError(f"{self.name}: {answer}")
        return answer, seen

    def leave(self) -> str:
        """It has performed its last line: wait until it has ended, and say how.  It stays a zombie until a line asks."""
        return self._how()

    def _order(self, line: int, numbers: Numbers) -> None:
        try:
            os.write(self._tell, _message(line, numbers))
        except BrokenPipeError:
            self._end()

    def _end(self) -> NoReturn:
        raise Gone(self.name, self._how())

    def _how(self) -> str:
        try:
            found = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        except ChildProcessError:  # a line has waited for it
            found = None
        return how_it_ended(found.si_code, found.si_status) if found else "refused"


def _serve(steps: List[Step], told: int, say: int) -> NoReturn:
    """A child's life: lines in, reports out."""
    status = 0
    try:
        with open(told, "rb", 1 << 16) as lines:
            for raw in iter(lambda: _line_from(lines), b""):
                line, numbers = _parse(raw)
                step = steps[line] if line != LOOK else None
                try:
                    if step and step.begun:
                        _say(say, "begun\n")
                    answer = calls.make(step.call, numbers) if step else ""
                    report = f"ok\t{answer}\t{credential.encoded()}\n"
                except Exception as error:
                    report = "error\t{}: {}\t\n".format(type(error).__name__, str(error).replace("\t", " "))
                _say(say, report)
    except processes.Leaves as end:
        status = end.status
        _say(say, "ok\t[]\t\n")
    finally:
        os._exit(status & 0xFF)


def _say(say: int, report: str) -> None:
    left = report.encode()
    while left:
        left = left[os.write(say, left) :]


def _message(line: int, numbers: Numbers) -> bytes:
    return (" ".join([str(line)] + [f"{name}={pid}" for name, pid in numbers.items()]) + "\n").encode()


def _parse(raw: bytes) -> Tuple[int, Numbers]:
    number, _, names = raw.decode().rstrip("\n").partition(" ")
    pairs = [pair.split("=") for pair in names.split()]
    return int(number), {name: int(pid) for name, pid in pairs}


class Crew:
    """All that a cell's process has beside itself."""

    def __init__(self, cell: Cell) -> None:
        self._cell = cell
        self._members: Dict[str, Any] = {}
        self._gone: Dict[str, str] = {}  # how they ended
        self._numbers = {"pid": os.getpid()}
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
            if name not in self._members and name not in self._gone:
                self._members[name] = Process(name, self._cell)
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
            return _NO_ANSWER, self.look({})
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
