"""Which clause a target broke, when an answer or a credential is not what the model says.

The model names every rule that it applied in a line, and each decision says what it determines.  A rule that determines
what differs can be at fault, and one that explains all that was seen is a suspect (``suspects``).  Of these the one is
blamed that the scenario cites; if it cites none of them, the one that determines the least besides.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from credstone.model.rules import Decision, Performed, Refusal, Rule
from credstone.model.subjects import CREDENTIAL, EVERYTHING, Subject
from credstone.model.table import NOT_YET_COVERED
from credstone.words.answer import Answer


class Evidence(msgspec.Struct, frozen=True):
    """What is known of a failed line besides the rules that the model applied in it.

    ``seen`` is what the target answered.  ``suspected`` are the clauses that explain all that it did in this line.
    ``before`` are the clauses of earlier lines about what only a later line can show: a file, a map, a process.
    """

    seen: Answer | None = None
    suspected: Collection[str] = ()
    before: Collection[str] = ()


NONE = Evidence()


def blamed(performed: Performed, cites: Sequence[str], what: Subject = "answer", evidence: Evidence = NONE) -> str:
    """The clause that is at stake where ``what`` (a field of the credential, the answer) is not as it should be.

    A page whose clauses no suite lists says nothing to a reader: then it is what the scenario is about.
    """
    about = _narrow([rule for rule in performed.applied if _determines(rule, what, evidence.seen)])
    explaining = _narrow(_explaining(performed, evidence.suspected))
    both = [rule for rule in about if rule in explaining]
    clause = (
        _cited(cites, both, explaining)
        or next((clause for clause in cites if clause in evidence.before), "")
        or (performed.clause if what == "answer" and _spared(performed, evidence.seen) else "")
        or _likeliest(both)
        or _likeliest(explaining)
        or _cited(cites, about)
        or _refused(about, evidence.seen)
        or (_likeliest(about) if what != "answer" else _answering(about, performed.outcome.answer))
        or performed.clause
        or cites[0]
    )
    return cites[0] if clause.partition("/")[0] in NOT_YET_COVERED else clause


def _explaining(performed: Performed, suspected: Collection[str]) -> list[Rule]:
    """The rules of the suspects; of a clause that states a condition and a decision, the condition."""
    rules = [rule for rule in performed.applied if rule.clause in suspected]
    conditions = {rule.clause for rule in rules if isinstance(rule, Refusal)}
    return [rule for rule in rules if isinstance(rule, Refusal) or rule.clause not in conditions]


def _narrow(rules: Sequence[Rule]) -> Sequence[Rule]:
    """The rules without those that say that nothing else changes, except if there are no others."""
    narrow = [rule for rule in rules if isinstance(rule, Refusal) or _breadth(rule) < len(CREDENTIAL)]
    return narrow or rules


def _spared(performed: Performed, seen: Answer | None) -> bool:
    """Whether the target let a call pass that had to be refused: then the condition says most about it."""
    return performed.outcome.answer.failed and seen is not None and not seen.failed


def _cited(cites: Sequence[str], *groups: Sequence[Rule]) -> str:
    """The first clause that the scenario cites in the first of these groups that has one."""
    for rules in groups:
        clauses = {rule.clause for rule in rules}
        if found := next((clause for clause in cites if clause in clauses), ""):
            return found
    return ""


def _likeliest(rules: Sequence[Rule]) -> str:
    """Of several rules that nothing else tells apart the one that is most likely broken.

    A decision that determines little comes before one that determines much, and before the condition that is made of it.
    Of those about whether something is so the first counts, as the privilege is looked at first; of others the last one,
    which is nearest to what was seen, by the clause that its statement names first.
    """
    decisions = [rule for rule in rules if isinstance(rule, Decision)]
    if not decisions:
        return rules[-1].clause if rules else ""
    least = min(map(_breadth, decisions))
    narrow = [rule for rule in decisions if _breadth(rule) == least]
    chosen = narrow[0] if isinstance(narrow[0].value, bool) else narrow[-1]
    return chosen.main or chosen.clause


def _answering(rules: Sequence[Rule], answer: Answer) -> str:
    """The clause of the decision that is the answer: the list that is returned, not how many there are."""
    found = [rule for rule in rules if isinstance(rule, Decision) and rule.value == answer.value]
    return (found[-1].main or found[-1].clause) if found and not answer.failed else ""


def _refused(rules: Sequence[Rule], seen: Answer | None) -> str:
    """The clause of the refusal that the target made."""
    return next((rule.clause for rule in rules if isinstance(rule, Refusal) and seen and _answers(rule, seen)), "")


def _determines(rule: Rule, what: Subject, seen: Answer | None) -> bool:
    """Whether a rule determines this; a condition does where it holds, and where the target refuses as it says."""
    if isinstance(rule, Decision):
        return rule.determines(what)
    return what == "answer" and (rule.holds or (seen is not None and _answers(rule, seen)))


def _answers(refusal: Refusal, seen: Answer) -> bool:
    """Whether this is the refusal that the target made, though its condition does not hold."""
    return seen.failed and (refusal.errno, refusal.killed) == (seen.errno, seen.killed)


def _breadth(decision: Decision) -> int:
    """How much a decision determines; one about a whole answer, whatever it is, most of all."""
    if isinstance(decision.value, Answer):
        return len(EVERYTHING)
    return len(decision.of) if isinstance(decision.of, tuple) else 1
