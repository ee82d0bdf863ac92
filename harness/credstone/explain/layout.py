"""How an explanation is laid out: a page of 100 columns."""

from __future__ import annotations

from credstone.text.wrap import fitted

ANSWERS = 42
"""The column in which the expectations stand, if the calls leave room."""
BECAUSE = 62
"""The column in which the premises of a condition stand, if the name of its clause leaves room."""
BODY = " " * 8
"""The margin of the reasoning."""


def wrapped(text: str, indent: str = "", further: str | None = None) -> list[str]:
    """A text in lines, the further ones with the margin of the first unless they have one of their own."""
    return fitted(text, indent, indent if further is None else further)


def hanging(label: str, text: str, indent: str) -> list[str]:
    """A text behind a label, its further lines below its first."""
    return wrapped(text, indent + label, indent + " " * len(label))
