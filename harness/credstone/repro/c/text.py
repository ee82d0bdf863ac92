"""C as it is written: numbers, texts, masks, and lines that are not too long."""

from __future__ import annotations

import re
import textwrap

from credstone.words import capability
from credstone.words.call import Argument, Word

WIDTH = 108
TAB = 8
FULL = (1 << len(capability.NAMES)) - 1


_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\000"})


def text(value: str | None) -> str:
    """A string literal, or NULL."""
    if value is None:
        return "NULL"
    escaped = value.translate(_ESCAPED)
    return f'"{escaped}"'


def gid(number: int) -> str:
    """An id; what has more than 32 bits is cut in plain sight."""
    if 2**31 <= number < 2**32:
        return f"{number}u"
    return str(number) if -(2**31) <= number < 2**31 else f"(gid_t) {number}LL"


def argument(value: Argument) -> str:
    """A number or a constant of the headers."""
    return value.word if isinstance(value, Word) else str(value)


def mask(bits: int, everything: int) -> str:
    """A mask of capabilities by their names; of many, those that are not in it."""
    if bits == everything:
        return "~0ULL"
    if bits >> len(capability.NAMES):
        return f"{bits:#x}ULL"
    if bits.bit_count() > everything.bit_count() // 2:
        return f"~({_named(everything & ~bits)})"
    return _named(bits) or "0"


def _named(bits: int) -> str:
    return " | ".join(f"1ULL << {name}" for name in capability.names(bits))


def remark(words: str) -> list[str]:
    """A comment among the statements."""
    lines = textwrap.wrap(words.replace("*/", "* /"), WIDTH + 2)
    return [f"/* {lines[0]} */"] if len(lines) == 1 else ["/*", *(f" * {line}" for line in lines), " */"]


def call(name: str, *arguments: str, indent: int = 1) -> list[str]:
    """A statement that calls a function, broken behind commas where it would be too long."""
    lines, room = [], WIDTH - TAB * indent
    start = f"{name}("
    current = start
    for number, each in enumerate(arguments):
        part = each + (", " if number + 1 < len(arguments) else ");")
        if current not in (start, " " * len(start)) and len(current) + len(part.rstrip()) > room:
            lines.append(current.rstrip())
            current = " " * len(start)
        current += part
    lines.append(current if arguments else f"{name}();")
    return [lines[0], *(re.sub(r"^ +", _aligned, line) for line in lines[1:])]


def _aligned(spaces: re.Match[str]) -> str:
    """Tabs as far as they go, then blanks."""
    width = len(spaces[0])
    return "\t" * (width // TAB) + " " * (width % TAB)
