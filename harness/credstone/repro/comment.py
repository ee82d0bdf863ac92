"""What stands at the head of a program: what it shows, who promises that, and what is expected."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator

import msgspec

from credstone.notation.show import show_expectations, show_line
from credstone.repro.repeated import folded
from credstone.suite.load import Suite
from credstone.words.call import Word
from credstone.words.cell import Cell
from credstone.words.scenario import Line

WIDTH = 100
_API = {"syscall": "by raw system calls", "libc": "through the C library", "python": "through Python"}


def comment(cell: Cell, suite: Suite, how: str, by: str = "", *, dies: bool = False) -> list[str]:
    """The lines of the comment, without the signs that make them one.

    ``how`` says how to run the program, ``by`` through what it makes the calls, where that is not the API of the cell.
    ``dies`` is whether a program that hangs or crashes is ended by a signal, and has no status of its own.
    """
    scenario, clauses = cell.scenario, suite.clauses
    lines = [cell.id, ""]
    if scenario.about:
        lines += [*_wrapped(scenario.about), ""]
    for cited in scenario.cites:
        clause = clauses[cited]
        page = cited.split("/", 1)[0]
        lines += [f"{cited}  ({page}, {clause.section})", *_wrapped(clause.says, "    ")]
        lines += _wrapped(f"Erratum: {clause.erratum}", "    ") if clause.erratum else []
    lines += ["", *_wrapped(f"Expected of {cell.actor.name}, {by or _API[cell.api]}:"), ""]
    if scenario.load:
        lines += [f"    while {scenario.load} threads come and go", ""]
    if scenario.watch:
        lines += [f"    while {scenario.watch} threads watch each other", ""]
    lines += [f"    {line}" for line in _script(scenario.lines)]
    return [
        *lines,
        "",
        *_wrapped(how),
        *_wrapped(
            f"Status: 0 as expected; {'1 or a signal' if dies else '1'} not so: another answer, none within "
            f"{patience(cell)} s, or a crash; "
            f"2 the set-up is not possible{'' if cell.actor.as_started else ' (it takes root)'}."
        ),
    ]


def patience(cell: Cell) -> int:
    """The seconds that a program has for all it does."""
    return math.ceil(cell.scenario.patience / 1000)


def watches_itself(cell: Cell) -> bool:
    """Whether a program has nobody to watch it: the process that a runtime started cannot be a copy of itself."""
    return cell.actor.as_started and not cell.scenario.files


def _script(lines: tuple[Line, ...]) -> Iterator[str]:
    calls = [show_line(line) for line in lines]
    width = max((len(call) for call in calls if len(call) < 60), default=0)
    shown = [f"{call:<{width}}  {show_expectations(line)}".rstrip() for call, line in zip(calls, lines, strict=True)]
    for times, run in folded(shown):
        yield from run
        if times > 1:
            yield f"  (the last {f'{len(run)} lines' if len(run) > 1 else 'line'} {times} times)"


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(" ".join(text.split()), WIDTH, initial_indent=indent, subsequent_indent=indent)


def expectations(line: Line) -> list[str]:
    """What a line may answer, each possibility as the programs print answers."""
    return [
        show_expectations(msgspec.structs.replace(line, expected=(one,)), plain=True).removeprefix("= ")
        for one in line.expected
    ]


def kind_of(line: Line) -> str:
    """Whether what a line's answer ``holds`` are ids, or ``bits``."""
    asked = line.asked
    lists = asked.name.startswith(("getgr", "getres")) or asked.arguments[-1:] == (Word("Groups"),)
    return "holds" if lists else "bits"
