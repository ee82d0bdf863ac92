"""What the processes of a cell have in common: its number, its pipe, its message queues.

The queues outlive the processes that made them, and any process of a cell may make one: their numbers stand in memory
that is shared, so that they can be removed at the end of the cell, however it ended.
"""

import os
from typing import List, Tuple

from memory import QUEUES, QUEUES_MOST, numbers

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
    count = numbers[QUEUES]
    if count < QUEUES_MOST:
        numbers[QUEUES + 2 * count + 1] = queue
        numbers[QUEUES + 2 * count + 2] = _place() == HOME
        numbers[QUEUES] = count + 1


def queue() -> int:
    """The queue that was made last; an id that no queue has if there is none."""
    count = numbers[QUEUES]
    return numbers[QUEUES + 2 * count - 1] if count else -1


def queues_of_agent() -> List[int]:
    """The queues of the cell that has ended, of those that the agent can see; they are forgotten."""
    count, numbers[QUEUES] = numbers[QUEUES], 0
    return [numbers[QUEUES + 2 * index + 1] for index in range(count) if numbers[QUEUES + 2 * index + 2]]
