"""Text that fits the width of a terminal: nothing that is printed for people has more than a hundred columns."""

from __future__ import annotations

import textwrap

WIDTH = 100
JOINED = "\u00a0"


def fitted(text: str, indent: str = "", hanging: str | None = None) -> list[str]:
    """The text in lines that fit; those after the first begin with ``hanging``, of itself two columns more.

    What a no-break space joins stays in one line; printed it is an ordinary one.  A word that is longer than a line, such as
    a path, is not taken apart: it can be copied.
    """
    after = f"{indent}  " if hanging is None else hanging
    lines = textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=after, break_on_hyphens=False, break_long_words=False
    )
    return [line.replace(JOINED, " ") for line in lines]


def short(text: str, limit: int = 60) -> str:
    """The text, or its beginning and how long it is."""
    return text if len(text) <= limit else f"{text[: limit - 20]} … ({len(text)} characters)"


def short_lines(text: str, limit: int = 400) -> str:
    """The text with each of its lines in short: a reason may have a call in it, and that a list of 65536 groups."""
    return text if len(text) <= limit else "\n".join(short(line, limit) for line in text.split("\n"))
