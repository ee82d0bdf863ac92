"""What became of a cell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import msgspec

from credstone.words.transcript import Transcript

PASS = "pass"
FAIL = "fail"
UNSUPPORTED = "unsupported"
BROKEN = "broken"
PAGE, LINUX = "the page", "Linux"
"""The two sides of an erratum."""

VERDICTS = (PASS, FAIL, UNSUPPORTED, BROKEN)

DEVIATION = "deviation"
OUTCOMES = (PASS, FAIL, DEVIATION, UNSUPPORTED, BROKEN)
"""What a run counts: a fail that is recorded as a known deviation of its target is no fail of the run."""

UNSTABLE = "unstable: "
"""How the reason begins of a cell that was run several times and did not come to the same each time."""

KNOWN, GONE, CHANGED, AMBIGUOUS = "known", "gone", "changed", "ambiguous"
"""A recorded deviation shows as it is recorded; does not show; shows otherwise; is recorded twice."""
STATES = (KNOWN, GONE, CHANGED, AMBIGUOUS)


def one_of(words: Iterable[str]) -> msgspec.Meta:
    """Says of a field that it holds one of these words: whatever is read is refused with another, and its schema lists them."""
    there_are = list(words)
    return msgspec.Meta(pattern=rf"^({'|'.join(there_are)})\Z", extra_json_schema={"enum": there_are})


class Finding(msgspec.Struct, frozen=True):
    """The first thing in a transcript that is not as it should be.

    ``line`` counts from 0; -1 is the set-up.  ``expected`` and ``seen`` are what differs, in the notation.  ``clause``
    is the one that the target broke.
    """

    line: int
    expected: str
    seen: str
    clause: str = ""


class Deviated(msgspec.Struct, frozen=True):
    """What the deviations that are recorded of a target say of a cell.

    ``name`` is that of the entry, ``state`` whether it shows as it is recorded.  ``says`` is the person's reason where it
    does, and otherwise one sentence on what is to be done; ``link`` leads to who else knows of it.
    """

    name: str
    state: Annotated[str, one_of(STATES)]
    says: str
    link: str = ""


def outcome(verdict: str, deviation: Deviated | None) -> str:
    """What a run counts a cell as: its verdict, unless a deviation is recorded that excuses it or is wrong itself."""
    if deviation is None:
        return verdict
    return DEVIATION if deviation.state == KNOWN else FAIL


class Verdict(msgspec.Struct, frozen=True):
    """The verdict on one cell.

    ``reason`` is one sentence, empty after a pass.  ``finding`` belongs to a fail.  ``choices`` says, for each line
    whose clause leaves alternatives, which of them the target took: pairs of clause and answer.  ``errata`` says, for each
    clause that page and Linux contradict each other about, which side the target took.  ``deviation`` is what is recorded of
    the target; it changes nothing of the verdict, only what a run makes of it.  ``not_run`` is whether a broken cell was not
    begun, because its agent cannot be had or was given up: then the reason is that of all cells of the agent.
    """

    verdict: str
    reason: str = ""
    finding: Finding | None = None
    choices: tuple[tuple[str, str], ...] = ()
    errata: tuple[tuple[str, str], ...] = ()
    transcript: Transcript | None = None
    deviation: Deviated | None = None
    not_run: bool = False

    @property
    def outcome(self) -> str:
        """What a run counts it as."""
        return outcome(self.verdict, self.deviation)
