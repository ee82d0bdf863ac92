"""What comes from the harness, cell by cell.

The bytes lie in memory that is shared, so that a new performer goes on where the one before it was lost.
"""

import os
from typing import Optional

from memory import INPUT, INPUT_END, INPUT_SIZE, INPUT_START, memory, numbers
from wire import Unreadable

_END = b"\nend\n"
_READ = 1 << 16
_view = memoryview(memory)[INPUT : INPUT + INPUT_SIZE]


def next_cell(source: int) -> Optional[bytes]:
    """The text of the next cell, up to its last line, ``end``; None if the input ends before."""
    searched = start = numbers[INPUT_START]
    while True:
        end = numbers[INPUT_END]
        found = memory.find(_END, INPUT + searched, INPUT + end)
        if found >= 0:
            return memory[INPUT + start : found + 1]
        if not start and end == INPUT_SIZE:
            raise Unreadable("a cell that is too long")
        if start and end + _READ > INPUT_SIZE:
            _view[: end - start] = _view[start:end].tobytes()
            numbers[INPUT_START], numbers[INPUT_END] = 0, end - start
            start, end = 0, end - start
        count = os.readv(source, [_view[end : end + _READ]])
        if not count:
            return None
        numbers[INPUT_END] = end + count
        searched = max(start, end - len(_END))


def skip() -> None:
    """The cell that stands first is answered."""
    start = numbers[INPUT_START]
    done(memory.find(_END, INPUT + start, INPUT + numbers[INPUT_END]) + 1 - INPUT - start)


def done(length: int) -> None:
    """The cell of this length, without its last line, is answered."""
    start = numbers[INPUT_START] + length + len(_END) - 1
    if start == numbers[INPUT_END]:
        start = numbers[INPUT_END] = 0
    numbers[INPUT_START] = start
