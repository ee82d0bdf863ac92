"""The text that is written into a map file: what its lines say, and in which ways they can be wrong."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import msgspec

from credstone.model.world import NO_ID, Extent, Map

LINES = 340


class Lines(msgspec.Struct, frozen=True):
    """The lines of a map as they were written: the extents that could be read, and what is wrong with the rest."""

    extents: Map = ()
    empty: bool = False
    malformed: bool = False
    no_length: bool = False
    wraps: bool = False
    minus_one: bool = False
    overlap: bool = False
    too_many: bool = False

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        faults = (self.empty, self.malformed, self.no_length, self.wraps, self.minus_one, self.overlap, self.too_many)
        return not any(faults)


def read_lines(text: str, limit: int = LINES) -> Lines:
    """One or more lines of three numbers.  A number is cut to 32 bits, as simple_strtoul() and a u32 do it."""
    written = text.removesuffix("\n").split("\n")
    fields = [line.split() for line in written]
    sound = [line for line in fields if len(line) == 3 and all(field.isascii() and field.isdigit() for field in line)]
    extents = tuple(Extent(*(int(field) & NO_ID for field in line)) for line in sound)
    return Lines(
        extents=extents,
        empty=not text.strip(),
        malformed=bool(text.strip()) and len(sound) != len(fields),
        no_length=any(extent.count == 0 for extent in extents),
        wraps=any(end > NO_ID for extent in extents for end in _ends(extent)),
        minus_one=any(NO_ID in (extent.inside, extent.outside) for extent in extents),
        overlap=_overlap([(each.inside, each.count) for each in extents])
        or _overlap([(each.outside, each.count) for each in extents]),
        too_many=len(fields) > limit,
    )


def _ends(extent: Extent) -> Iterator[int]:
    for first in (extent.inside, extent.outside):
        if first != NO_ID:
            yield first + extent.count


def _overlap(stretches: list[tuple[int, int]]) -> bool:
    """Whether two of these stretches, each a first id and a length, have an id in common."""
    ordered = sorted(stretch for stretch in stretches if stretch[1])
    return any(first + count > following for (first, count), (following, _) in pairwise(ordered))
