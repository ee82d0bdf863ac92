"""What a results file lacks of the run that it is of: whoever compares or joins files has to know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from credstone.results.file import Results
from credstone.results.record import Shards
from credstone.text.plural import counted


def lacking(run: Results) -> Iterator[str]:
    """A sentence, to go on after the file's name, for each thing that keeps a run from being whole."""
    yield from unfinished(run)
    targets: dict[Shards, list[str]] = {}
    for target, shards in run.header.shards.items():
        targets.setdefault(shards, []).append(target)
    for shards, names in targets.items():
        yield f"has only shard {shards} of {', '.join(names)}"


def unfinished(run: Results, targets: Collection[str] | None = None) -> Iterator[str]:
    """Why there are fewer cells than were to run: of these targets, of itself of all."""
    if run.footer is None:
        yield f"is cut off after {counted(len(run.records))}: it has no footer"
        return
    there = Counter(record.target for record in run.records)
    for target, count in run.footer.selected.items():
        if there[target] < count and (targets is None or target in targets):
            yield f"has {there[target]} of {counted(count)} of {target}: the run was stopped"
