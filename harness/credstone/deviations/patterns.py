"""What failures have in common, as the file of deviations can say it: a text with ``$value`` or ``*`` in it, patterns of cells.

A pattern means the cells that it was made for, and no other of the suite: an entry claims nothing that was not seen.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from credstone.deviations.check import SuiteCells

Told = tuple[str, Mapping[str, int]]
"""A text, and the values of the family of the cell that showed it."""


def shape_of_line(line: str) -> str:
    """The call without its arguments: ``child c: setgid(*)``."""
    return re.sub(r"^([^()\"]*\().*(\)[^()]*)$", r"\1*\2", line, flags=re.DOTALL)


def shape_of_expected(text: str) -> str:
    """The kind of an expectation: ``[*]``, ``saved gid *``; a word such as an errno, or one number, is its own."""
    if re.fullmatch(r"[-$]?\w+", text):
        return text
    return re.sub(r"(?<![\w$])-?\d+", "*", re.sub(r"\[[^]]*\]", "[*]", re.sub(r"\{[^}]*\}", "{*}", text)))


def in_common(told: Sequence[Told], shape: Callable[[str], str]) -> str:
    """What says all of these texts, which have the same shape: as they are, by the value of a family, or the shape."""
    for texts in ({text for text, _ in told}, {by_name(*each) for each in told}):
        if len(texts) == 1:
            return texts.pop()
    return shape(told[0][0])


def by_name(text: str, values: Mapping[str, int]) -> str:
    """A text with the names of the values of a family in the places of the values."""
    for name, value in values.items():
        text = re.sub(rf"(?<![\w$.-]){value}(?![\w.])", f"${name}", text)
    return text


def by_name_where_it_helps(told: Sequence[Told]) -> list[str]:
    """The texts that one family showed, by name where that makes more of them the same."""
    plain = Counter(text for text, _ in told)
    named = Counter(by_name(*each) for each in told)
    return [each if named[each := by_name(*given)] > plain[given[0]] else given[0] for given in told]


def patterns_for(wanted: Iterable[str], cells: SuiteCells) -> tuple[str, ...]:
    """Patterns over the ids of cells that mean all of these, and no other cell of the suite."""
    left = dict.fromkeys(wanted)
    allowed = frozenset(left)
    found: list[str] = []
    while left:
        cell = next(iter(left))
        pattern, meant = next(_exact(cell, allowed, cells), (cell, {cell}))
        found.append(pattern)
        for each in (cell, *meant):
            left.pop(each, None)
    return tuple(found)


def _exact(cell: str, allowed: Collection[str], cells: SuiteCells) -> Iterator[tuple[str, Collection[str]]]:
    for pattern in _wider(cell):
        meant = cells.matching(pattern).keys()
        if len(meant) > 1 and all(each in allowed for each in meant):
            yield pattern, meant


def _wider(cell: str) -> Iterator[str]:
    """Patterns that mean more than this cell: all values of its family, all actors; the widest first."""
    scenario, _, way = cell.partition("@")
    actor, _, api = way.partition(":")
    family = f"{scenario.partition('[')[0]}[*]" if "[" in scenario else scenario
    yield from dict.fromkeys((f"{family}@*:{api}", f"{family}@{actor}:{api}", f"{scenario}@*:{api}"))
