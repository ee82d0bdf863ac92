"""The signs of outcomes: whoever sees no colour, or prints in black, reads these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from credstone.words.verdict import BROKEN, DEVIATION, FAIL, PASS, UNSUPPORTED

MARKS = {FAIL: "✗", BROKEN: "!", DEVIATION: "d", UNSUPPORTED: "–", PASS: "✓"}
"""The worst first."""
WORST_FIRST = tuple(MARKS)

MEANING = {
    FAIL: "answered, or changed, something else than the pages and the model say",
    BROKEN: "the harness or the target's plumbing gave way",
    DEVIATION: "failed as it is recorded of this target",
    UNSUPPORTED: "cannot apply here, for a reason that is named",
    PASS: "every answer and every credential is as it should be",
}


def worst(counts: Mapping[str, int]) -> str:
    """The worst outcome that there is; empty where nothing ran."""
    return next((outcome for outcome in WORST_FIRST if counts.get(outcome)), "")


def told(counts: Mapping[str, int]) -> str:
    """``2 fail, 40 pass``."""
    return ", ".join(f"{counts[outcome]:,} {outcome}" for outcome in WORST_FIRST if counts.get(outcome)) or "no cells"


def ordered(counts: Counter[str]) -> dict[str, int]:
    """The counts, worst first, without those that are nothing."""
    return {outcome: counts[outcome] for outcome in WORST_FIRST if counts[outcome]}
