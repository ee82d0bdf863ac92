"""What can be found where two runs are compared."""

from __future__ import annotations

from collections import Counter

import msgspec

from credstone.results.completeness import unfinished
from credstone.results.diff.unmatched import NOT_REACHED, Why
from credstone.results.file import Results
from credstone.results.record import Record

REGRESSION, LOST, FIX, ANSWER, VERDICT = "regression", "lost", "fix", "answer", "verdict"
"""The kinds of changes of a cell: it fails or is broken, and was not; it passed and does not apply any more, or was judged and
did not run; it passes, and did not; it has the same verdict, and was answered otherwise; its verdict changed otherwise.
"""


class FactChange(msgspec.Struct, frozen=True):
    """A fact of a target, as it was and as it is.

    ``agents`` are those that tell it; none: all of the target's do.  What is a fact of the run itself has no target.
    """

    target: str
    agents: tuple[str, ...]
    fact: str
    before: str
    after: str


class RuleChange(msgspec.Struct, frozen=True):
    """A rule of the kernel that one of two runs has: ``what`` is the case ``since`` some Linux.

    ``clauses`` are those that it changes, ``came`` is whether it is the new run that has it.
    """

    target: str
    what: str
    since: str
    clauses: tuple[str, ...]
    came: bool


class CellChange(msgspec.Struct, frozen=True):
    """A cell that changed.

    ``clause`` is the one that is at stake.  ``line`` is the first in which the runs differ and ``step`` its number (None
    where there is none), ``was`` and ``now`` are what was seen there: answers, or what the judge found in the credentials
    after it (then it is not ``answered``); where no line tells it, they are verdicts with their reasons.
    """

    kind: str
    clause: str
    line: str
    step: int | None
    answered: bool
    was: str
    now: str
    before: Record
    after: Record

    @property
    def id(self) -> str:
        """The cell's id, which is the same in both runs."""
        return self.after.id

    @property
    def target(self) -> str:
        """The target, by the name that it has now."""
        return self.after.target


class Changes(msgspec.Struct, frozen=True):
    """What came of comparing two runs.

    ``pairs`` are the targets that were compared, by their names in both runs; ``only_old`` and ``only_new`` those that are
    in one run alone, unless it was said which to compare.  ``rules`` are those of the kernel that one of the runs has.
    ``compared`` counts the cells that are in both, ``left_out`` those among them whose scenario, or whose actor, is another
    one now: they stand in ``scenarios`` and ``actors``.  ``appeared`` and ``vanished`` are the cells of the compared targets
    that are in one run alone, each with the reason why it is not in the other.
    """

    old: Results
    new: Results
    pairs: tuple[tuple[str, str], ...]
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    facts: tuple[FactChange, ...]
    rules: tuple[RuleChange, ...]
    compared: int
    left_out: int
    scenarios: tuple[str, ...]
    actors: tuple[str, ...]
    cells: tuple[CellChange, ...]
    appeared: tuple[tuple[Record, Why], ...]
    vanished: tuple[tuple[Record, Why], ...]

    @property
    def regressions(self) -> tuple[CellChange, ...]:
        """Cells that fail or are broken, and were not."""
        return self.of(REGRESSION)

    @property
    def lost(self) -> tuple[CellChange, ...]:
        """Cells that passed and do not apply any more, or were judged and did not run."""
        return self.of(LOST)

    @property
    def incomplete(self) -> tuple[str, ...]:
        """Why the runs cannot be compared as a whole: one of them did not come to its end, a sentence for each reason."""
        ours, theirs = ([pair[at] for pair in self.pairs] for at in (0, 1))
        return (
            *(f"the old run {why}" for why in unfinished(self.old, ours)),
            *(f"the new run {why}" for why in unfinished(self.new, theirs)),
        )

    @property
    def worse(self) -> bool:
        """Whether the new run is worse than the old one, or may be, because there are cells that cannot be compared."""
        return bool(self.regressions or self.lost or self.incomplete)

    @property
    def fixes(self) -> tuple[CellChange, ...]:
        """Cells that pass, and did not."""
        return self.of(FIX)

    @property
    def same_suite(self) -> bool:
        """Whether both runs were of the same suite: then a cell that is in one of them alone was not selected in the other."""
        return self.old.header.suite == self.new.header.suite

    def of(self, kind: str) -> tuple[CellChange, ...]:
        """The cells that changed in this way."""
        return tuple(change for change in self.cells if change.kind == kind)

    def counts(self) -> dict[str, int]:
        """How much there is of everything, in the order of a report."""
        kinds = Counter(change.kind for change in self.cells)
        return {
            "facts": len(self.facts),
            **{kind: kinds[kind] for kind in (REGRESSION, LOST, FIX, ANSWER, VERDICT)},
            "new": sum(why not in NOT_REACHED for _, why in self.appeared),
            "vanished": sum(why not in NOT_REACHED for _, why in self.vanished),
            "cut off": sum(why in NOT_REACHED for _, why in (*self.appeared, *self.vanished)),
            "compared": self.compared - self.left_out,
            "left out": self.left_out,
        }
