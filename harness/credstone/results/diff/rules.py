"""Rules of the kernel that hold in one of two runs: what is answered otherwise for one of them surprises nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from credstone.model.since import RULES, Since, Unknown, holds
from credstone.results.by_target import of_target
from credstone.results.diff.findings import ANSWER, CellChange, RuleChange
from credstone.results.record import Header
from credstone.words.kernel import Kernel


def rule_changes(old: Header, new: Header, pair: tuple[str, str]) -> Iterator[RuleChange]:
    """The rules that the kernel of one run has and that of the other has not; of those that cannot be told, nothing."""
    before, after = _kernel(old, pair[0]), _kernel(new, pair[1])
    if before is None or after is None or before == after:
        return
    for rule in RULES:
        had, has = _holds(rule, before), _holds(rule, after)
        if None not in (had, has) and had != has:
            yield RuleChange(pair[1], rule.what, rule.since, rule.clauses, came=bool(has))


def rule_of(change: CellChange, rules: Iterable[RuleChange]) -> RuleChange | None:
    """The rule that such a change comes from: one of its target, about a clause that the cell is about."""
    about = {change.clause, *change.after.clauses}
    return next((rule for rule in rules if rule.target == change.target and not about.isdisjoint(rule.clauses)), None)


def about_its_rule(change: CellChange, rules: Iterable[RuleChange]) -> CellChange:
    """The change with a clause of its rule at stake, where no verdict blames one: the line that differs may be another's."""
    rule = rule_of(change, rules) if change.kind == ANSWER and not change.after.clause else None
    if rule is None:
        return change
    clause = next((clause for clause in change.after.clauses if clause in rule.clauses), change.clause)
    return msgspec.structs.replace(change, clause=clause)


def _kernel(header: Header, target: str) -> Kernel | None:
    return next((facts.linux for facts in of_target(header.facts, target).values()), None)


def _holds(rule: Since, kernel: Kernel) -> bool | None:
    try:
        return holds(rule, kernel)
    except Unknown:
        return None
