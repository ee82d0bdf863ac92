"""What stands several times in a row: a program does it in a loop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
TIMES = 4
"""From so many times on it is worth a loop."""
_LONGEST = 6
"""So many items at most are repeated as one."""


def folded(items: Sequence[T], may: Callable[[T], bool] = lambda _: True) -> Iterator[tuple[int, Sequence[T]]]:
    """The items in their order, as runs of items and how often each run stands there.  What may not be repeated is not."""
    at = 0
    while at < len(items):
        best = (1, 1)
        for length in range(1, min(_LONGEST, len(items) - at) + 1):
            run = items[at : at + length]
            times = 1
            while all(map(may, run)) and items[at + times * length : at + (times + 1) * length] == run:
                times += 1
            if times >= TIMES and times * length > best[0] * best[1]:
                best = (times, length)
        times, length = best
        yield times, items[at : at + length]
        at += times * length
