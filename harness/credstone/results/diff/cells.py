"""One cell in two runs: whether it changed, and what kind of change that is."""

from __future__ import annotations

from credstone.results.answers import Apart, credential, first_apart
from credstone.results.diff.findings import ANSWER, FIX, LOST, REGRESSION, VERDICT, CellChange
from credstone.results.record import Record
from credstone.words.verdict import BROKEN, DEVIATION, FAIL, KNOWN, PASS, UNSTABLE, UNSUPPORTED

_JUDGED = (PASS, FAIL)


UNSTEADY = "unstable"
"""How a cell stands that did not come to the same in all runs of it."""


def standing(record: Record) -> str:
    """The verdict; ``deviation`` for a failure that is known, ``unstable`` for one that does not show each time.

    A record that does not show any more turns a run red, and is no fail of the target: the cell passes.
    """
    known = record.deviation is not None and record.deviation.state == KNOWN
    if record.verdict == FAIL and record.unstable:
        return UNSTEADY
    return DEVIATION if known and record.verdict == FAIL else record.verdict


def cell_change(before: Record, after: Record, shared: int) -> CellChange | None:
    """What changed, if anything did; ``shared`` are the capabilities that all agents in question may have."""
    was, now = standing(before), standing(after)
    judged = before.verdict in _JUDGED and after.verdict in _JUDGED
    apart = first_apart((before, after), shared) if judged and _may_differ(before, after) else None
    kind = _ran(before, after, was) or _kind(was, now, apart)
    if not kind:
        return None
    clause = _at_stake(kind, before, after, apart)
    if apart is None:
        return CellChange(kind, clause, "", None, False, _told(before, was), _told(after, now), before, after)
    failed = before if kind == FIX else after
    wrong = failed.wrong if failed.verdict == FAIL and failed.wrong is not None else -1
    if 0 <= wrong < min(len(failed.steps), len(failed.steps) if apart.step is None else apart.step):
        # nobody's answer shows it yet: it is in the credentials, and the judge saw it there
        seen, seen_now = credential(before), credential(after)
        return CellChange(kind, clause, failed.steps[wrong][0], wrong, False, seen, seen_now, before, after)
    seen, seen_now = apart.answers
    return CellChange(kind, clause, apart.line, apart.step, apart.step is not None, seen, seen_now, before, after)


def _may_differ(before: Record, after: Record) -> bool:
    """Whether it is worth a closer look: most cells of two runs are the same to the letter."""
    return any(
        (before.steps != after.steps, before.verdict != after.verdict, before.errata != after.errata,
         before.seen != after.seen, before.expected != after.expected)
    )  # fmt: skip


def _ran(before: Record, after: Record, was: str) -> str:
    """The kind of a change of what ran, not of what was seen; empty where both ran, and where neither did.

    A cell that was not begun says nothing about its target.
    """
    if after.not_run and not before.not_run:
        return LOST if was in (PASS, FAIL, DEVIATION) else VERDICT
    if before.not_run and not after.not_run:
        return VERDICT
    return LOST if was == PASS and after.verdict == UNSUPPORTED else ""


def _kind(was: str, now: str, apart: Apart | None) -> str:
    """The kind of a change, empty for none.

    Where the answers are the same, and only what is recorded of the target differs, the target did not change: a fail whose
    record was taken away is the fail that it was.  A cell that was unstable may pass or fail now without a change of the
    target, so neither is a fix or a regression; one that passed and is unstable now is a regression.
    """
    if was == now == UNSTEADY:
        return ""
    if was == now:
        return ANSWER if apart else ""
    if was == DEVIATION and now in (FAIL, UNSTEADY):
        return REGRESSION if apart else VERDICT
    if now == BROKEN or (was == PASS and now in (FAIL, UNSTEADY)):
        return REGRESSION
    if (was, now) == (FAIL, DEVIATION):
        return VERDICT
    if now == PASS and was in (FAIL, DEVIATION, BROKEN):
        return FIX
    return VERDICT


def _at_stake(kind: str, before: Record, after: Record, apart: Apart | None) -> str:
    """The clause that is broken now, or was before; where none is, the one that the first difference is about."""
    told = (before, after) if kind == FIX else (after, before)
    blamed = next((record.clause for record in told if record.clause), "")
    return blamed or (apart.clause if apart else "".join(after.clauses[:1]))


def _told(record: Record, stands: str) -> str:
    """The verdict, with its reason in one line."""
    said = record.deviation.says if stands == DEVIATION and record.deviation else record.reason.removeprefix(UNSTABLE)
    return f"{stands}: {said}".split("\n")[0] if said else stands
