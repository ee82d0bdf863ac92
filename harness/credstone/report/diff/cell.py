"""One cell that changed: its transcript as it is now, with what was answered before where that differs."""

from __future__ import annotations

from collections.abc import Iterator

from credstone.report.cell_id import show_id
from credstone.results.answers import comparable
from credstone.results.diff import REGRESSION, CellChange
from credstone.results.diff.cells import standing
from credstone.text.plural import counted
from credstone.text.wrap import WIDTH, fitted, short
from credstone.words.verdict import BROKEN, FAIL, UNSTABLE

_ANSWERS = 42
"""The column in which answers stand, if the calls leave room."""
_BEFORE = 6
"""How many lines before the one that differs are shown."""
_LONG = 400
"""How much of a reason is shown, in characters."""
_EVERY_CAPABILITY = -1


def show_change(change: CellChange, target: str = "", more: int = 0) -> Iterator[str]:
    """The cell, and the lines in which it shows; ``more`` is how many others there are of its kind."""
    end = (f"   [{target}]" if target else "") + (f"   and {more} more" if more else "")
    yield from show_id(change.id, end, "  ")
    for when, record in (("before", change.before), ("now", change.after)):
        if record.unstable:
            yield f"      {UNSTABLE}{record.unstable} {when}"
    yield from transcript(change)


def transcript(change: CellChange) -> Iterator[str]:
    """The lines up to the first that differs, which is marked, and the one after it."""
    mark = "✗" if change.kind == REGRESSION else ">"
    steps = change.after.steps or change.before.steps
    if change.step is None or standing(change.after) == BROKEN:
        yield from fitted(
            f"{short(change.was, _LONG) or standing(change.before)} -> {short(change.now, _LONG)}",
            f"    {mark} ",
            "        ",
        )
        return
    begin = max(0, min(change.step, len(steps)) - _BEFORE)
    if begin:
        yield f"      … {counted(begin, 'line')}"
    for number in range(begin, min(change.step + 2, len(steps))):
        call, answer = steps[number]
        marked = number == change.step
        yield from _line(f"    {mark if marked else ' '} {call}", answer, _beside(change, number, marked=marked))
    if change.step >= len(steps):
        yield from _line(f"    {mark} {change.line}", change.now, f"{short(change.was)} before")


def _beside(change: CellChange, number: int, *, marked: bool) -> str:
    """What stands beside an answer: what it was, and what was to be."""
    if marked and not change.answered:
        return _found(change)
    if comparable(change.before, number, _EVERY_CAPABILITY) == comparable(change.after, number, _EVERY_CAPABILITY):
        return ""
    was = change.before.steps[number][1] if number < len(change.before.steps) else change.before.seen or "the end"
    expected = change.after.expected if change.after.wrong == number else ""
    return f"{short(was)} before" + (f", {short(expected)} expected" if expected not in ("", was) else "")


def _found(change: CellChange) -> str:
    """What the judge found besides the answers, now and before."""
    was = f"{short(change.was)} before" if change.before.verdict == FAIL else ""
    if change.after.verdict != FAIL:
        return was
    now = f"{short(change.after.expected)} expected, {short(change.after.seen)} seen"
    return f"{now}; {was}" if was else now


def _line(call: str, answer: str, beside: str) -> Iterator[str]:
    """A line of the notation; what stands beside it goes below where there is no room."""
    left = f"{short(call, WIDTH - 24):<{_ANSWERS}} = "
    left += short(answer, max(20, WIDTH - len(left)))
    whole = f"{left:<{_ANSWERS + 14}}  {beside}".rstrip()
    if len(whole) <= WIDTH:
        yield whole
    else:
        yield left
        yield from fitted(beside, " " * 10)
