"""What changed between two runs: facts first, then cells.

Made from results files alone; what is found here is printed by the reports.
"""

from credstone.changes.alone import NOT_REACHED, Why
from credstone.changes.compare import compare_runs
from credstone.changes.found import ANSWER, FIX, LOST, REGRESSION, VERDICT, CellChange, Changes, FactChange, RuleChange
from credstone.changes.rules import rule_of

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
