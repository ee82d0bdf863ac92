"""Two runs side by side: which targets belong together, what became of their facts, what became of their cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from credstone.results.answers import shared_capabilities
from credstone.results.by_target import of_target, targets_of
from credstone.results.diff.cells import cell_change
from credstone.results.diff.facts import fact_changes, run_changes
from credstone.results.diff.findings import CellChange, Changes
from credstone.results.diff.rules import about_its_rule, rule_changes
from credstone.results.diff.unmatched import Why, why_absent
from credstone.results.file import Results
from credstone.results.record import Record
from credstone.words.errors import CredstoneError

Pairs = Sequence[tuple[str, str]]


def compare_runs(old: Results, new: Results, pairs: Pairs = ()) -> Changes:
    """Compares two runs.

    ``pairs`` are the targets to compare, by their names in both; without any those are compared that have the same name.
    Where the suites differ only cells are compared whose scenario and actor are the same in both.  Raises CredstoneError
    where the runs cannot be compared.
    """
    if old.header.spec != new.header.spec:
        raise CredstoneError(
            f"{_name(old, 'The old run')} was judged with --spec {old.header.spec}, {_name(new, 'the new one')} with "
            f"--spec {new.header.spec}.",
            "Run one of them again: what is judged otherwise cannot be compared.",
        )
    paired = _paired(old, new, pairs)
    before, after = _by_target(old.records), _by_target(new.records)
    same_suite = old.header.suite == new.header.suite
    scenarios, actors = ((), ()) if same_suite else _changed(old, new)
    cells: list[CellChange] = []
    appeared: list[tuple[Record, Why]] = []
    vanished: list[tuple[Record, Why]] = []
    compared = left_out = 0
    others, other_actors = set(scenarios), set(actors)
    rules = tuple(rule for pair in paired for rule in rule_changes(old.header, new.header, pair))
    for ours, theirs in paired:
        shared = shared_capabilities(
            [*of_target(old.header.facts, ours).values(), *of_target(new.header.facts, theirs).values()]
        )
        was, now = before.get(ours, {}), after.get(theirs, {})
        gone = why_absent(new, theirs, same_suite=same_suite)
        come = why_absent(old, ours, same_suite=same_suite)
        vanished += [(record, gone) for name, record in was.items() if name not in now]
        for name, record in now.items():
            if name not in was:
                appeared.append((record, come))
                continue
            compared += 1
            if record.scenario in others or record.actor in other_actors:
                left_out += 1
            elif change := cell_change(was[name], record, shared):
                cells.append(about_its_rule(change, rules))
    return Changes(
        old=old,
        new=new,
        pairs=paired,
        only_old=() if pairs else tuple(name for name in targets_of(old) if name not in targets_of(new)),
        only_new=() if pairs else tuple(name for name in targets_of(new) if name not in targets_of(old)),
        facts=(
            *run_changes(old.header, new.header),
            *(change for pair in paired for change in fact_changes(old.header, new.header, pair)),
        ),
        rules=rules,
        compared=compared,
        left_out=left_out,
        scenarios=scenarios,
        actors=actors,
        cells=tuple(cells),
        appeared=tuple(appeared),
        vanished=tuple(vanished),
    )


def _paired(old: Results, new: Results, pairs: Pairs) -> tuple[tuple[str, str], ...]:
    """The targets that belong together.  Raises CredstoneError where a run does not have them."""
    ours, theirs = targets_of(old), targets_of(new)
    for names, run, at in ((ours, old, 0), (theirs, new, 1)):
        for missing in (pair[at] for pair in pairs if pair[at] not in names):
            raise CredstoneError(
                f"{_name(run, 'The run')} has no target {missing}.", f"It has {', '.join(names) or 'none'}."
            )
    paired = tuple(pairs) or tuple((name, name) for name in ours if name in theirs)
    if not paired:
        example = f"--target {(ours or ['OLD'])[0]}={(theirs or ['NEW'])[0]}"
        raise CredstoneError(
            f"No target is in both: {_name(old, 'the old run')} has {', '.join(ours) or 'none'}, "
            f"{_name(new, 'the new one')} has {', '.join(theirs) or 'none'}.",
            f"Say which belong together, such as {example}.",
        )
    return paired


def _changed(old: Results, new: Results) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The scenarios and the actors that are in both runs under one name, and are not the same.

    A scenario is its lines; where it stands in its script, what it cites and what is said about it changes no answer.
    """
    scenarios = tuple(
        name
        for name, line in new.scenarios.items()
        if name in old.scenarios and old.scenarios[name].script != line.script
    )
    known = old.header.actors
    actors = tuple(name for name, about in new.header.actors.items() if known.get(name, about) != about)
    return scenarios, actors


def _by_target(records: Iterable[Record]) -> dict[str, dict[str, Record]]:
    found: dict[str, dict[str, Record]] = {}
    for record in records:
        found.setdefault(record.target, {})[record.id] = record
    return found


def _name(run: Results, otherwise: str) -> str:
    return run.path or otherwise
