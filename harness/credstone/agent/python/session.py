"""The session: facts out, then cells in and answers out, until the input ends.

Everything that a cell could need is imported here and now: a process that has become an ordinary user may not be able
to read the library of its own interpreter any more.  Exit status: 0 at the end of the input, 1 when nobody reads the
answers, 2 for a line that belongs to no cell.
"""

import fcntl
import gc
import os
import resource
import signal
import sys
from typing import IO, List, NoReturn, Optional, Tuple

import cell
import constants
import facts
import kernel
import script
from transcript import Transcript
from wire import Unreadable

_FIRST = 10  # descriptors below are left to the cells
_ENDING = (int(signal.SIGTERM), int(signal.SIGHUP), int(signal.SIGINT))


class _Ended(BaseException):
    """Somebody wants the agent to end; what a cell has open is cleaned up on the way."""


def _end(number: int, frame: object) -> NoReturn:
    raise _Ended


def _own_descriptors() -> Tuple[int, int]:
    """Input and output for the protocol alone; what a library or a scenario prints goes to stderr."""
    lines = fcntl.fcntl(0, fcntl.F_DUPFD_CLOEXEC, _FIRST)
    answers = fcntl.fcntl(1, fcntl.F_DUPFD_CLOEXEC, _FIRST)
    null = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    return lines, answers


def _settle() -> None:
    """Make the agent a good parent: orphans come to it, it waits for SIGCHLD, and a crash leaves no core.

    Its cells begin with the umask that the protocol says.
    """
    os.umask(0o022)
    kernel.prctl(constants.PR_SET_CHILD_SUBREAPER, 1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # ignored SIGCHLD would be inherited and reap behind our back
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    for number in _ENDING:
        signal.signal(number, _end)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _stay_small() -> None:
    """No collection from now on: it would touch, and so copy, every page that a cell shares with the agent."""
    gc.collect()
    gc.disable()
    if hasattr(gc, "freeze"):
        gc.freeze()


def _write(answers: int, line: str) -> None:
    left = line.encode("ascii") + b"\n"
    while left:
        left = left[os.write(answers, left) :]


def _lines_of_cell(source: IO[bytes]) -> Optional[List[bytes]]:
    """The lines up to ``end``; None if the input ends before."""
    found: List[bytes] = []
    for line in source:
        if line.rstrip(b"\r\n") == b"end":
            return found
        found.append(line)
    return None


def run() -> int:
    """Serve a session; the exit status."""
    lines, answers = _own_descriptors()
    try:
        _settle()
        transcript = Transcript()

        def forget() -> None:
            """In a cell's process: what is the agent's alone."""
            os.close(lines)
            os.close(answers)
            kernel.default_signals(*_ENDING)

        _write(answers, facts.encoded())
        cell.rehearse(transcript)
        _stay_small()
        with open(lines, "rb", closefd=False) as source:
            for line in source:
                number, limit = script.heading(line)
                block = _lines_of_cell(source)
                if block is None:
                    break
                try:
                    answer = cell.run(script.read(number, limit, block), transcript, forget)
                except (Unreadable, OSError) as error:
                    answer = cell.answer(number, "refused", f"agent: {error}")
                _write(answers, answer)
        return 0
    except Unreadable as error:
        print(f"agent: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 1
    except (_Ended, KeyboardInterrupt):
        return 1
    except OSError as error:
        print(f"agent: {error}", file=sys.stderr)
        return 1
