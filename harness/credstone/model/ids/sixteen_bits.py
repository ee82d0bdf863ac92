"""The first calls of each name, with 16-bit ids, where an ABI still has them: each page's NOTES.

They take 16 bits of their arguments, 65535 means what -1 means to the calls of today, and an id that does not fit is
shown as the overflow id.
"""

from __future__ import annotations

from collections.abc import Callable

from credstone.model.arguments import WHOLE, Buffer
from credstone.model.caller import Moment
from credstone.model.groups.getgroups import getgroups, setgroups
from credstone.model.rules import Outcome
from credstone.words.answer import Answer

LARGEST = 65535


def setting(call: Callable[..., Outcome], page: str) -> Callable[..., Outcome]:
    """The 16-bit form of a call that takes ids; ``page`` is the beginning of its clauses."""

    def sixteen(now: Moment, *ids: int) -> Outcome:
        return call(now, *_widened(now, page + "16-bit", page, ids))

    return sixteen


def looking(call: Callable[..., Outcome], page: str) -> Callable[..., Outcome]:
    """The 16-bit form of a call that gives ids; ``page`` is the beginning of its clauses."""

    def sixteen(now: Moment, *pointers: Buffer) -> Outcome:
        return _narrowed(now, page, call(now, *pointers))

    return sixteen


def getgroups16(now: Moment, size: int | None = None, buffer: Buffer = WHOLE) -> Outcome:
    """int getgroups(int size, old_gid_t list[])."""
    outcome = getgroups(now, size, buffer)
    return outcome if size == 0 else _narrowed(now, "getgroups(2)/", outcome)


def setgroups16(now: Moment, size: int, buffer: Buffer) -> Outcome:
    """int setgroups(size_t size, const old_gid_t *list)."""
    gids = buffer.gids
    if gids is not None:
        gids = _widened(now, "setgroups(2)/linux/16-bit", "setgroups(2)/", gids)
    return setgroups(now, size, Buffer(buffer.kind, gids))


def _widened(now: Moment, cutting: str, page: str, ids: tuple[int, ...]) -> tuple[int, ...]:
    """The arguments as the call of today would take them; ``cutting`` is the clause that says how many bits count."""
    cut = now.rule(tuple([number & LARGEST for number in ids]), cutting)
    return now.rule(tuple([-1 if number == LARGEST else number for number in cut]), page + "linux/16-bit-minus-one")


def _narrowed(now: Moment, page: str, outcome: Outcome) -> Outcome:
    """The answer of the call of today, in 16 bits."""
    overflow = now.system.overflow_gid if "gid" in page or "group" in page else now.system.overflow_uid
    value = outcome.answer.value
    ids = value if isinstance(value, tuple) else (int(value or 0),)
    narrow = tuple([number if number <= LARGEST else overflow for number in ids])
    narrow = now.rule(narrow, page + "linux/16-bit-overflow")
    narrow = now.rule(narrow, page + "16-bit")
    given = narrow if isinstance(value, tuple) else narrow[0]
    return Outcome(Answer("", given, "", outcome.answer.stray), outcome.world)
