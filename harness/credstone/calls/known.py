"""The names of errnos, signals, exceptions and constants that a script can use."""

from __future__ import annotations

import builtins
import difflib
import errno
import re
import signal
from collections.abc import Iterable

from credstone.words.capability import MASKS
from credstone.words.constants import CONSTANTS

ALIASES = {"EWOULDBLOCK": "EAGAIN", "ENOTSUP": "EOPNOTSUPP", "EDEADLOCK": "EDEADLK"}
"""Second names of errnos, and the name that an agent reports."""
_NUMBERS = {name: number for name, number in vars(errno).items() if name.startswith("E") and name not in ALIASES}
_ERRNOS = frozenset(_NUMBERS)
_SIGNALS = frozenset(each.name for each in signal.Signals)
_EXCEPTIONS = frozenset(
    name for name, each in vars(builtins).items() if isinstance(each, type) and issubclass(each, Exception)
) | {"SubprocessError", "CalledProcessError", "TimeoutExpired"}


def unknown_errno(name: str) -> str:
    """What is wrong with the name of an errno; empty if it is right."""
    if name in ALIASES:
        return f"{name} is another name of {ALIASES[name]}: write {ALIASES[name]}"
    if found := re.fullmatch(r"errno (\d+)", name):
        known = next((name for name, number in _NUMBERS.items() if number == int(found[1])), "")
        return f"errno {found[1]} is {known}: write {known}" if known else ""
    return _unknown("errno", name, _ERRNOS)


def unknown_signal(name: str) -> str:
    """What is wrong with the name of a signal; empty if it is right."""
    return _unknown("signal", name, _SIGNALS)


def unknown_exception(name: str) -> str:
    """What is wrong with the name of an exception of Python; empty if it is right."""
    return _unknown("exception", name, _EXCEPTIONS)


def no_constant(name: str) -> str:
    """What is wrong with the name of a constant that is not known."""
    return _unknown("constant", name, [*MASKS, *CONSTANTS])


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    there_are = list(known)
    if name in there_are:
        return ""
    near = difflib.get_close_matches(name, there_are, n=2, cutoff=0.75)
    return f"there is no {kind} {name}" + (f": did you mean {' or '.join(near)}?" if near else "")
