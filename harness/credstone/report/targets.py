"""Several targets of one run side by side: a line for each, with what its cells came to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from credstone.results.record import Record
from credstone.words.verdict import FAIL, OUTCOMES

IMAGE = "image:"


def short_names(targets: Iterable[str]) -> dict[str, str]:
    """The targets with the names by which a table calls them: an image without its kind, where that leaves no doubt."""
    full = list(dict.fromkeys(targets))
    short = Counter(name.removeprefix(IMAGE) for name in full)
    return {name: name.removeprefix(IMAGE) if short[name.removeprefix(IMAGE)] == 1 else name for name in full}


def who(some: Collection[str], everybody: Collection[str]) -> str:
    """Some of the targets, in as few words as say which: ``all 8 targets``, ``all but host``, or their names."""
    if len(everybody) == 1:
        return next(iter(everybody))
    names = short_names(everybody)
    others = [names[target] for target in everybody if target not in some]
    if not others:
        return "both targets" if len(everybody) == 2 else f"all {len(everybody)} targets"
    if 0 < len(others) < 3 and len(some) > 2:
        return f"all but {' and '.join(others)}"
    return ", ".join(names[target] for target in everybody if target in some)


def show_targets(records: Iterable[Record], seconds: Mapping[str, float] | None = None) -> Iterator[str]:
    """The table; nothing where there is only one target.  ``seconds`` are what the cells of each took, where it is known.

    Cells that are unstable are among those that fail.
    """
    told = list(records)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for record in told:
        counts[record.target][record.outcome] += 1
    if len(counts) < 2:
        return
    names = short_names(counts)
    unstable = Counter(record.target for record in told if record.unstable)
    columns = [*OUTCOMES]
    if unstable:
        columns.insert(columns.index(FAIL) + 1, "unstable")
    rows = [["target", "cells", *columns, *(["seconds"] if seconds else [])]]
    for target, count in counts.items():
        number = {**count, "unstable": unstable[target]}
        row = [names[target], str(count.total()), *(str(number.get(column) or "") for column in columns)]
        rows.append([*row, *([f"{seconds.get(target, 0):.1f}"] if seconds else [])])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    yield ""
    for name, *numbers in rows:
        right = (number.rjust(width) for number, width in zip(numbers, widths[1:], strict=True))
        yield f"{name:<{widths[0]}}  {'  '.join(right)}"
