"""What a thread of main and a child of main have in common: they are told a line, and report.

A report is an answer and the own credential, both as JSON; who leaves with the line has no credential any more.
"""

import os
import time
from typing import Dict, Tuple

import status

Numbers = Dict[str, int]  # process IDs by name
Report = Tuple[str, str]
NO_ANSWER = '["",null]'
LOOK = -1  # in place of a line's number: perform nothing, report the credential
_SETTLING = 0.0005  # seconds between two looks at a task that is to sleep, or to end
LOOKS = 3  # so often a task sleeps when we look before it is taken to sleep in its call, and not for the interpreter
_PATIENCE = 2.0  # seconds for it
TRACING = 0.002  # seconds between two looks for a tracee that has stopped


class Gone(Exception):
    """A member that was to perform a line has ended; ``end`` says how, as the protocol does."""

    def __init__(self, name: str, end: str) -> None:
        super().__init__(name)
        self.end = end


def how_it_ended(code: int, number: int) -> str:
    """The protocol's word for the end of a process, from the code and status of waitid(2)."""
    return f"exit {number}" if code == os.CLD_EXITED else f"signal {number}"


# A line may put /proc out of reach.
_PROC = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


def own_task() -> str:
    """This thread's path below /proc."""
    return os.readlink("thread-self", dir_fd=_PROC)


def await_state(task: str, wanted: str, looks: int = 1) -> str:
    """Wait until a task, a path below /proc, is in one of these states, or is not there any more.  The last state."""
    state = ""
    until = time.monotonic() + _PATIENCE
    while looks and time.monotonic() < until:
        time.sleep(_SETTLING)
        try:
            state = status.read(f"{task}/stat", _PROC).rpartition(b")")[2].split()[0].decode()
        except OSError:
            return ""
        looks -= state in wanted
    return state
