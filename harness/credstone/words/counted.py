"""Numbers with their noun."""

from __future__ import annotations


def counted(count: int) -> str:
    """``1 cell``, ``2 cells``."""
    return "1 cell" if count == 1 else f"{count} cells"
