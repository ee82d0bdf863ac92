"""What the processes of a cell have in common: its number, its pipe, its message queues.

The queues outlive the processes that made them, and any process of a cell may make one: their numbers stand in memory
that the agent shares with all of them, so that it can remove them at the end of the cell, however it ended.
"""

import mmap
import os
import struct
from typing import List, Tuple

_MOST = 512  # queues
_memory = mmap.mmap(-1, mmap.PAGESIZE)
_ENTRY = struct.Struct("ii")  # a queue, and whether it lies in the agent's IPC namespace
_COUNT = struct.Struct("i")

number = 0
main = 0
pipe: Tuple[int, int] = (-1, -1)


def begin(cell: int, with_pipe: bool) -> None:
    """In the cell's main process, before anything is done."""
    global number, main, pipe
    number, main = cell, os.getpid()
    if with_pipe:
        pipe = os.pipe()


def _place() -> str:
    try:
        return os.readlink("/proc/self/ns/ipc")
    except OSError:  # a kernel without these namespaces, or /proc is hidden: there is one
        return ""


HOME = _place()


def add_queue(queue: int) -> None:
    """A message queue belongs to the cell from now on."""
    (count,) = _COUNT.unpack_from(_memory, 0)
    if count < _MOST:
        _ENTRY.pack_into(_memory, 8 + 8 * count, queue, _place() == HOME)
        _COUNT.pack_into(_memory, 0, count + 1)


def queue() -> int:
    """The queue that was made last; an id that no queue has if there is none."""
    (count,) = _COUNT.unpack_from(_memory, 0)
    return int(_ENTRY.unpack_from(_memory, 8 * count)[0]) if count else -1


def queues_of_agent() -> List[int]:
    """The queues of the cell that has ended, of those that the agent can see; they are forgotten."""
    (count,) = _COUNT.unpack_from(_memory, 0)
    if not count:
        return []
    found = [_ENTRY.unpack_from(_memory, 8 + 8 * index) for index in range(min(count, _MOST))]
    _COUNT.pack_into(_memory, 0, 0)
    return [queue for queue, ours in found if ours]
