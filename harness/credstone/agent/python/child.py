"""A process that main has forked, told by a pipe.

Its ends of the pipes are numbers, not files: a file would be closed by whoever frees it, and that may be another process
that shares this memory (vfork.py).
"""

import os
import select
import signal
from typing import List, NoReturn, Tuple

import credential
import kernel
import processes
import sockets
from member import LOOK, TRACING, Gone, Numbers, Report, await_state, how_it_ended
from refused import Doing
from script import Cell, Step

import calls

_READ = 1 << 16


class _Lines:
    """The lines that come out of a pipe."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._left = b""

    def next(self) -> bytes:
        """The next one, or what is left at the end.  Whom this thread traces goes on meanwhile."""
        parts = [self._left]
        while b"\n" not in parts[-1]:
            while processes.tracing and not select.select([self._pipe], [], [], TRACING)[0]:
                processes.let_tracees_go_on()
            part = os.read(self._pipe, _READ)
            if not part:
                break
            parts.append(part)
        line, newline, self._left = b"".join(parts).partition(b"\n")
        return line + newline


class Child:
    """A child of main, forked where main is now.  It ends when main does."""

    busy = False

    def __init__(self, name: str, cell: Cell, threads: bool) -> None:
        self.name = name
        told, self._tell = os.pipe()
        hear, say = os.pipe()
        with Doing("fork"):
            self.pid = os.fork() if threads else kernel.fork()
        if self.pid == 0:
            os.close(self._tell)
            os.close(hear)
            signal.alarm(cell.patience)  # a fork does not inherit main's
            sockets.leave()
            _serve(cell.steps, told, say)
        os.close(told)
        os.close(say)
        self._answers = _Lines(hear)

    def report(self, line: int, numbers: Numbers) -> Report:
        """Perform a line, or LOOK; Gone if it has ended, or ends over it."""
        self._order(line, numbers)
        return self.wait()

    def begin(self, line: int, numbers: Numbers) -> None:
        """Perform a line, and do not wait for its end."""
        self._order(line, numbers)
        self.busy = True
        if self._answers.next() != b"begun\n":
            self._end()
        if await_state(str(self.pid), "SZX") != "S":
            self._end()

    def wait(self) -> Report:
        """The report on a line that was begun; Gone if it has ended."""
        said = self._answers.next()
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
        for raw in iter(_Lines(told).next, b""):
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
