"""Python as it is written: texts, lists, masks, and the constants that ``os`` does not have."""

from __future__ import annotations

import re
from itertools import pairwise

from credstone.words import capability

WIDTH = 108
INLINE = 8
"""Up to so many numbers of a list are written out."""

_CONSTANTS = {
    "PR_SET_PDEATHSIG": 1, "PR_GET_PDEATHSIG": 2, "PR_GET_DUMPABLE": 3, "PR_SET_DUMPABLE": 4, "PR_GET_KEEPCAPS": 7,
    "PR_SET_KEEPCAPS": 8, "PR_CAPBSET_READ": 23, "PR_CAPBSET_DROP": 24, "PR_GET_SECUREBITS": 27,
    "PR_SET_SECUREBITS": 28, "PR_SET_NO_NEW_PRIVS": 38, "PR_GET_NO_NEW_PRIVS": 39, "PR_CAP_AMBIENT": 47,
    "PR_CAP_AMBIENT_IS_SET": 1, "PR_CAP_AMBIENT_RAISE": 2, "PR_CAP_AMBIENT_LOWER": 3, "PR_CAP_AMBIENT_CLEAR_ALL": 4,
    "CLONE_NEWNS": 0x20000, "CLONE_NEWUSER": 0x10000000, "MS_REC": 1 << 14, "MS_PRIVATE": 1 << 18,
    **{name: number for number, name in enumerate(capability.NAMES)},
}  # fmt: skip


def constants(code: str) -> list[str]:
    """A line for each constant that a program uses and Python does not know everywhere."""
    used = set(re.findall(r"(?<![\w.])[A-Z][A-Z0-9_]+", code))
    return [
        f"{name} = {value:#x}" if value > 99 else f"{name} = {value}"
        for name, value in _CONSTANTS.items()
        if name in used
    ]


def quoted(text: str | None) -> str:
    """A string literal, or None."""
    if text is None:
        return "None"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def filled(text: str) -> str:
    """A string literal into which the process ID of main is put when the program runs."""
    if "$pid" not in text:
        return quoted(text)
    return "f" + quoted(text.replace("{", "{{").replace("}", "}}").replace("$pid", "{MAIN_PID}"))


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
