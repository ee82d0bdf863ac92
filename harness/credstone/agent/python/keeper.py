"""The keeper: starts the performer, watches it, and answers for cells that took it with them.

It holds the other ends of nothing: while the performer works, the keeper only sleeps.  What it must know stands in
memory that both share.
"""

import os
import signal
import time
from typing import Optional, Tuple

import cell
import incoming
import kernel
import leftovers
import maps
import performer
import queues
import vfork
from memory import CELL, DEADLINE, MAIN, numbers

ENDING = (int(signal.SIGTERM), int(signal.SIGHUP), int(signal.SIGINT))
_WAITED_FOR = {signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP, signal.SIGINT}
_SLICE = 0.1  # seconds: how late a hang may be seen


class _Ended(Exception):
    """Somebody wants the agent to end."""


def keep(lines: int, answers: int) -> int:
    """Serve a session; the exit status."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _WAITED_FOR)
    try:
        while True:
            maps.start()
            process = kernel.fork()
            if process == 0:
                performer.run(lines, answers, ENDING)
            ended = _watch(process)
            if not numbers[CELL]:
                return ended[1] if ended and ended[0] == os.CLD_EXITED else 1
            performer.write(answers, _answer(ended))
            incoming.skip()
    except (_Ended, BrokenPipeError):
        return 1
    finally:
        leftovers.clean(numbers[MAIN])


def _watch(process: int) -> Optional[Tuple[int, int]]:
    """Wait for the end of the performer: the code and status of waitid(2), None if its cell took too long."""
    while True:
        found = os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG)
        if found is not None:
            return found.si_code, found.si_status
        deadline = numbers[DEADLINE]
        if deadline and time.monotonic() * 1e9 > deadline:
            os.kill(process, signal.SIGKILL)
            return None
        caught = signal.sigtimedwait(_WAITED_FOR, _SLICE)
        if caught is not None and caught.si_signo in ENDING:
            raise _Ended


def _answer(ended: Optional[Tuple[int, int]]) -> str:
    """What came of the cell over which the performer has ended."""
    number, main = numbers[CELL] - 1, numbers[MAIN]
    how = ended
    if ended == (os.CLD_EXITED, vfork.CONTAMINATED):
        found = os.waitid(os.P_PID, main, os.WEXITED | os.WNOWAIT)  # it was the performer's child, and is ours now
        how = (found.si_code, found.si_status) if found else None
    gone = leftovers.clean(main)
    queues.remove_left()
    if os.path.isdir(cell.folder_of(number)):
        leftovers.remove(cell.folder_of(number))
    numbers[CELL] = numbers[DEADLINE] = 0
    return cell.answer(number, how, gone)
