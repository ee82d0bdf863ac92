"""Reasons that are alike: they differ in numbers, in a path or a clause, in the name of an image, and in nothing else.

A target that lacks a privilege says so in a hundred ways, one for each set of ids that it may not take: a person wants the one
thing that is missing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

import msgspec

_IDS = r"(?:(?:groups|gid|uid) (?:\[[^\]]*\]|[\d/]+)(?:, )?)+"
_VARYING = re.compile(rf"{_IDS}|'[^']*'|\S*/\S*|\d+(?:[.:, ]+\d+)*")


class Reason(msgspec.Struct, frozen=True):
    """A reason as it is said most often, with how many others are like it, and what it holds for: cells by target."""

    says: str
    others: int
    cells: Counter[str]

    @property
    def told(self) -> str:
        """The reason, and that there are more like it."""
        return f"{self.says} (and {self.others} more like this)" if self.others else self.says


def group(told: Iterable[tuple[str, str]]) -> list[Reason]:
    """The reasons of cells, each with its target, the most frequent first."""
    texts: dict[str, Counter[str]] = defaultdict(Counter)
    cells: dict[str, Counter[str]] = defaultdict(Counter)
    for target, reason in told:
        kind = kind_of(target, reason)
        texts[kind][reason] += 1
        cells[kind][target] += 1
    found = (Reason(count.most_common(1)[0][0], len(count) - 1, cells[kind]) for kind, count in texts.items())
    return sorted(found, key=lambda each: -max(each.cells.values()))


def kind_of(target: str, reason: str) -> str:
    """What is left of a reason without what varies."""
    image = target.partition(":")[2].partition("+")[0]
    return _VARYING.sub("*", re.sub(rf"(?<!\w){re.escape(image)}(?!\w)", "*", reason) if image else reason)
