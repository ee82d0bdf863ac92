"""How an explanation is laid out: a page of 100 columns."""

from __future__ import annotations

import textwrap

WIDTH = 100
ANSWERS = 42
"""The column in which the expectations stand, if the calls leave room."""
BECAUSE = 62
"""The column in which the premises of a condition stand, if the name of its clause leaves room."""
BODY = " " * 8
"""The margin of the reasoning."""


def wrapped(text: str, indent: str = "", further: str | None = None) -> list[str]:
    """A text in lines; words that are too long, such as ids, stay whole."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent if further is None else further,
        break_long_words=False,
        break_on_hyphens=False,
    )


def hanging(label: str, text: str, indent: str) -> list[str]:
    """A text behind a label, its further lines below its first."""
    return wrapped(text, indent + label, indent + " " * len(label))


def short(text: str, limit: int = 160) -> str:
    """A text that may be very long, such as a list of 65536 groups."""
    return text if len(text) <= limit else f"{text[: limit - 24]} … ({len(text)} characters)"
