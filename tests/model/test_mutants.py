"""The mutants: each breaks a rule that there is, and is caught by what a scenario declares."""

from __future__ import annotations

from collections import Counter
from functools import cache

from credstone.judge.matching import matches
from credstone.model.perform import NotModelled, perform_line
from credstone.model.rules import Mutant
from credstone.model.table import CALLS, NOT_YET_COVERED, find
from credstone.plan.apis import apis_of
from credstone.suite.load import Suite, default_folder, load_suite
from credstone.words.scenario import Scenario
from model.checking import ACTORS, world_of
from mutants import MUTANTS


@cache
def _suite() -> Suite:
    return load_suite(default_folder())


@cache
def _reached() -> dict[str, tuple[tuple[Scenario, str, str], ...]]:
    """The clauses whose rules a scenario passes through, each with the cells that do."""
    cells: dict[str, list[tuple[Scenario, str, str]]] = {}
    for scenario in _suite().scenarios:
        for actor in scenario.actors:
            for api in apis_of(scenario):
                for clause in _clauses(scenario, actor, api):
                    cells.setdefault(clause, []).append((scenario, actor, api))
    return {clause: tuple(found) for clause, found in cells.items()}


def _clauses(scenario: Scenario, actor: str, api: str) -> set[str]:
    world, clauses = world_of(actor, scenario), set()
    for line in scenario.lines:
        performed = perform_line(world, line, api)
        clauses |= {rule.clause for rule in performed.applied}
        world = performed.outcome.world
    return clauses


def _caught(mutant: Mutant) -> bool:
    return any(_fails(mutant, *cell) for cell in _reached().get(mutant.clause, ()))


def _fails(mutant: Mutant, scenario: Scenario, actor: str, api: str) -> bool:
    world = world_of(actor, scenario)
    for line in scenario.lines:
        try:
            performed = perform_line(world, line, api, mutant)
        except NotModelled:
            return True  # whoever should answer has ended
        world, answer = performed.outcome.world, performed.outcome.answer
        if line.expected and not any(matches(expected, answer) for expected in line.expected):
            return True
    return False


def test_names_are_unique_and_sentences_end() -> None:
    assert max(Counter(mutant.name for mutant in MUTANTS).values()) == 1
    assert [mutant.name for mutant in MUTANTS if not mutant.about.endswith(".")] == []


def test_every_clause_that_can_be_tested_has_a_mutant() -> None:
    broken = {mutant.clause for mutant in MUTANTS}
    wanted = {name for name, clause in _suite().clauses.items() if not clause.untestable}
    assert wanted - broken == set()
    assert broken - wanted == set()


def test_every_clause_of_the_model_is_known_or_of_a_page_to_come() -> None:
    known = set(_suite().clauses)
    assert {
        clause for clause in _reached() if clause not in known and clause.split("/")[0] not in NOT_YET_COVERED
    } == set()


def test_every_mutant_is_caught() -> None:
    assert [mutant.name for mutant in MUTANTS if not _caught(mutant)] == []


def test_through_python_a_call_is_that_of_os() -> None:
    assert find("setgid", "python") is CALLS["os.setgid"]
    assert find("open", "python") is CALLS["open"]
    assert set(ACTORS) >= {actor for scenario in _suite().scenarios for actor in scenario.actors}
