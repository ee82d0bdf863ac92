"""pause(2) on a stack that has no room for a signal's frame.

A signal without SA_ONSTACK then ends the process; with it the frame goes to the alternate stack.  The C library's
contexts carry us there: all that must be known of ucontext_t is how it begins, which is the same on every machine.
"""

import ctypes
import mmap
from typing import Any, List

_PAGE = mmap.PAGESIZE
_ROOM = 1024  # bytes: enough for pause(2), and less than any frame with the registers of today
_CONTEXT = 16384  # more than any ucontext_t
_ALTERNATE = 1 << 18

_LIBRARY: Any = ctypes.CDLL(None, use_errno=True)
_keep: List[Any] = []  # the stacks live as long as the process


class _Stack(ctypes.Structure):
    """stack_t of <signal.h>."""

    _fields_ = [("pointer", ctypes.c_void_p), ("flags", ctypes.c_int), ("size", ctypes.c_size_t)]


class _Beginning(ctypes.Structure):
    """How a ucontext_t begins."""

    _fields_ = [("flags", ctypes.c_ulong), ("link", ctypes.c_void_p), ("stack", _Stack)]


def _alternate() -> None:
    memory = ctypes.create_string_buffer(_ALTERNATE)
    _keep.append(memory)
    wanted = _Stack(ctypes.addressof(memory), 0, _ALTERNATE)
    if _LIBRARY.sigaltstack(ctypes.byref(wanted), None) == -1:
        number = ctypes.get_errno()
        raise OSError(number, "sigaltstack")


def pause() -> None:
    """Returns when a handler of a signal has run."""
    _alternate()
    pages = mmap.mmap(-1, 3 * _PAGE)
    place = ctypes.c_char.from_buffer(pages)
    start = ctypes.addressof(place)
    if _LIBRARY.mprotect(ctypes.c_void_p(start), ctypes.c_size_t(_PAGE), 0) == -1:
        number = ctypes.get_errno()
        raise OSError(number, "mprotect")
    there, back = ctypes.create_string_buffer(_CONTEXT), ctypes.create_string_buffer(_CONTEXT)
    _keep.extend((pages, place, there, back))
    _LIBRARY.getcontext(there)
    beginning = _Beginning.from_buffer(there)
    # Down from here there is room for the call, and then the page that nobody may touch.
    beginning.stack.pointer = start + _PAGE
    beginning.stack.size = _ROOM
    beginning.link = ctypes.addressof(back)
    _LIBRARY.makecontext(there, ctypes.cast(_LIBRARY.pause, ctypes.c_void_p), 0)
    _LIBRARY.swapcontext(back, there)
