"""What became of a cell."""

from __future__ import annotations

import msgspec

from credstone.words.transcript import Transcript

PASS = "pass"
FAIL = "fail"
UNSUPPORTED = "unsupported"
BROKEN = "broken"
PAGE, LINUX = "the page", "Linux"
"""The two sides of an erratum."""

VERDICTS = (PASS, FAIL, UNSUPPORTED, BROKEN)


class Finding(msgspec.Struct, frozen=True):
    """The first thing in a transcript that is not as it should be.

    ``line`` counts from 0; -1 is the set-up.  ``expected`` and ``seen`` are what differs, in the notation.  ``clause``
    is the one that the target broke.
    """

    line: int
    expected: str
    seen: str
    clause: str = ""


class Verdict(msgspec.Struct, frozen=True):
    """The verdict on one cell.

    ``reason`` is one sentence, empty after a pass.  ``finding`` belongs to a fail.  ``choices`` says, for each line
    whose clause leaves alternatives, which of them the target took: pairs of clause and answer.  ``errata`` says, for each
    clause that page and Linux contradict each other about, which side the target took.
    """

    verdict: str
    reason: str = ""
    finding: Finding | None = None
    choices: tuple[tuple[str, str], ...] = ()
    errata: tuple[tuple[str, str], ...] = ()
    transcript: Transcript | None = None
