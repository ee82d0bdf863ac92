"""What changed between two runs: facts first, then cells.

Made from results files alone; what is found here is printed by the reports.
"""

from credstone.changes.compare import compare_runs
from credstone.changes.found import ANSWER, FIX, REGRESSION, VERDICT, CellChange, Changes, FactChange, RuleChange
from credstone.changes.rules import rule_of

__all__ = [
    "ANSWER",
    "FIX",
    "REGRESSION",
    "VERDICT",
    "CellChange",
    "Changes",
    "FactChange",
    "RuleChange",
    "compare_runs",
    "rule_of",
]
