"""Which ids exist in the user namespace of an agent: what its map files say."""

from __future__ import annotations

from collections.abc import Iterator


def exists(map_text: str, first: int, count: int = 1) -> bool:
    """Whether these ids lie in one line of a uid_map or gid_map, as seen from inside it."""
    return any(inside <= first and first + count <= inside + length for inside, _, length in extents(map_text))


def extents(map_text: str) -> Iterator[tuple[int, int, int]]:
    """The lines of a map: first id inside, first id outside, how many."""
    for line in map_text.splitlines():
        fields = line.split()
        if len(fields) == 3:
            yield int(fields[0]), int(fields[1]), int(fields[2])
