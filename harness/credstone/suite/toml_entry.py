"""Where a text stops being TOML: the line on which the entry begins that the parser refuses.

The parser of Python's library says where it stopped only in its message.  So the text is taken apart instead: an entry
is the fewest lines that are TOML by themselves, and all entries up to any one of them are TOML together.
"""

from __future__ import annotations

import bisect
import tomllib

LONGEST = 400
"""Lines of the longest entry that is waited for: a text or a list without an end would take the rest of the file."""


def broken_entry(text: str) -> int:
    """The number of the line, from 1, on which the first entry begins that is not TOML here."""
    lines = text.split("\n")
    starts = [0]
    while starts[-1] < len(lines) and (end := _end_of_entry(lines, starts[-1])):
        starts.append(end)
    # of a name that is given twice each entry is TOML, and the two together are not
    refused = bisect.bisect_left(starts[1:], True, key=lambda end: not _is_toml(lines[:end]))
    return starts[refused] + 1


def _end_of_entry(lines: list[str], start: int) -> int | None:
    ends = range(start + 1, min(start + LONGEST, len(lines)) + 1)
    return next((end for end in ends if _is_toml(lines[start:end])), None)


def _is_toml(lines: list[str]) -> bool:
    try:
        tomllib.loads("".join(f"{line}\n" for line in lines))
    except (ValueError, RecursionError):
        return False
    return True
