"""What changed between two runs: facts first, then cells.

Made from results files alone; what is found here is printed by the reports.
"""

from credstone.results.diff.compare import compare_runs
from credstone.results.diff.findings import (
    ANSWER,
    FIX,
    LOST,
    REGRESSION,
    VERDICT,
    CellChange,
    Changes,
    FactChange,
    RuleChange,
)
from credstone.results.diff.rules import rule_of
from credstone.results.diff.unmatched import NOT_REACHED, Why

__all__ = [
    "ANSWER",
    "FIX",
    "LOST",
    "NOT_REACHED",
    "REGRESSION",
    "VERDICT",
    "CellChange",
    "Changes",
    "FactChange",
    "RuleChange",
    "Why",
    "compare_runs",
    "rule_of",
]
