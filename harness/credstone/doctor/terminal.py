"""What was found, as a person reads it: a line for each thing, below it the cells that need it and what would change that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from credstone.doctor.checks import Check
from credstone.doctor.engines import BASE, READY, Engine
from credstone.doctor.machine import size
from credstone.doctor.needs import Examined
from credstone.text.plural import counted
from credstone.text.wrap import fitted

_NAMES = 17
_MARKS = {True: "yes", False: "no", None: "?"}
_MARGIN = 6 + _NAMES


def show_checks(checks: Iterable[Check]) -> Iterator[str]:
    """A line for each check."""
    for each in checks:
        yield from _line(each.ok, each.name, each.says)
        if each.cells:
            yield from _below(_why(each))
        if each.change:
            yield from _command(each.change)


def show_engines(engines: Iterable[Engine]) -> Iterator[str]:
    """A line for each engine, what it has, and what of the postures it runs."""
    for each in engines:
        name = each.address.rpartition("/")[2].removesuffix(".sock") or "engine"
        if not each.there:
            yield from _line(False, name, each.says)
            if each.postures:
                yield from _below(f"no posture {', '.join(each.postures)}")
            yield from _command(each.change)
            continue
        room = f", {size(each.free)} free" if each.free >= 0 else ""
        yield from _line(True, name, f"{each.says} at {each.place}, {each.runtime}{room}")
        if each.images:
            yield from _below(_images(each.images))
        for posture, runtime in each.absent.items():
            yield from _below(f"no posture {posture}: it knows no runtime {runtime}")
        yield from _command(each.change)


def show_outcome(examined: Examined) -> str:
    """The last line: how many cells can run."""
    return f"{examined.target}: {examined.can_run} of {counted(examined.cells)} can run"


def _images(images: dict[str, str]) -> str:
    states = Counter(images.values())
    told = f"{states[READY]} of the {len(images)} images in containers/ are ready"
    return told + (f", of {states[BASE]} the base" if states[BASE] else "") + ": credstone images"


def _why(check: Check) -> str:
    """How many cells do not run for this, and the most frequent reason of the planner's."""
    count = counted(check.cells)
    first, *others = check.reasons
    told = "" if first == check.says and not others else f": {first}"
    more = f" (and {counted(len(others), 'other reason')})" if others else ""
    return f"{count} cannot run{told}{more}"


def _line(ok: bool | None, name: str, says: str) -> list[str]:
    return fitted(f"{_MARKS[ok]:<5} {name:<{_NAMES - 1}} {says}", "", " " * _MARGIN)


def _below(text: str) -> list[str]:
    return fitted(text, " " * _MARGIN, " " * _MARGIN)


def _command(change: str) -> list[str]:
    """What would change it, in one piece: it is there to be copied."""
    return [f"{'':<{_MARGIN}}> {change}"] if change else []
