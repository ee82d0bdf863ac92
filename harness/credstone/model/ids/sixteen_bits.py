"""The first calls of each name, with 16-bit ids, where an ABI still has them: each page's NOTES.

They take 16 bits of their arguments, 65535 means what -1 means to the calls of today, and an id that does not fit is
shown as the overflow id.
"""

from __future__ import annotations

from collections.abc import Callable

from credstone.model.arguments import WHOLE, Buffer
from credstone.model.caller import Moment
from credstone.model.groups.getgroups import getgroups, setgroups
from credstone.model.ids.halves import GROUPS, USERS, Half
from credstone.model.rules import Outcome
from credstone.model.subjects import Subjects
from credstone.words.answer import Answer

LARGEST = 65535
SETTING: dict[str, tuple[Half, str, str]] = {
    "setgid": (GROUPS, "setgid(2)/16-bit", "setgid(2)/linux/16-bit-minus-one"),
    "setregid": (GROUPS, "setregid(2)/16-bit", "setregid(2)/linux/16-bit-minus-one"),
    "setresgid": (GROUPS, "setresgid(2)/16-bit", "setresgid(2)/linux/16-bit-minus-one"),
    "setuid": (USERS, "setuid(2)/16-bit", "setuid(2)/linux/16-bit-minus-one"),
    "setreuid": (USERS, "setreuid(2)/16-bit", "setreuid(2)/linux/16-bit-minus-one"),
    "setresuid": (USERS, "setresuid(2)/16-bit", "setresuid(2)/linux/16-bit-minus-one"),
    "setfsuid": (USERS, "setfsuid(2)/16-bit", "setfsuid(2)/linux/16-bit-minus-one"),
    "setfsgid": (GROUPS, "setfsgid(2)/16-bit", "setfsgid(2)/linux/16-bit-minus-one"),
}
"""The calls that take ids, with the clauses on how many bits count and on what 65535 means."""
LOOKING: dict[str, tuple[Half, str, str]] = {
    "getuid": (USERS, "getuid(2)/linux/16-bit-overflow", "getuid(2)/16-bit"),
    "geteuid": (USERS, "getuid(2)/linux/16-bit-overflow", "getuid(2)/16-bit"),
    "getgid": (GROUPS, "getgid(2)/linux/16-bit-overflow", "getgid(2)/16-bit"),
    "getegid": (GROUPS, "getgid(2)/linux/16-bit-overflow", "getgid(2)/16-bit"),
    "getresuid": (USERS, "getresuid(2)/linux/16-bit-overflow", "getresuid(2)/16-bit"),
    "getresgid": (GROUPS, "getresgid(2)/linux/16-bit-overflow", "getresgid(2)/16-bit"),
}
"""The calls that give ids, with the clauses on ids that do not fit and on how many bits there are."""


def setting(call: Callable[..., Outcome], half: Half, bits: str, minus_one: str) -> Callable[..., Outcome]:
    """The 16-bit form of a call that takes ids."""

    def sixteen(now: Moment, *ids: int) -> Outcome:
        return call(now, *_widen(now, ids, ("answer", *half.of_all), bits, minus_one))

    return sixteen


def looking(call: Callable[..., Outcome], half: Half, overflow: str, bits: str) -> Callable[..., Outcome]:
    """The 16-bit form of a call that gives ids."""

    def sixteen(now: Moment, *pointers: Buffer) -> Outcome:
        return _narrow(now, half, call(now, *pointers), overflow, bits)

    return sixteen


def getgroups16(now: Moment, size: int | None = None, buffer: Buffer = WHOLE) -> Outcome:
    """int getgroups(int size, old_gid_t list[])."""
    outcome = getgroups(now, size, buffer)
    if size == 0:
        return outcome
    return _narrow(now, GROUPS, outcome, "getgroups(2)/linux/16-bit-overflow", "getgroups(2)/16-bit")


def setgroups16(now: Moment, size: int, buffer: Buffer) -> Outcome:
    """int setgroups(size_t size, const old_gid_t *list)."""
    gids = buffer.gids
    if gids is not None:
        gids = _widen(
            now, gids, ("answer", "groups"), "setgroups(2)/linux/16-bit", "setgroups(2)/linux/16-bit-minus-one"
        )
    return setgroups(now, size, Buffer(buffer.kind, gids))


def _widen(now: Moment, ids: tuple[int, ...], of: Subjects, bits: str, minus_one: str) -> tuple[int, ...]:
    """The arguments as the call of today would take them."""
    cut = now.rule(tuple([number & LARGEST for number in ids]), bits, of=of)
    return now.rule(tuple([-1 if number == LARGEST else number for number in cut]), minus_one, of=of)


def _narrow(now: Moment, half: Half, outcome: Outcome, overflow: str, bits: str) -> Outcome:
    """The answer of the call of today, in 16 bits."""
    instead = now.system.overflow_uid if half is USERS else now.system.overflow_gid
    value = outcome.answer.value
    ids = value if isinstance(value, tuple) else (int(value or 0),)
    narrow = tuple([number if number <= LARGEST else instead for number in ids])
    narrow = now.rule(narrow, overflow, bits, of="answer")
    given = narrow if isinstance(value, tuple) else narrow[0]
    return Outcome(Answer("", given, "", outcome.answer.stray), outcome.world)
