"""The suite as a whole: it agrees with the model, and it can fail."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from credstone.calls.apis import apis_of
from credstone.manpages.audit import audit, page_name
from credstone.manpages.page import find_page, read_page
from credstone.model.rules import Mutant
from credstone.proof.coverage import OPEN, Coverage, coverage, model_cells, unmet
from credstone.proof.mutants import MUTANTS
from credstone.suite.load import Suite, load_suite

SUITES = Path(__file__).resolve().parents[2] / "suites"


@pytest.fixture(scope="module")
def suite() -> Suite:
    return load_suite(SUITES)


@pytest.fixture(scope="module")
def mutants(suite: Suite) -> tuple[Mutant, ...]:
    return tuple(mutant for mutant in MUTANTS if mutant.clause in suite.clauses)


@pytest.fixture(scope="module")
def found(suite: Suite, mutants: tuple[Mutant, ...]) -> Coverage:
    return coverage(suite, mutants)


def test_every_scenario_agrees_with_the_model(suite: Suite) -> None:
    wrong = {each.cell.id: problem for each in model_cells(suite) if (problem := unmet(each))}
    assert not wrong


def test_no_clause_is_open(found: Coverage) -> None:
    assert not [entry.clause.id for entry in found.clauses if entry.status == OPEN]


def test_every_mutant_is_caught_by_a_scenario_of_its_clause(found: Coverage, mutants: tuple[Mutant, ...]) -> None:
    caught = {name for entry in found.clauses for name in entry.caught}
    assert not found.survivors
    assert {mutant.name for mutant in mutants} == caught


def test_every_scenario_cites_what_can_be_tested(suite: Suite) -> None:
    clauses = suite.clauses
    assert not [
        (scenario.id, cited) for scenario in suite.scenarios for cited in scenario.cites if clauses[cited].untestable
    ]


def test_every_scenario_runs_somewhere(suite: Suite) -> None:
    """A scenario whose lines no one API can express would yield no cell, and nobody would notice."""
    assert not [scenario.id for scenario in suite.scenarios if not apis_of(scenario)]


def test_every_scenario_says_why(suite: Suite) -> None:
    assert not [scenario.id for scenario in suite.scenarios if not scenario.about]


def test_every_actor_is_somebody(suite: Suite) -> None:
    used = {actor for scenario in suite.scenarios for actor in scenario.actors}
    creators = {creator for actor in suite.actors.values() for creator in actor.creator}
    assert set(suite.actors) == used | (creators - {"self"})


def test_every_sentence_of_the_covered_pages_is_classified(suite: Suite) -> None:
    audited = 0
    for page in suite.pages.values():
        name = page_name(page.folder)
        path = find_page(name) if name else None
        if path is None or read_page(path).release != page.release:
            continue
        assert audit(page).wrong == (), name
        audited += 1
    if not audited:
        pytest.skip("needs the man pages of the release that the clauses were read in (Debian 12: manpages-dev)")


def test_headers_of_files_are_written_in_the_documented_style() -> None:
    """``file NAME = CONTENT, owner O:G, mode 0MMM, capabilities "...", rootid N``: what is there, in this order."""
    style = re.compile(
        r'  file +[\w.+/-]+( *= (agent|folder|"[^"]*"))?(, owner \d+:(\d+|\$asked-gid))?(, mode 0[0-7]{3,4})?'
        r'(, capabilities "[^"]*"(, rootid \d+)?)?( *#.*)?'
    )
    wrong = [
        (path.name, line)
        for path in SUITES.glob("*/*.scn")
        for line in path.read_text().split("\n")
        if line.startswith("  file ") and not style.fullmatch(line)
    ]
    assert wrong == []
