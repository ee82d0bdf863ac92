"""``credstone deviations``: list known deviations, propose new ones, find stale ones."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from credstone.cli.options import AsJson, Deviations, Suites, whole_suite
from credstone.deviations.check import refuse_mistaken
from credstone.deviations.file import Deviation, read_deviations, whose
from credstone.deviations.propose import propose, target_of
from credstone.deviations.stale import STALE, standings
from credstone.deviations.terminal import show_standings
from credstone.deviations.toml_out import as_toml
from credstone.report.deviations import show_recorded
from credstone.results.file import Results, read_results
from credstone.suite.digest import suite_digest
from credstone.suite.load import Suite, other_folder, shown
from credstone.targets.container.settings import KIND
from credstone.targets.deviations import places
from credstone.text.wrap import short
from credstone.words.errors import CredstoneError

deviations = App(name="deviations", help="The known deviations of targets: list them, propose them, find stale ones.")


@deviations.default
def list_deviations(
    *of: Annotated[str, Parameter(help="a target or a file of deviations; default: every target that has one")],
    json: AsJson = False,
) -> int:
    """List the recorded deviations: the target, the observed answer, and the reason."""
    recorded = dict(_named(name) for name in of) if of else _beside(places())
    if json:
        for target, entries in recorded.items():
            for each in entries:
                print(msgspec.json.encode(_row(target, each)).decode())
    else:
        print("\n".join(show_recorded(recorded)))
    return 0


@deviations.command(name="propose")
def propose_deviations(
    results: Annotated[Path, Parameter(help="a results file, written by 'credstone run --results FILE'")],
    *,
    target: Annotated[str, Parameter(help="the target, if several have failures: image:NAME[+POSTURE]")] = "",
    suites: Suites = None,
) -> int:
    """Propose entries for failures of a run that are not recorded, to append to a file of deviations.

    Each entry lacks its reason and its link. A person adds them; until then no run accepts the file.
    """
    suite, found = whole_suite(suites), read_results(results)
    _say_if_other(suite, shown(results), found)
    of = target_of(found, target)
    proposal = propose(found, suite, target, _beside([of]).get(of, ()))
    if proposal.faults:
        print("\n".join(as_toml(proposal.faults, suite.clauses, of, other_folder(suite.folder))))
    elif not proposal.left:
        print(f"credstone: every failure on {of} is recorded", file=sys.stderr)
    for reason, count in Counter(reason for _, reason in proposal.left).most_common():
        example = next(cell for cell, why in proposal.left if why == reason)
        print(f"credstone: not proposed, {count} of {of}, such as {example}: {short(reason, 400)}", file=sys.stderr)
    return 0


@deviations.command(name="stale")
def stale_deviations(
    *results: Annotated[Path, Parameter(help="results files, written by 'credstone run --results FILE'")],
    deviations: Deviations = None,
    json: AsJson = False,
    suites: Suites = None,
) -> int:
    """Find recorded deviations that are no longer observed, have another answer, or match no cell that ran.

    The status is 1 if there are any. An entry that these files cannot decide is listed as such and does not count.
    """
    if not results:
        raise CredstoneError("No results file was given.", "Write one with 'credstone run --results FILE'.")
    suite = whole_suite(suites)
    files = {shown(path): read_results(path) for path in results}
    for name, found in files.items():
        _say_if_other(suite, name, found)
    recorded = _beside(places())
    targets = list(dict.fromkeys(record.target for found in files.values() for record in found.records))
    for given in deviations or ():
        target, path = whose(given, targets)
        entries = read_deviations(path)
        refuse_mistaken(entries, suite)
        recorded[target] = (*recorded.get(target, ()), *entries)
    standing = standings(files, recorded, suite)
    if json:
        for each in standing:
            row = _row(each.target, each.deviation) | {"state": each.state, "says": each.says, "shown": each.cells}
            print(msgspec.json.encode(row).decode())
    else:
        print("\n".join(show_standings(standing)))
    return 1 if any(each.state in STALE for each in standing) else 0


def _named(name: str) -> tuple[str, tuple[Deviation, ...]]:
    """The target and the deviations that a person means."""
    for target in (name, f"{KIND}{name}"):
        if target in places():
            return target, _beside([target]).get(target, ())
    if not Path(name).is_file():
        raise CredstoneError(
            f"There is no target {name} that has a folder, and no such file.", f"There are {', '.join(places())}."
        )
    return name, read_deviations(Path(name))


def _beside(targets: Collection[str]) -> dict[str, tuple[Deviation, ...]]:
    """The deviations that are recorded of these targets in their folders, where there are any."""
    files = {target: path for target, path in places().items() if target in targets}
    return {target: read_deviations(path) for target, path in files.items() if path.is_file()}


def _row(target: str, deviation: Deviation) -> dict[str, object]:
    return {"target": target, **msgspec.structs.asdict(deviation), "path": str(deviation.path)}


def _say_if_other(suite: Suite, name: str, results: Results) -> None:
    """Says it where results are of another suite than the one that they are held against."""
    if results.header.suite != suite_digest(suite.folder):
        print(
            f"credstone: {name} was written with another suite: cells that this suite does not have are left out",
            file=sys.stderr,
        )
