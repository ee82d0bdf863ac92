"""Which clause a target broke, when an answer or a credential is not what the model says.

The model names every rule that it applied in a line, and each decision says what it determines.  A rule that determines
what differs can be at fault.  Of these the one is blamed that the scenario cites; if it cites none of them, the one that
determines the least besides.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from credstone.model.rules import Decision, Performed, Refusal, Rule
from credstone.model.subjects import Subject
from credstone.model.table import NOT_YET_COVERED
from credstone.words.answer import Answer


def blamed(
    performed: Performed,
    cites: Sequence[str],
    what: Subject = "answer",
    seen: Answer | None = None,
    suspected: Collection[str] = (),
) -> str:
    """The clause that is at stake where ``what`` (a field of the credential, the answer) is not as it should be.

    ``seen`` is what the target answered, ``suspected`` are the clauses that explain all that it did.  A page whose
    clauses no suite lists says nothing to a reader: then it is what the scenario is about.
    """
    clause = _at_stake(performed.applied, cites, what, seen, suspected) or performed.clause or cites[0]
    return cites[0] if clause.partition("/")[0] in NOT_YET_COVERED else clause


def _at_stake(
    rules: Sequence[Rule], cites: Sequence[str], what: Subject, seen: Answer | None, suspected: Collection[str]
) -> str:
    about = [rule for rule in rules if _determines(rule, what)]
    explaining = [rule for rule in rules if rule.clause in suspected]
    for among in ([rule for rule in about if rule in explaining], explaining, about):
        cited = next((clause for clause in cites if any(rule.clause == clause for rule in among)), "")
        if cited:
            return cited
        refusals = (rule.clause for rule in among if isinstance(rule, Refusal) and (rule.holds or _answers(rule, seen)))
        decisions = [rule for rule in among if isinstance(rule, Decision)]
        found = next(refusals, "") or (min(decisions, key=_breadth).clause if decisions else "")
        if found:
            return found
    return ""


def _determines(rule: Rule, what: Subject) -> bool:
    return what == "answer" if isinstance(rule, Refusal) else rule.determines(what)


def _answers(refusal: Refusal, seen: Answer | None) -> bool:
    """Whether this is the refusal that the target made, though its condition does not hold."""
    return seen is not None and seen.failed and (refusal.errno, refusal.killed) == (seen.errno, seen.killed)


def _breadth(decision: Decision) -> int:
    """How much a decision determines."""
    return len(decision.of) if isinstance(decision.of, tuple) else 1
