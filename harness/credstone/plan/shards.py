"""Shards: a run cut into parts, each for a machine of its own.

Who gets which scenario depends on nothing but the scenarios' ids and the numbers of their cells: neither on an order nor
on the machine.
"""

from __future__ import annotations

import hashlib
import heapq
import re
from collections.abc import Mapping

import msgspec

from credstone.words.errors import CredstoneError

MOST = 1000


class Shard(msgspec.Struct, frozen=True):
    """One of several parts, counted from 1."""

    number: int
    of: int

    def __str__(self) -> str:
        """As it is written on the command line."""
        return f"{self.number}/{self.of}"


def parse_shard(text: str) -> Shard:
    """The shard that ``2/5`` means.  Raises CredstoneError."""
    found = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]) <= MOST:
        raise CredstoneError(
            f"--shard takes which one it is and how many there are, and not '{text}'.",
            f"The second of five is 2/5; there may be {MOST}.",
        )
    return Shard(int(found[1]), int(found[2]))


def shards_of(cells: Mapping[str, int], shards: int) -> dict[str, int]:
    """Which shard, from 1 on, each scenario belongs to; ``cells`` says how many cells each of them has.

    The largest scenarios are dealt out first, each to the shard that has the fewest cells: none has more than the others by
    more than a scenario.  Scenarios of one size come in an order that scatters those of one script, which take alike long.
    """
    heap = [(0, number) for number in range(1, shards + 1)]
    found: dict[str, int] = {}
    for scenario in sorted(cells, key=lambda name: (-cells[name], hashlib.sha256(name.encode()).digest())):
        count, number = heap[0]
        found[scenario] = number
        heapq.heapreplace(heap, (count + cells[scenario], number))
    return found
