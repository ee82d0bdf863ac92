"""Stable ids: one for each cell of a target, the same on every target, and told apart from all others."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from cli.command import mutated
from credstone.plan.cells import cells_of, through_abi
from credstone.results.file import read_results
from credstone.suite.load import Suite, default_folder, load_suite
from credstone.words.scenario import ABIS


@pytest.fixture(scope="module")
def suite() -> Suite:
    return load_suite(default_folder())


def ids(suite: Suite, target: str) -> list[str]:
    """Those of all cells that a target can have, through its own ABI and through the others."""
    found: list[str] = []
    for scenario in suite.scenarios:
        own = cells_of(scenario, suite.actors, [target])
        others = [] if scenario.abi else [cell for abi in ABIS for cell in through_abi(abi, own)]
        found += [cell.id for cell in (*own, *others)]
    return found


def test_they_are_unique_among_the_cells_of_a_target(suite: Suite) -> None:
    (_, most), *_ = Counter(ids(suite, "host")).most_common(1)
    assert most == 1


def test_they_are_the_same_on_every_target(suite: Suite) -> None:
    assert ids(suite, "host") == ids(suite, "image:debian-12+open") == ids(suite, "model")


def test_they_are_so_in_a_run(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    targets = ("--target", "model", "--target", "mutant:initgroups-no-groups", "--target", "mutant:initgroups-32")
    mutated("run", "initgroups", "setgroups", *targets, "--results", path, beside=tmp_path)
    by_target: dict[str, list[str]] = defaultdict(list)
    for record in read_results(path).records:
        by_target[record.target].append(record.id)
    assert len(by_target) == 3
    one, *others = by_target.values()
    assert len(one) == len(set(one)) > 100
    assert all(sorted(each) == sorted(one) for each in others)


def test_what_is_not_the_id_does_not_change_it(suite: Suite) -> None:
    """Where a scenario stands, what it says of itself, and who else is in the suite."""
    alone = load_suite(suite.folder, [suite.folder / "getgroups.2" / "failure.scn"])
    known = {cell for cell in ids(suite, "host") if cell.startswith("getgroups.2/failure/")}
    assert set(ids(alone, "host")) == known
