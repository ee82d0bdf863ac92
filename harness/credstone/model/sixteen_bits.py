"""The old calls with 16-bit ids, where an ABI has them: each page's "the original system call supported only 16-bit".

Arguments are cut to 16 bits, 65535 means -1, and an id that does not fit shows as the overflow id 65534.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from credstone.model.arguments import WHOLE, Buffer
from credstone.model.getgroups import getgroups, setgroups
from credstone.model.moment import Moment
from credstone.model.rules import Outcome, Rules
from credstone.words.answer import Answer

OVERFLOW = 65534
LARGEST = 65535


def widened(number: int) -> int:
    """A 16-bit id as the calls of today take it."""
    cut = number & LARGEST
    return -1 if cut == LARGEST else cut


def narrowed(number: int) -> int:
    """An id as a 16-bit call gives it."""
    return number if 0 <= number <= LARGEST else OVERFLOW


def setting(call: Callable[..., Rules]) -> Callable[..., Rules]:
    """The 16-bit form of a call that takes ids."""

    def sixteen(now: Moment, *ids: int) -> Rules:
        return (yield from call(now, *(widened(number) for number in ids)))

    return sixteen


def looking(call: Callable[..., Rules]) -> Callable[..., Rules]:
    """The 16-bit form of a call that gives ids."""

    def sixteen(now: Moment) -> Generator[Any, Any, Outcome]:
        return _narrow((yield from call(now)))

    return sixteen


def getgroups16(now: Moment, size: int | None = None, buffer: Buffer = WHOLE) -> Rules:
    """int getgroups(int size, old_gid_t list[])."""
    outcome = yield from getgroups(now, size, buffer)
    return outcome if size == 0 else _narrow(outcome)


def setgroups16(now: Moment, size: int, buffer: Buffer) -> Rules:
    """int setgroups(size_t size, const old_gid_t *list)."""
    gids = None if buffer.gids is None else tuple(widened(gid) for gid in buffer.gids)
    return (yield from setgroups(now, size, Buffer(buffer.kind, gids)))


def _narrow(outcome: Outcome) -> Outcome:
    value = outcome.answer.value
    narrow = tuple(narrowed(each) for each in value) if isinstance(value, tuple) else narrowed(int(value or 0))
    return Outcome(Answer("", narrow, "", outcome.answer.stray), outcome.world)
