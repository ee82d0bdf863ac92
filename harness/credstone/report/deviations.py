"""What is recorded of targets, as a person reads it: each fault with its reason, and the ways in which it shows."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from credstone.deviations.file import Deviation
from credstone.suite.load import shown

WIDTH = 100


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
                yield from ("", *_fitted(f"{name}: {each.reason}", "  "))
                yield from _fitted(each.link or f"no link: {each.no_link}", "    ")
            yield from _way(each)


def _way(way: Deviation) -> Iterator[str]:
    yield from _fitted(f"{way.clause}: {way.line} = {way.seen}, expected: {way.expected}", "    ")
    if way.postures:
        yield from _fitted(f"only as {', '.join(way.postures)}", "      ")
    if way.sometimes:
        yield from _fitted(f"sometimes: {way.sometimes}", "      ")
    for cell in way.cells:
        yield f"      {cell}"


def _fitted(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False)
