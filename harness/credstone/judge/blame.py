"""Which clause a target broke, when an answer or a credential is not what the model says.

The model names every clause that decided a call.  Of these the one is blamed that is about what differs; where several
are, or none, the one that the scenario cites.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from credstone.model.rules import Decision, Performed
from credstone.model.table import NOT_YET_COVERED

ANSWER, OTHERS = "answer", "others"
"""What differs besides a field of the caller's credential: the answer; the credential of somebody else."""

_PROGRAMS = {"uid": "user", "gid": "group"}
"""What a program changes an effective id by: its set-user-ID bit, its set-group-ID bit."""

_ABOUT = {
    ANSWER: ("returns-list", "returns-ids", "size-zero-counts", "status-line"),
    OTHERS: ("C-library", "per-thread", "all-threads"),
    **{f"saved {kind}": ("saved", "sets-all") for kind in ("uid", "gid")},
    **{f"real {kind}": ("real", "sets-all", "effective-only") for kind in ("uid", "gid")},
    **{f"effective {kind}": ("sets-effective", "effective", f"set-{name}-ID") for kind, name in _PROGRAMS.items()},
    **{f"filesystem {kind}": ("fsuid", "fsgid", "filesystem-id", "refused-silently") for kind in ("uid", "gid")},
    "groups": ("list", "all-groups", "adds-group", "group-once", "unknown-user", "no-database", "-names", "drop-all"),
}
"""Words in the names of the clauses that are about it."""

_BY_PROGRAM = {f"effective {kind}": f"/set-{name}-ID" for kind, name in _PROGRAMS.items()}
"""What comes first of these, as root's capabilities in effect are about the set and not about the id."""


def blamed(performed: Performed, cites: Sequence[str], what: str = ANSWER) -> str:
    """The clause that is at stake where ``what`` (a field of the credential, an answer) is not as it should be.

    That of a page whose clauses nobody lists says nothing to a reader: then it is what the scenario is about.
    """
    clause = _at_stake(performed, cites, what)
    return cites[0] if clause.partition("/")[0] in NOT_YET_COVERED else clause


def _at_stake(performed: Performed, cites: Sequence[str], what: str) -> str:
    if performed.outcome.answer.failed and what == ANSWER:
        return performed.clause or cites[0]
    decided = [
        rule.clause for rule in performed.applied if isinstance(rule, Decision) and not _on_an_error(rule.clause)
    ]
    about = [clause for clause in decided if any(word in clause for word in _ABOUT.get(what, ()))]
    about.sort(key=lambda clause: not clause.endswith(_BY_PROGRAM.get(what, "")))
    if what == ANSWER:
        # a scenario cites the clause that its own lines ask about; only what it merely uses is looked for by its name
        return next((clause for clause in cites if clause in decided), (about or [performed.clause or cites[0]])[0])
    candidates = about or decided or [performed.clause or cites[0]]
    return next((clause for clause in cites if clause in candidates), candidates[0])


def _on_an_error(clause: str) -> bool:
    """Whether a clause is about a refusal, and so about nothing that changed: ``execve(2)/ENOENT``."""
    return re.match(r"E[A-Z]{2,}", clause.rpartition("/")[2]) is not None


def out_of_order(performed: Performed) -> str:
    """The clause on the order of a list, where the call has one."""
    return next((rule.clause for rule in performed.applied if rule.clause.endswith("/sorted")), "")
