"""The performer: cells in, answers out, until the input ends.

It ends over what would leave its interpreter in doubt; the keeper then answers for the cell, and starts another.
"""

import gc
import os
import signal
import sys
from typing import NoReturn, Sequence

import cell
import constants
import incoming
import kernel
import script
from memory import CELL, MAIN, numbers
from wire import Unreadable

_COLLECTION = 500  # cells: what they leave in cycles is small


def run(lines: int, answers: int, handled: Sequence[int]) -> NoReturn:
    """The life of the performer.  Its exit status: 0 at the end of the input, 1 when nobody reads the answers, 2 for a
    line that belongs to no cell."""
    status = 1
    try:
        kernel.default_signals(*handled)
        signal.pthread_sigmask(signal.SIG_SETMASK, {signal.SIGCHLD})
        kernel.prctl(constants.PR_SET_PDEATHSIG, int(signal.SIGKILL))
        kernel.prctl(constants.PR_SET_CHILD_SUBREAPER, 1)
        _serve(lines, answers)
        status = 0
    except Unreadable as error:
        print(f"agent: {error}", file=sys.stderr, flush=True)
        status = 2
    except BrokenPipeError:
        pass
    except OSError as error:
        print(f"agent: {error}", file=sys.stderr, flush=True)
    finally:
        os._exit(status)


def _serve(lines: int, answers: int) -> None:
    def forget() -> None:
        """In a cell's process: what is the agent's alone."""
        os.close(lines)
        os.close(answers)
        kernel.default_signals()

    performed = 0
    while True:
        text = incoming.next_cell(lines)
        if text is None:
            return
        heading, *block = text.splitlines()
        number, limit = script.heading(heading)
        numbers[MAIN], numbers[CELL] = 0, number + 1
        try:
            answer = cell.run(script.read(number, limit, block), forget)
        except (Unreadable, OSError) as error:
            answer = cell.refused(number, f"agent: {error}")
        numbers[CELL] = 0
        write(answers, answer)
        incoming.done(len(text))
        performed += 1
        if performed % _COLLECTION == 0:
            gc.collect()


def write(answers: int, line: str) -> None:
    """One answer, whole."""
    left = line.encode("ascii") + b"\n"
    while left:
        left = left[os.write(answers, left) :]
