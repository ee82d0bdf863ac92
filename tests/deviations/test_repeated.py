"""A cell that is run several times: what is recorded as showing sometimes is not unstable, anything else is."""

from __future__ import annotations

from credstone.plugin.items import stable
from credstone.words.verdict import CHANGED, DEVIATION, FAIL, GONE, KNOWN, PASS, UNSTABLE, Deviated, Finding, Verdict

FINDING = Finding(0, "0", "EIO", "a(2)/b")
PASSED, FAILED = Verdict(PASS), Verdict(FAIL, "so", FINDING)
SHOWN = Verdict(FAIL, "so", FINDING, deviation=Deviated("rare", KNOWN, "Two have to meet."))


def test_what_shows_sometimes_is_no_instability() -> None:
    for verdicts in ([PASSED, SHOWN], [SHOWN, PASSED, PASSED]):
        assert stable(verdicts) is SHOWN
    assert stable([SHOWN, SHOWN]).outcome == DEVIATION


def test_whatever_else_differs_is() -> None:
    gone = Verdict(PASS, deviation=Deviated("rare", GONE, "gone"))
    changed = Verdict(FAIL, "other", FINDING, deviation=Deviated("rare", CHANGED, "changed"))
    for verdicts in ([PASSED, FAILED], [SHOWN, FAILED], [SHOWN, gone], [SHOWN, PASSED, changed]):
        found = stable(verdicts)
        assert (found.verdict, found.outcome, found.deviation) == (FAIL, FAIL, None)
        assert found.reason.startswith(UNSTABLE)
