"""The mutants: each breaks a rule that there is, and every rule belongs to a clause.

That they are caught is looked at where the suite is looked at as a whole (``suite/test_whole.py``).
"""

from __future__ import annotations

from collections import Counter

from credstone.model.table import CALLS, NOT_YET_COVERED, find
from credstone.proof.coverage import model_cells
from credstone.proof.mutants import MUTANTS
from credstone.suite.load import default_folder, load_suite


def test_names_are_unique_and_sentences_end() -> None:
    assert max(Counter(mutant.name for mutant in MUTANTS).values()) == 1
    assert [mutant.name for mutant in MUTANTS if not mutant.about.endswith(".")] == []


def test_every_clause_that_can_be_tested_has_a_mutant() -> None:
    broken = {mutant.clause for mutant in MUTANTS}
    clauses = load_suite(default_folder(), scripts=()).clauses
    wanted = {name for name, clause in clauses.items() if not clause.untestable}
    assert wanted - broken == set()
    assert broken - wanted == set()


def test_every_clause_of_the_model_is_known_or_of_a_page_without_a_folder() -> None:
    suite = load_suite(default_folder())
    met = {clause for each in model_cells(suite) for clause in each.clauses_at_stake}
    unknown = {clause for clause in met if clause not in suite.clauses}
    assert {clause for clause in unknown if clause.split("/")[0] not in NOT_YET_COVERED} == set()


def test_through_python_a_call_is_that_of_os() -> None:
    assert find("setgid", "python") is CALLS["os.setgid"]
    assert find("open", "python") is CALLS["open"]
