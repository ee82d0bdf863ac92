"""A POSIX shell as it is written: words, lists, and why something cannot be said in it."""

from __future__ import annotations

import re
import shlex

from credstone.words.errors import CredstoneError

MOST = 64
"""Lists of more numbers than this are nothing for a command line that somebody reads."""


def word(text: str) -> str:
    """A text as one word of a command; what stands for itself has no quotes."""
    return shlex.quote(text)


def quoted(text: str) -> str:
    """A text in quotes."""
    return "'" + text.replace("'", "'\\''") + "'"


def spelled(text: str) -> str:
    """An answer in the notation with all numbers of its lists, as the script prints them."""
    return re.sub(r"(\d+)\.\.(\d+)", lambda run: ", ".join(map(str, range(int(run[1]), int(run[2]) + 1))), text)


def beyond(what: str, why: str) -> CredstoneError:
    """That there is no shell program, and what it is that none can do."""
    return CredstoneError(f"There is no shell program for {what}: {why}.")
