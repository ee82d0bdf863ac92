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
from typing import Tuple

import constants
import facts
import keeper
import kernel
import performer

_FIRST = 10  # descriptors below are left to the cells


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
    """Make the agent a good parent: orphans come to it, it waits for SIGCHLD, and a crash leaves no core."""
    kernel.prctl(constants.PR_SET_CHILD_SUBREAPER, 1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # ignored SIGCHLD would be inherited and reap behind our back
    # a shell ignores SIGINT and SIGQUIT for what it starts in the background, nohup(1) SIGHUP
    for number in (signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(number, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _stay_small() -> None:
    """No collection from now on: it would touch, and so copy, every page that a forked cell shares with the agent."""
    gc.collect()
    gc.disable()
    if hasattr(gc, "freeze"):
        gc.freeze()


def run() -> int:
    """Serve a session; the exit status."""
    lines, answers = _own_descriptors()
    try:
        _settle()
        performer.write(answers, facts.encoded())
        _stay_small()
        return keeper.keep(lines, answers)
    except (BrokenPipeError, KeyboardInterrupt):
        return 1
    except OSError as error:
        print(f"agent: {error}", file=sys.stderr)
        return 1
