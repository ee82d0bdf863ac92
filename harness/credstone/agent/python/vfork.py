"""A process that shares our memory while we wait: vfork(2), for Python.

fork(2) lets both sides copy each page that one of them writes, and an interpreter writes to hundreds of pages whatever
it does: that is nine tenths of what a small cell costs.  A child with CLONE_VM and CLONE_VFORK is as much a process of
its own, with credentials, descriptors, directory and signal handlers of its own, but it copies nothing.  It runs a
Python function on a stack of its own and goes, and only then do we go on, in an interpreter that is as consistent as
after any callback.  If it is killed before the function has returned, it is not: then this process must end at once.

What both share besides the memory is the dumpable flag, which belongs to it.
"""

import ctypes
import mmap
import os
import signal
import sys
from typing import Any, Callable, Optional, Tuple

import constants
import kernel

CONTAMINATED = 77  # the exit status of a process whose child was killed while it used our interpreter
_CLONE_VM, _CLONE_VFORK = 0x100, 0x4000
_SIZE = 1 << 21

_work: Optional[Callable[[], None]] = None
_finished = False


def _child(_: Any) -> int:
    global _finished
    assert _work is not None
    _work()
    _finished = True
    return 0


def _prepare() -> Tuple[Any, ...]:
    """The function that the child runs, as C knows it, its stack, and what must live as long as these."""
    stack = mmap.mmap(-1, _SIZE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    top = ctypes.addressof(ctypes.c_char.from_buffer(stack)) + _SIZE - 64
    function = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(_child)
    clone = kernel.OWN["clone"]
    clone.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p]
    return clone, ctypes.cast(function, ctypes.c_void_p), top & ~63, function, stack


# From 3.14 on the interpreter looks at the address of its stack.
POSSIBLE = sys.implementation.name == "cpython" and sys.version_info < (3, 14)
_clone, _function, _top, *_kept = _prepare() if POSSIBLE else (None,) * 4


def vfork(work: Callable[[], None]) -> Tuple[int, Tuple[int, int]]:
    """Have a child do this work, which must not raise, and wait for it.  Its process ID, and the code and status of
    waitid(2).

    Its children are ours then.
    """
    global _work, _finished
    _work, _finished = work, False
    dumpable = kernel.prctl(constants.PR_GET_DUMPABLE)
    child = _clone(_function, _top, _CLONE_VM | _CLONE_VFORK | int(signal.SIGCHLD), None)
    if not _finished and child > 0:
        os._exit(CONTAMINATED)
    if child < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    found = os.waitid(os.P_PID, child, os.WEXITED)
    assert found is not None  # it waits
    if kernel.prctl(constants.PR_GET_DUMPABLE) != dumpable:
        kernel.prctl(constants.PR_SET_DUMPABLE, dumpable)
    return child, (found.si_code, found.si_status)
