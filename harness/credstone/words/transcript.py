"""What an agent saw in one cell: each call, its answer, and every credential after it.  No expectation, no verdict."""

from __future__ import annotations

import msgspec

from credstone.words.answer import Answer
from credstone.words.credential import Credential

DONE = "done"
HANG = "hang"
REFUSED = "refused"


class NotRun(str):
    """The sentence in place of a transcript that says why a cell was not begun: its agent was given up."""

    __slots__ = ()


class Step(msgspec.Struct, frozen=True, array_like=True):
    """One line performed: its answer, and afterwards the credential of every process and thread of the cell."""

    answer: Answer
    seen: dict[str, Credential]


class Transcript(msgspec.Struct, frozen=True, array_like=True):
    """One cell as it ran.

    ``cell`` is the number under which it was sent.  ``end`` says how it ended: ``done``, ``hang`` (the time limit
    passed), ``refused`` (the set-up was refused; ``note`` says which call answered what), ``signal N`` or ``exit N``
    (the cell's process ended before its time).  ``start`` holds the credentials after the set-up.  ``steps`` goes as
    far as the cell went: a hang or a crash belongs to the line after the last step.
    """

    cell: int
    end: str
    note: str
    start: dict[str, Credential]
    steps: tuple[Step, ...]
