"""One cell: a process that performs it, watched, killed and reaped.

A cell without threads, whose main makes no unusual call, runs in a process that shares our memory (vfork.py); all others in
one that is forked.  That process leads its own process group.  Its end is told by SIGCHLD, which is kept blocked and
waited for: a pipe would stay open in the cell's children.
"""

import os
import signal
import time
from typing import Callable, Optional, Tuple

import belongings
import kernel
import leftovers
import processes
import queues
import setup
import transcript
import vfork
from crew import Crew
from member import Gone, how_it_ended
from memory import DEADLINE, MAIN, numbers
from refused import Refused
from script import Cell
from wire import encode

_SLICE = 0.1  # seconds: how long to sleep at most, in case this kernel forgets a blocked SIGCHLD
_CHILD = {signal.SIGCHLD}


def refused(number: int, note: str) -> str:
    """The line that answers a cell which never ran."""
    return f'[{number},"refused",{encode(note)},{{}},[]]'


def folder_of(number: int) -> str:
    """The cell's folder."""
    return f"cell-{number}"


def run(cell: Cell, forget: Callable[[], None]) -> str:
    """Run a cell and return the line that answers it.  ``forget`` gives up what only the agent may hold."""
    transcript.clear()
    folder = folder_of(cell.number)
    if cell.has_folder:
        os.mkdir(folder, 0o755)
        os.chmod(folder, 0o755)  # whatever the umask is
    try:
        if cell.simple and vfork.POSSIBLE:
            numbers[DEADLINE] = int((time.monotonic() + cell.limit) * 1e9)
            main, ended = vfork.vfork(lambda: _live(cell, folder, forget))
            return answer(cell.number, ended, not cell.has_others or leftovers.clean(main))
        return _run_forked(cell, folder, forget)
    finally:
        numbers[DEADLINE] = 0
        if cell.has_folder:
            leftovers.remove(folder)


def _run_forked(cell: Cell, folder: str, forget: Callable[[], None]) -> str:
    main = 0
    try:
        deadline = time.monotonic() + cell.limit
        main = kernel.fork()
        if main == 0:
            try:
                _live(cell, folder, forget)
            finally:
                os._exit(0)
        ended = _watch(main, deadline)
    finally:
        gone = main == 0 or leftovers.clean(main)
        queues.remove_left()
    return answer(cell.number, ended, gone)


def answer(number: int, ended: Optional[Tuple[int, int]], gone: bool = True) -> str:
    """The line that answers a cell whose main process has ended so, as waitid(2) tells it; None is a hang."""
    said, start, steps = transcript.read()
    if said and ended is not None and gone:
        return f"[{number},{said},{start},[{','.join(steps)}]]"
    end = "hang" if ended is None else how_it_ended(*ended)
    note = "" if gone else "agent: a process of the cell cannot be killed"
    return f"[{number},{encode(end)},{encode(note)},{start},[{','.join(steps)}]]"


def _live(cell: Cell, folder: str, forget: Callable[[], None]) -> None:
    """The life of a cell's main process; raises nothing."""
    try:
        numbers[MAIN] = os.getpid()
        os.setpgid(0, 0)
        forget()
        signal.alarm(cell.patience)
        if cell.nosuid:
            setup.cover(folder)
        if cell.has_folder:
            os.chdir(folder)
        belongings.begin(cell.number, cell.has_pipe)
        _perform(cell)
    except Refused as error:
        transcript.end("refused", str(error))
    except Gone as error:
        transcript.end(error.end, str(error))
    except BaseException as error:  # a fault of the agent: no traceback, whose modules may be out of reach by now
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else ""
        transcript.end("refused", f"agent: {type(error).__name__}: {error} ({place})")


def _perform(cell: Cell) -> None:
    crew = Crew(cell)
    # the tracer of a child that asks to be traced is main
    processes.tracing = any(step.call.name == "ptrace" and step.who.startswith("child ") for step in cell.steps)
    setup.perform(cell.before)
    if cell.has_outside:
        crew.leave_outside()
    setup.perform(cell.after)
    crew.start_load()
    transcript.start(crew.look({}))
    for number in range(len(cell.steps)):
        transcript.step(*crew.perform(number))
    transcript.end("done", "")


def _watch(main: int, deadline: float) -> Optional[Tuple[int, int]]:
    """Wait for the end of the cell's main process, which stays a zombie so that its group keeps its number.  The code
    and status of waitid(2), or None when the time is over."""
    while True:
        found = os.waitid(os.P_PID, main, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if found is not None:
            return found.si_code, found.si_status
        left = deadline - time.monotonic()
        if left <= 0:
            return None
        signal.sigtimedwait(_CHILD, min(left, _SLICE))
