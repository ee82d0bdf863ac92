"""The table of errata: each row belongs to a clause that tells of its erratum."""

from __future__ import annotations

from collections import Counter

from credstone.model.errata import ERRATA
from credstone.suite.load import default_folder, load_suite


def test_each_row_is_a_clause_with_an_erratum() -> None:
    clauses = load_suite(default_folder(), scripts=()).clauses
    assert [row.clause for row in ERRATA if row.clause not in clauses or not clauses[row.clause].erratum] == []


def test_a_clause_has_one_row() -> None:
    assert [clause for clause, count in Counter(row.clause for row in ERRATA).items() if count > 1] == []
