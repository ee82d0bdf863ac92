"""The first calls of each name, with 16-bit ids, where an ABI still has them: each page's NOTES.

They take 16 bits of their arguments, 65535 means what -1 means to the calls of today, and an id that does not fit is
shown as the overflow id.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from credstone.model.arguments import WHOLE, Buffer
from credstone.model.groups.getgroups import getgroups, setgroups
from credstone.model.moment import Moment
from credstone.model.rules import Choosing, Outcome, Rules, rule
from credstone.words.answer import Answer

LARGEST = 65535


def setting(call: Callable[..., Rules], page: str) -> Callable[..., Rules]:
    """The 16-bit form of a call that takes ids; ``page`` is the beginning of its clauses."""

    def sixteen(now: Moment, *ids: int) -> Rules:
        return (yield from call(now, *(yield from _widened(page + "16-bit", page, ids))))

    return sixteen


def looking(call: Callable[..., Rules], page: str) -> Callable[..., Rules]:
    """The 16-bit form of a call that gives ids; ``page`` is the beginning of its clauses."""

    def sixteen(now: Moment, *pointers: Buffer) -> Generator[Any, Any, Outcome]:
        return (yield from _narrowed(now, page, (yield from call(now, *pointers))))

    return sixteen


def getgroups16(now: Moment, size: int | None = None, buffer: Buffer = WHOLE) -> Rules:
    """int getgroups(int size, old_gid_t list[])."""
    outcome = yield from getgroups(now, size, buffer)
    return outcome if size == 0 else (yield from _narrowed(now, "getgroups(2)/", outcome))


def setgroups16(now: Moment, size: int, buffer: Buffer) -> Rules:
    """int setgroups(size_t size, const old_gid_t *list)."""
    gids = buffer.gids
    if gids is not None:
        gids = yield from _widened("setgroups(2)/linux/16-bit", "setgroups(2)/", gids)
    return (yield from setgroups(now, size, Buffer(buffer.kind, gids)))


def _widened(cutting: str, page: str, ids: tuple[int, ...]) -> Choosing:
    """The arguments as the call of today would take them; ``cutting`` is the clause that says how many bits count."""
    cut = yield rule(cutting, tuple([number & LARGEST for number in ids]))
    return (yield rule(page + "linux/16-bit-minus-one", tuple([-1 if number == LARGEST else number for number in cut])))


def _narrowed(now: Moment, page: str, outcome: Outcome) -> Generator[Any, Any, Outcome]:
    """The answer of the call of today, in 16 bits."""
    overflow = now.system.overflow_gid if "gid" in page or "group" in page else now.system.overflow_uid
    value = outcome.answer.value
    ids = value if isinstance(value, tuple) else (int(value or 0),)
    narrow = tuple([number if number <= LARGEST else overflow for number in ids])
    narrow = yield rule(page + "linux/16-bit-overflow", narrow)
    narrow = yield rule(page + "16-bit", narrow)
    given = narrow if isinstance(value, tuple) else narrow[0]
    return Outcome(Answer("", given, "", outcome.answer.stray), outcome.world)
