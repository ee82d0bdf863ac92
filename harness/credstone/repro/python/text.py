"""Python as it is written: texts, lists, masks, and the constants that ``os`` does not have."""

from __future__ import annotations

import re
from itertools import pairwise

from credstone.words import capability
from credstone.words.constants import CONSTANTS

WIDTH = 108
INLINE = 8
"""Up to so many numbers of a list are written out."""

_CONSTANTS = {
    **CONSTANTS,
    "MS_REC": 1 << 14,
    "MS_PRIVATE": 1 << 18,
    **{name: number for number, name in enumerate(capability.NAMES)},
}


def constants(code: str) -> list[str]:
    """A line for each constant that a program uses and Python does not know everywhere."""
    used = set(re.findall(r"(?<![\w.])[A-Z][A-Z0-9_]+", code))
    return [
        f"{name} = {value:#x}" if value > 99 else f"{name} = {value}"
        for name, value in _CONSTANTS.items()
        if name in used
    ]


_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\x00"})


def quoted(text: str | None) -> str:
    """A string literal, or None."""
    if text is None:
        return "None"
    escaped = text.translate(_ESCAPED)
    return f'"{escaped}"'


def filled(text: str) -> str:
    """A string literal into which process IDs are put when the program runs."""
    if not _VARIABLE.search(text):
        return quoted(text)
    form = _VARIABLE.sub(_process, quoted(text.replace("{", "{{").replace("}", "}}")))
    return f"f{form}"


_VARIABLE = re.compile(r"\$([a-z]\w*)")


def _process(found: re.Match[str]) -> str:
    name = found[1]
    if name == "pid":
        return "{MAIN_PID}"
    return f"{{PID['{name if name == 'outside' else f'child {name}'}']}}"


def numbers(ids: tuple[int, ...]) -> str:
    """A list of numbers; a long one by the ranges that it consists of."""
    if len(ids) <= INLINE:
        return str(list(ids))
    runs = [[ids[0], ids[0]]]
    for one, other in pairwise(ids):
        if other == one + 1:
            runs[-1][1] = other
        else:
            runs.append([other, other])
    parts = [f"*range({first}, {last + 1})" if last > first else str(first) for first, last in runs]
    return f"list({parts[0][1:]})" if len(parts) == 1 else f"[{', '.join(parts)}]"


def mask(bits: int, everything: int) -> str:
    """A mask of capabilities by their names; of many, those that are not in it."""
    if bits == everything:
        return "-1"
    if bits >> len(capability.NAMES):
        return f"{bits:#x}"
    if bits.bit_count() > everything.bit_count() // 2:
        return f"~({_named(everything & ~bits)})"
    return _named(bits) or "0"


def _named(bits: int) -> str:
    return " | ".join(f"1 << {name}" for name in capability.names(bits))


def call(name: str, *arguments: str, indent: int = 0) -> list[str]:
    """A statement that calls a function, over several lines where one would be too long."""
    line = f"{name}({', '.join(arguments)})"
    if len(line) + indent <= WIDTH:
        return [line]
    return [f"{name}(", *(f"    {argument}," for argument in arguments), ")"]
