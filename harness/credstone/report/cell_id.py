"""The id of a cell in a line of its own, in two where there is no room: it is there to be copied."""

from __future__ import annotations

from collections.abc import Iterator

from credstone.text.wrap import WIDTH


def show_id(name: str, end: str, indent: str) -> Iterator[str]:
    """The id, and what stands behind it."""
    if len(name) + len(end) <= WIDTH - len(indent):
        yield f"{indent}{name}{end}"
    else:
        cell, _, way = name.rpartition("@")
        yield f"{indent}{cell}"
        yield f"{indent}  @{way}{end}"
