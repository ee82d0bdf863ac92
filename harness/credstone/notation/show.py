"""Printing in the notation: calls, answers and expectations as a script writes them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import lru_cache
from typing import cast

from credstone.calls.shapes import ANSWER_MODES, ENDS_IN_MODE, MASKS_ANSWERED, MODES, SIDE_BY_SIDE
from credstone.words.answer import Answer, Value
from credstone.words.call import Argument, Call, Items, Text, Word
from credstone.words.capability import NAMES, names
from credstone.words.constants import CONSTANTS
from credstone.words.scenario import (
    MAIN,
    AsAsked,
    Contains,
    Expectation,
    Fails,
    Is,
    Killed,
    Lacks,
    Line,
    Raises,
    Unordered,
    Within,
)

_A_LIST = (Word("SO_PEERGROUPS"),)
"""The arguments with which a call whose numbers are printed side by side gives a list all the same."""

ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "\\": "\\"}
"""The characters that stand in a text by a letter, after a backslash."""

_ESCAPED = str.maketrans({character: f"\\{letter}" for letter, character in ESCAPES.items()})


def show_line(line: Line) -> str:
    """A line without its expectation: ``thread t: setgid(1000)``."""
    who = "" if line.who == MAIN else f"{line.who}: "
    if line.resumed:
        return f"{who}<... {line.call.name} resumed>"
    if line.unfinished:
        return f"{who}{show_call(line.call)} <unfinished ...>"
    then = f" child {show_call(line.then)}" if line.then else ""
    return f"{who}{show_call(line.call)}{then}"


def show_call(call: Call) -> str:
    """A call with its arguments."""
    parts = [show_argument(argument) for argument in call.arguments]
    place = MODES.get(call.name, -1)
    if 0 <= place < len(parts) and isinstance(call.arguments[place], int):
        parts[place] = show_mode(call.arguments[place])
    parts += [f"{key}={show_argument(value)}" for key, value in call.keywords]
    return f"{call.name}({', '.join(parts)})"


def show_argument(argument: Argument) -> str:
    """One argument."""
    match argument:
        case Text(text):
            return f'"{text.translate(_ESCAPED)}"'
        case Word(word):
            return word
        case Items(items):
            if argument.numbers:
                return show_numbers(argument.numbers)
            return f"[{', '.join(_mixed(items))}]"
        case _:
            return str(argument)


def _mixed(items: tuple[Argument, ...]) -> Iterator[str]:
    """The items of a list that is not of numbers alone; the numbers among them as in a list that is."""
    for of_numbers, together in itertools.groupby(items, lambda item: isinstance(item, int)):
        if of_numbers:
            yield show_numbers(cast("tuple[int, ...]", tuple(together)))[1:-1]
        else:
            yield from map(show_argument, together)


def show_answer(answer: Answer, call: Call) -> str:
    """What a call answered: an errno, an exception, or a value."""
    stray = f" and {answer.stray} bytes written where none may be" if answer.stray else ""
    if answer.killed:
        return f"killed by {answer.killed}"
    return (answer.errno or answer.exception or show_value(answer.value, call)) + stray


def show_value(value: Value, call: Call, *, plain: bool = False) -> str:
    """A value that this call gave: a number, a text in quotes, a list in brackets, the ids of a task side by side.

    ``plain`` prints sets as numbers, as a program prints them that has no table of names.
    """
    match value:
        case None:
            return "NULL"
        case str():
            return f'"{value.translate(_ESCAPED)}"'
        case int() if call.name in ANSWER_MODES:
            return show_mode(value)
        case int() if _is_mask(call) and not plain:
            return show_mask(value)
        case int() if Word("PR_GET_SECUREBITS") in call.arguments and not plain:
            return show_securebits(value)
        case tuple() if call.name in MASKS_ANSWERED and not plain:
            return " ".join(map(show_mask, value))
        case tuple() if call.name in ENDS_IN_MODE and len(value) == 3:
            return " ".join([*map(str, value[:2]), show_mode(value[2])])
        case tuple():
            side_by_side = call.name in SIDE_BY_SIDE and len(value) > 1 and call.arguments != _A_LIST
            return " ".join(map(str, value)) if side_by_side else show_numbers(value)
        case _:
            return str(value)


def _is_mask(call: Call) -> bool:
    """Whether the answer of a call is one capability set: a field such as CapEff of /proc/PID/status."""
    last = call.arguments[-1] if call.arguments else None
    return call.name == "status" and isinstance(last, Word) and last.word.startswith("Cap")


MOST_NAMES = 8
"""So many capabilities of a set are printed by name."""


def show_mask(mask: int) -> str:
    """A capability set: names, in the order of their numbers; a large set in hexadecimal."""
    if mask <= 0:
        return str(mask)
    known = mask >> len(NAMES) == 0 and mask.bit_count() <= MOST_NAMES
    return "|".join(names(mask)) if known else f"{mask:#x}"


_SECUREBITS = {name: bit for name, bit in CONSTANTS.items() if name.startswith("SECBIT_")}


def show_securebits(bits: int) -> str:
    """The securebits flags by name; bits without a name as a number."""
    if bits <= 0:
        return str(bits)
    rest = bits & ~sum(_SECUREBITS.values())
    return "|".join([*(name for name, bit in _SECUREBITS.items() if bits & bit), *([f"{rest:#x}"] if rest else [])])


def show_mode(mode: Argument) -> str:
    """The mode of a file: octal, as everybody knows it."""
    return f"0{mode:03o}" if isinstance(mode, int) and mode >= 0 else str(mode)


@lru_cache(maxsize=256)
def show_numbers(numbers: tuple[int, ...], brackets: str = "[]") -> str:
    """A list of ids; four or more that follow each other are written ``a..b``.  Long lists are met again and again."""
    runs: list[list[int]] = []
    for number in map(int, numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [f"{run[0]}..{run[-1]}" if len(run) > 3 else ", ".join(map(str, run)) for run in runs]
    return brackets[0] + ", ".join(parts) + brackets[1]


def show_expectations(line: Line, *, plain: bool = False) -> str:
    """The right side of a line, with its sign: ``= 0 or EPERM``, ``contains 7``; ``plain`` as in ``show_value``."""
    call = line.asked
    shown = [_expectation(one, call, plain) for one in line.expected]
    if not shown:
        return ""
    return shown[0] if shown[0].split(" ")[0] in ("contains", "lacks", "within") else f"= {' or '.join(shown)}"


_AS_ASKED = {
    "ids": "{}",
    "list": "[{}]",
    "set": "{{{}}}",
    "within": "within {{{}}}",
    "contains": "contains {}",
    "lacks": "lacks {}",
}
"""How an expectation that speaks of what was asked is written, by its form."""


def _member(number: int, call: Call) -> str:
    """What a list or a set contains."""
    return show_mask(number) if call.name in MASKS_ANSWERED or _is_mask(call) else str(number)


def _expectation(expected: Expectation, call: Call, plain: bool) -> str:
    match expected:
        case Is(value):
            return show_value(value, call, plain=plain)
        case Unordered(ids):
            return show_numbers(ids, "{}")
        case Within(ids):
            return f"within {show_numbers(ids, '{}')}"
        case AsAsked(form, parts):
            shown = [str(part) for part in parts]
            if call.name in ENDS_IN_MODE and isinstance(parts[-1], int):
                shown[-1] = show_mode(parts[-1])
            return _AS_ASKED[form].format((" " if form == "ids" else ", ").join(shown))
        case Contains(number):
            return f"contains {number if plain else _member(number, call)}"
        case Lacks(number):
            return f"lacks {number if plain else _member(number, call)}"
        case Fails(errno):
            return errno
        case Raises(exception):
            return exception
        case Killed(signal):
            return f"killed by {signal}"
