"""Long user and group databases: their lines often differ in a number only, and are then written by a loop."""

from __future__ import annotations

import re

RUN = 4
"""From so many such lines on it is worth a loop."""


def counting(entries: tuple[str, ...]) -> tuple[int, str, int]:
    """The longest run from the first entry on in which one number counts up: number, pattern with ``{n}``, length."""
    best = (0, "", 0)
    for number in sorted({int(digits) for digits in re.findall(r"\d+", entries[0])}):
        pattern = re.sub(rf"(?<!\d){number}(?!\d)", "{n}", entries[0])
        length = 0
        while length < len(entries) and entries[length] == pattern.replace("{n}", str(number + length)):
            length += 1
        best = max(best, (number, pattern, length), key=lambda found: found[2])
    return best
