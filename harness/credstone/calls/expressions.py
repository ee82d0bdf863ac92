"""How C makes a call: the expressions of its row, with the arguments of a form put in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from credstone.calls.table import SIXTEEN_BITS, Declaration

_LETTER = re.compile(r"\b[a-f]\b")
_PARTS = re.compile(r"(\w+)\((.*)\)", re.DOTALL)
_COMMENT = re.compile(r" /\*.*?\*/")


def by_library(call: Declaration, arguments: Sequence[str]) -> str:
    """The function of the C library, which has the name of the call."""
    return f"{call.name}({', '.join(arguments)})"


def by_kernel(call: Declaration, arguments: Sequence[str]) -> tuple[str, str]:
    """The name by which the kernel knows the call, and the arguments that it gets.

    An old call with 16-bit ids has the name without that suffix.
    """
    name = call.name.removesuffix(SIXTEEN_BITS)
    if not call.kernel:
        return name, ", ".join(arguments)
    parts = _PARTS.fullmatch(_COMMENT.sub("", call.kernel))
    if parts is None:
        raise ValueError(f"{call.table}: {call.name}: the column 'kernel' is no call: {call.kernel}")
    return parts[1], _LETTER.sub(lambda letter: arguments[ord(letter[0]) - ord("a")], parts[2])
