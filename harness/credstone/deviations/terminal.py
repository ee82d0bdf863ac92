"""How recorded entries stand, as a person reads it: what asks for somebody's hand first, what cannot be told last."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from credstone.deviations.stale import NOT_RUN, STALE, UNTOLD, Standing
from credstone.text.wrap import fitted
from credstone.words.verdict import KNOWN

_SHOWN = 3
"""How many cells of an entry are named."""


def show_standings(standings: Sequence[Standing]) -> Iterator[str]:
    """The stale entries with what is wrong, those that cannot be told with the reason, and the counts."""
    for state in STALE:
        for each in standings:
            if each.state == state:
                yield from _entry(each)
    untold: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for each in standings:
        if each.state == UNTOLD:
            untold[each.target, each.says].append(each)
    for (target, says), several in untold.items():
        names = ", ".join(dict.fromkeys(each.deviation.name for each in several))
        which = f"{len(several)} recorded" if says == NOT_RUN else names
        yield from fitted(f"cannot tell  {target}: {says}: {which}")
    counts = Counter(each.state for each in standings)
    stale = sum(counts[state] for state in STALE)
    yield (
        f"{len(standings)} recorded: {counts[KNOWN]} show, {stale} stale"
        + (f", {counts[UNTOLD]} of which these files cannot tell" if counts[UNTOLD] else "")
    )


def _entry(standing: Standing) -> Iterator[str]:
    yield f"{standing.state:<10} {standing.deviation.name}   {standing.deviation.place}"
    yield from fitted(standing.says, "    ")
    for cell in standing.cells[:_SHOWN]:
        yield f"      {cell}"
    if len(standing.cells) > _SHOWN:
        yield f"      and {len(standing.cells) - _SHOWN} more"
