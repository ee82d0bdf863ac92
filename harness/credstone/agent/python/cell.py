"""One cell: a process that performs it, and the agent that watches, kills and reaps.

The process leads its own process group.  Its end is told by SIGCHLD, which the agent keeps blocked and waits for: a
pipe would stay open in the cell's children.  Whatever the end was, the whole group is killed, and every descendant
is reaped, also one that left the group: the agent is their subreaper.
"""

import os
import signal
import sys
import time
from contextlib import suppress
from typing import Callable, List, NoReturn, Optional, Tuple

import belongings
import calls
import kernel
import maps
import queues
import setup
from credential import observe
from crew import Crew, Gone, how_it_ended
from refused import Refused
from script import MAIN, Cell, Step
from transcript import Transcript
from wire import encode

_SLICE = 0.1  # seconds: how long to sleep at most, in case this kernel forgets a blocked SIGCHLD
_REAPING = 3.0  # seconds for killed processes to disappear
_REHEARSALS = 20  # an interpreter adapts a function after some eight calls
_CHILD = {signal.SIGCHLD}


def answer(number: int, end: str, note: str, start: str = "{}", steps: Optional[List[str]] = None) -> str:
    """The line that answers a cell."""
    return f"[{number},{encode(end)},{encode(note)},{start},[{','.join(steps or [])}]]"


def run(cell: Cell, transcript: Transcript, forget: Callable[[], None]) -> str:
    """Run a cell and return the line that answers it.  ``forget`` gives up what only the agent may hold."""
    transcript.clear()
    folder = f"cell-{cell.number}"
    if cell.has_folder:
        os.mkdir(folder, 0o755)
        os.chmod(folder, 0o755)  # whatever the umask is
    main = 0
    try:
        deadline = time.monotonic() + cell.limit
        main = kernel.fork()
        if main == 0:
            _live(cell, folder, transcript, forget)
        ended = _watch(main, deadline)
    finally:
        gone = main == 0 or _clean(main)
        queues.remove_left()
        if cell.has_folder:
            remove(folder)
    said, start, steps = transcript.read()
    if ended is None:
        end, note = "hang", ""
    else:
        end, note = how_it_ended(*ended), ""
    if not gone:
        note = "agent: a process of the cell cannot be killed"
    if said and ended is not None:
        return f"[{cell.number},{said},{start},[{','.join(steps)}]]"
    return answer(cell.number, end, note, start, steps)


def _live(cell: Cell, folder: str, transcript: Transcript, forget: Callable[[], None]) -> NoReturn:
    """The life of a cell's main process."""
    try:
        os.setpgid(0, 0)
        forget()
        signal.alarm(cell.patience)
        if cell.nosuid:
            setup.cover(folder)
        if cell.has_folder:
            os.chdir(folder)
        belongings.begin(cell.number, cell.has_pipe)
        _perform(cell, transcript)
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
    finally:
        os._exit(0)


def rehearse(transcript: Transcript) -> None:
    """Perform a cell that changes nothing, in the agent itself, some times.

    The interpreter adapts code to its use by writing into it.  What it wrote here, once, it need not write in each
    cell's process, where each page written is a page copied.
    """
    here = observe()
    if here.dumpable != 1 or here.keep_caps or here.parent_death_signal:
        return  # becoming what the agent is would change it
    call = calls.find("python", "getresuid", [], set(), set())
    cell = Cell(0, 1.0, 1, [here], [], 0, [Step(MAIN, call, ())], False, False, False)
    for _ in range(_REHEARSALS):
        transcript.clear()
        _perform(cell, transcript)
        transcript.read()


def _perform(cell: Cell, transcript: Transcript) -> None:
    crew = Crew(cell)
    writer = maps.Writer(cell.after) if cell.has_writer else None
    setup.perform(cell.before, None)
    if cell.has_outside:
        crew.leave_outside()
    if cell.after:
        setup.perform(cell.after, writer)
    if writer is not None:
        writer.close()
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


def _clean(main: int) -> bool:
    """Kill and reap all that descends from this agent.  False if something would not die."""
    with suppress(ProcessLookupError, PermissionError):  # it has made no group yet, or all of it is gone
        os.killpg(main, signal.SIGKILL)
    until = time.monotonic() + _REAPING
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0]:
                continue
        except ChildProcessError:
            return True
        for child in _children():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(child, signal.SIGKILL)
        if time.monotonic() > until:
            return False
        signal.sigtimedwait(_CHILD, 0.02)


def _children() -> List[int]:
    """The children of this process: its own, and those whose parents have gone."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as file:
            return [int(pid) for pid in file.read().split()]
    except OSError:  # a kernel without CONFIG_PROC_CHILDREN
        pass
    found = []
    for name in os.listdir("/proc"):
        try:
            with open(f"/proc/{int(name)}/stat") as file:
                if int(file.read().rpartition(")")[2].split()[1]) == os.getpid():
                    found.append(int(name))
        except (OSError, ValueError):
            continue
    return found


def remove(path: str) -> None:
    """Remove a cell's folder with all that is in it; says on stderr what cannot be removed."""
    try:
        os.chmod(path, 0o700)
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    remove(entry.path)
                else:
                    os.unlink(entry.path)
        os.rmdir(path)
    except OSError as error:
        print(f"agent: {path} stays behind: {error}", file=sys.stderr)
