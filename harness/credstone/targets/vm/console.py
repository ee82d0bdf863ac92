"""What a kernel says on its console, as far as it tells how it ended."""

from __future__ import annotations

import re

_TIME = re.compile(r"^(<\d+>)?\[ *\d+\.\d+\] ?")
_ENDINGS = (
    (re.compile(r"Kernel panic - not syncing: (.*)"), "the guest's kernel panicked: {}"),
    (re.compile(r"((?:BUG|Oops|general protection fault|Unable to handle)\b.*)"), "the guest's kernel failed: {}"),
    (re.compile(r"(Out of memory.*|.*System is deadlocked on memory.*)"), "the guest ran out of memory: {}"),
    (re.compile(r"credstone: init: (.*)"), "the guest's first process gave up: {}"),
)


def ending(console: str) -> str:
    """How a guest ended, by its last words: what its kernel panicked of, after an oops what that was."""
    lines = _lines(console)
    found: dict[str, str] = {}
    for line in lines:
        for pattern, told in _ENDINGS:
            match = pattern.match(line)
            if match:
                found.setdefault(told, match[1])
    for _, told in (_ENDINGS[1], _ENDINGS[2], _ENDINGS[0], _ENDINGS[3]):
        if told in found:
            return told.format(found[told].rstrip(". "))
    last = last_words(console)
    return "the guest ended" + (f", and its kernel said last: {last}" if last else " and its kernel said nothing")


def last_words(console: str) -> str:
    """The last line that says anything."""
    return next((line for line in reversed(_lines(console)) if line), "")


def _lines(console: str) -> list[str]:
    return [_TIME.sub("", line).strip() for line in console.splitlines()]
