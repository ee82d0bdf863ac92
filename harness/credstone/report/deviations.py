"""What is recorded of targets, as a person reads it: each fault with its reason, and the ways in which it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from credstone.deviations.file import Deviation
from credstone.report.cell_id import show_id
from credstone.suite.load import shown
from credstone.text.wrap import fitted


def show_recorded(recorded: Mapping[str, Sequence[Deviation]]) -> Iterator[str]:
    """The entries by target."""
    for number, (target, entries) in enumerate(recorded.items()):
        yield from [""] if number else []
        if not entries:
            yield f"{target}: nothing is recorded"
            continue
        yield f"{target}   {shown(entries[0].path)}"
        name = ""
        for each in entries:
            if each.name != name:
                name = each.name
                yield from ("", *fitted(f"{name}: {each.reason}", "  "))
                yield from fitted(each.link or f"no link: {each.no_link}", "    ")
            yield from _way(each)


def _way(way: Deviation) -> Iterator[str]:
    yield from fitted(f"{way.clause}: {way.line} = {way.seen}, expected: {way.expected}", "    ")
    if way.postures:
        yield from fitted(f"only as {', '.join(way.postures)}", "      ")
    if way.sometimes:
        yield from fitted(f"sometimes: {way.sometimes}", "      ")
    for cell in way.cells:
        yield from show_id(cell, "", "      ")
