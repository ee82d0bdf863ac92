"""What keeps a run from having tested what it was asked to: said once, with the number of cells, and with what to do.

In formats that know tests and nothing else each of these is a test that fails: a run that tested nothing must not look like
a success.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec

from credstone.report.reasons import group
from credstone.report.targets import who
from credstone.results.by_target import targets_of
from credstone.results.file import Results
from credstone.results.gaps import not_run, untested
from credstone.results.record import Record
from credstone.text.plural import counted
from credstone.text.wrap import fitted

_REASONS = 3
"""How many reasons are given of a target of which no cell applies."""
_LOOK = "'credstone doctor' says what this machine can run."


def every_cell_runs(target: str) -> str:
    """The name of the test that fails if cells of a target did not run."""
    return f"every-cell-of-{target}-runs"


class Fault(msgspec.Struct, frozen=True):
    """Something that was not tested: the targets, what is the matter in one sentence, what to do, and the name of the test."""

    targets: tuple[str, ...]
    what: str
    hint: str
    test: str

    @property
    def names(self) -> list[str]:
        """The name of the test for each target."""
        return [self.test.replace("*", target) for target in self.targets]

    @property
    def text(self) -> str:
        """The fault in one or two lines."""
        return "\n".join(filter(None, (self.what, self.hint)))

    def lines(self) -> Iterator[str]:
        """The fault as a person reads it, as every error of the command line."""
        yield from fitted(f"credstone: {self.what}", "", "  ")
        if self.hint:
            yield from fitted(self.hint, "  ", "  ")


def faults(run: Results, idle: Collection[str] = ()) -> list[Fault]:
    """All that was not tested; ``idle`` is as ``untested`` has it."""
    targets = targets_of(run)
    return [
        *_not_run(not_run(run.records), targets, "did not run"),
        *(_untested(target, [each for each in run.records if each.target == target]) for target in untested(run, idle)),
    ]


def unsaid(run: Results) -> dict[str, str]:
    """The agents that could not be had, as the header has them, without those whose reason is that of a fault."""
    said = not_run(run.records)
    return {key: reason for key, reason in run.header.unreachable.items() if reason not in said}


def cannot_run(reasons: Mapping[str, Mapping[str, int]], targets: Collection[str]) -> Iterator[str]:
    """What is said before the first cell: reasons with the number of cells that cannot run, by target (0: not known)."""
    for fault in _not_run(reasons, targets, "cannot run"):
        yield from fault.lines()


def _not_run(reasons: Mapping[str, Mapping[str, int]], targets: Collection[str], verb: str) -> Iterator[Fault]:
    """A fault for each kind of reason: what hangs, for one, may be several calls."""
    hints = {what: " ".join(hint.split()) for what, _, hint in (reason.partition("\n") for reason in reasons)}
    known = all(count for cells in reasons.values() for count in cells.values())
    told = (
        (target, reason.partition("\n")[0])
        for reason, cells in reasons.items()
        for target, count in cells.items()
        for _ in range(count or 1)
    )
    for each in group(told):
        on = who(each.cells, targets) if len(each.cells) == len(targets) else " and ".join(each.cells)
        what = f"{counted(each.cells.total()) if known else 'Cells'} of {on} {verb}: {each.told}"
        yield Fault(tuple(each.cells), what, hints[each.says] or _LOOK, every_cell_runs("*"))


def _untested(target: str, records: Iterable[Record]) -> Fault:
    reasons = [(target, part.split("\n")[0]) for record in records for part in record.reason.split("; ")]
    if not reasons:
        what = f"No cell of {target} ran, because none was selected."
        hint = "Leave the target out, or select cells that it has: see --api, --actor, --abi and -k."
        return Fault((target,), what, hint, "a-cell-of-*-runs")
    found = group(reasons)
    told = "; ".join(f"{each.says} ({counted(each.cells.total())})" for each in found[:_REASONS])
    more = f"; and {len(found) - _REASONS} more reasons" if len(found) > _REASONS else ""
    what = f"No cell of {target} ran, because none applies: {told}{more}."
    hint = "Select cells that apply there, or change what is missing: 'credstone doctor' says how on this machine."
    return Fault((target,), what, hint, "a-cell-of-*-runs")
