"""Joining results files: the shards of one run, or runs on different targets.

Only what could be one run becomes one file: of the same suite, by the same harness, judged alike, and of each target the
same system.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import msgspec

from credstone.results.completeness import unfinished
from credstone.results.diff.facts import changed_facts
from credstone.results.file import Results, footer_of
from credstone.results.record import Footer, Record, Shards
from credstone.text.plural import counted
from credstone.words.errors import CredstoneError

Value = TypeVar("Value")


def merge(runs: Sequence[Results], command: Sequence[str] = ()) -> Results:
    """The runs as one; without a footer where one of them has none.  ``command`` is what the header says made it.

    Raises CredstoneError, with both files, where they do not belong together.
    """
    first = runs[0]
    for other in runs[1:]:
        for what, ours, theirs in _premises(first, other):
            raise CredstoneError(
                f"{first.path} and {other.path} do not belong together: {what} {ours} and {theirs}.",
                "What is joined must be of one suite, run by one version of Credstone, and judged alike.",
            )
    _refuse_other_systems(runs)
    shards = _shards(runs)
    whole = _whole(runs)
    _refuse_twins(runs)
    header = msgspec.structs.replace(
        first.header,
        started=min(run.header.started for run in runs),
        command=tuple(command),
        facts=_joined(run.header.facts for run in runs),
        unreachable=_joined(run.header.unreachable for run in runs),
        actors=_joined(run.header.actors for run in runs),
        shards={target: found for target, found in shards.items() if len(found.numbers) < found.of},
        parts=tuple(part for run in runs for part in run.header.parts or (run.header.command,)),
    )
    scenarios = _joined(run.scenarios for run in runs)
    places = {name: (line.path, line.number) for name, line in scenarios.items()}
    records = sorted(
        (record for run in runs for record in run.records), key=lambda each: places.get(each.scenario, ("", 0))
    )
    missing = {target: count for target, count in whole.items() if target in header.shards}
    footer = (
        _footer([run.footer for run in runs if run.footer], records, missing)
        if all(run.footer for run in runs)
        else None
    )
    return Results(header, tuple(records), footer, _joined(run.clauses for run in runs), scenarios)


def missing_from(runs: Iterable[Results], merged: Results) -> Iterator[str]:
    """What the merged file lacks of the whole, and because of which part, a sentence each."""
    for run in runs:
        for why in unfinished(run):
            yield f"{run.path} {why}"
    for target, shards in merged.header.shards.items():
        absent = [number for number in range(1, shards.of + 1) if number not in shards.numbers]
        named = ", ".join(f"{number}/{shards.of}" for number in absent)
        yield f"of {target} {'shard' if len(absent) == 1 else 'shards'} {named} {'is' if len(absent) == 1 else 'are'} missing"


def _premises(one: Results, other: Results) -> Iterator[tuple[str, str, str]]:
    """What must be the same in all files, and is not."""
    for what, ours, theirs in (
        ("their suites are", one.header.suite, other.header.suite),
        ("they were made by Credstone", one.header.credstone, other.header.credstone),
        ("they were judged with --spec", one.header.spec, other.header.spec),
    ):
        if ours != theirs:
            yield what, ours, theirs


def _refuse_other_systems(runs: Sequence[Results]) -> None:
    """Raises CredstoneError where two files have a target by one name, and it is not one system."""
    known: dict[str, Results] = {}
    for run in runs:
        for key, facts in run.header.facts.items():
            other = known.setdefault(key, run)
            why = [f"{fact} {was} and {now}" for fact, was, now in changed_facts(other.header.facts[key], facts)]
            if why:
                more = f", and {len(why) - 3} more" if len(why) > 3 else ""
                raise CredstoneError(
                    f"{other.path} and {run.path} have two different systems as {key}: {', '.join(why[:3])}{more}.",
                    "Compare them with 'credstone diff'.",
                )
    for run in runs:
        for key, why_not in run.header.unreachable.items():
            if key in known:
                raise CredstoneError(
                    f"{known[key].path} and {run.path} have two different systems as {key}: the second could not be had "
                    f"({why_not.splitlines()[0] if why_not else 'no reason'}).",
                    "Compare them with 'credstone diff'.",
                )


def _shards(runs: Sequence[Results]) -> dict[str, Shards]:
    """Which parts of each target's cells there are now.  Raises CredstoneError where they were cut in different ways."""
    found: dict[str, Shards] = {}
    where: dict[str, Results] = {}
    for run in runs:
        for target, shards in run.header.shards.items():
            other = where.setdefault(target, run)
            before = found.get(target, Shards((), shards.of))
            if before.of != shards.of:
                raise CredstoneError(
                    f"{other.path} and {run.path} are of runs on {target} that were cut differently, into {before.of} and "
                    f"into {shards.of} shards.",
                    "Run one of them again.",
                )
            for number in shards.numbers:
                if number in before.numbers:
                    raise CredstoneError(
                        f"{other.path} and {run.path} both have shard {number}/{shards.of} of {target}.",
                        "Leave one out.",
                    )
            found[target] = Shards(tuple(sorted((*before.numbers, *shards.numbers))), shards.of)
    return found


def _whole(runs: Sequence[Results]) -> dict[str, int]:
    """How many cells all shards of a target have.  Raises CredstoneError where they are of different selections."""
    known: dict[str, tuple[Results, int]] = {}
    for run in runs:
        for target, count in run.footer.whole.items() if run.footer else ():
            other, others = known.setdefault(target, (run, count))
            if others != count:
                raise CredstoneError(
                    f"{other.path} and {run.path} are shards of different selections: of {target} the first has "
                    f"{counted(others)} in all, and the second {count}.",
                    "Shards of one run have the same selection, -k, --api and --actor.",
                )
    return {target: count for target, (_, count) in known.items()}


def _refuse_twins(runs: Sequence[Results]) -> None:
    """Raises CredstoneError where a cell of one target is in two files, or twice in one."""
    seen: dict[tuple[str, str], Results] = {}
    for run in runs:
        for record in run.records:
            other = seen.setdefault((record.target, record.id), run)
            if other is not run:
                raise CredstoneError(
                    f"{other.path} and {run.path} both have {record.id} on {record.target}.",
                    "Join shards of one run, or runs on different targets.",
                )


def _footer(footers: Sequence[Footer], records: Sequence[Record], whole: Mapping[str, int]) -> Footer:
    selected: Counter[str] = Counter()
    for footer in footers:
        selected.update(footer.selected)
    return footer_of(records, sum(footer.seconds for footer in footers), selected, whole)


def _joined(mappings: Iterable[Mapping[str, Value]]) -> dict[str, Value]:
    """All entries of several mappings, each as it stands first."""
    joined: dict[str, Value] = {}
    for mapping in mappings:
        for key, value in mapping.items():
            joined.setdefault(key, value)
    return joined
