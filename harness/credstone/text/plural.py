"""Numbers with their noun."""

from __future__ import annotations


def counted(count: int, noun: str = "cell", many: str = "") -> str:
    """``1 cell``, ``2 cells``; ``many`` is the plural where it is not the noun and an s."""
    return f"{count} {named(count, noun, many)}"


def named(count: int, noun: str = "cell", many: str = "") -> str:
    """The noun alone, as it is after this number."""
    return noun if count == 1 else many or f"{noun}s"
