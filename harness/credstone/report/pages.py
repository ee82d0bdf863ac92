"""The cells of a run by target and by page: how reports for programs are laid out."""

from __future__ import annotations

from collections.abc import Iterable

from credstone.results.record import Record


def by_page(records: Iterable[Record]) -> dict[str, dict[str, list[Record]]]:
    """The cells by target and page, all in the order in which they first came."""
    found: dict[str, dict[str, list[Record]]] = {}
    for record in records:
        found.setdefault(record.target, {}).setdefault(record.page, []).append(record)
    return found
