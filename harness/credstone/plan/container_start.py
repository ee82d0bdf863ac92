"""Scenarios on what a container runtime was asked for, as they run on a target: its facts say what that was.

The scenario that people name and count is the one with the words of the script; this one has numbers in their places.  A
line whose expectation or argument is a list that is asked for one by one (``contains $asked-groups``) is performed once
for each.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from credstone.words.call import Argument, Call, Items, Word
from credstone.words.container_start import CONDITIONS, NOBODY_ASKED, PLACEHOLDERS, Asked, Due
from credstone.words.scenario import (
    ASKED_GID,
    AsAsked,
    Contains,
    Expectation,
    Is,
    Lacks,
    Line,
    Scenario,
    Unordered,
    Within,
)

replace = msgspec.structs.replace

NO_GROUPS = "no additional groups were asked for"


def as_asked(scenario: Scenario, asked: Asked | None) -> tuple[Scenario, tuple[str, ...]]:
    """The scenario for this Asked, and the reasons why there is none; then it is the one of the script."""
    if not scenario.speaks_of_asked:
        return scenario, ()
    if asked is None:
        return scenario, (NOBODY_ASKED,)
    missing = [CONDITIONS[name].otherwise for name in scenario.asked if not CONDITIONS[name].holds(asked)]
    missing += [PLACEHOLDERS[word].absent for word in _words(scenario) if PLACEHOLDERS[word].value(asked) is None]
    if not asked.groups and any(_one_by_one(line) for line in scenario.lines):
        missing.append(NO_GROUPS)
    if missing:
        return scenario, tuple(dict.fromkeys(missing))
    files = tuple(replace(file, group=asked.gid) if file.group == ASKED_GID else file for file in scenario.files)
    lines = tuple(each for line in scenario.lines for each in _lines(line, asked))
    return replace(scenario, files=files, lines=lines), ()


def _words(scenario: Scenario) -> Iterator[str]:
    """The words for what was asked, as they stand in a scenario."""
    for line in scenario.lines:
        for expected in line.expected:
            if isinstance(expected, AsAsked):
                yield from (part for part in expected.parts if isinstance(part, str))
        yield from (each.word for each in _flat(line.call) if isinstance(each, Word) and each.word in PLACEHOLDERS)


def _flat(call: Call) -> Iterator[Argument]:
    for argument in call.arguments:
        yield from argument.items if isinstance(argument, Items) else (argument,)


_GROUPS = "$asked-groups"


def _one_by_one(line: Line) -> bool:
    """Whether a line asks for each of the additional groups by itself."""
    if Word(_GROUPS) in line.call.arguments:
        return True
    return any(
        isinstance(each, AsAsked) and each.form in ("contains", "lacks") and _GROUPS in each.parts
        for each in line.expected
    )


def _lines(line: Line, asked: Asked) -> Iterator[Line]:
    if not _one_by_one(line):
        yield _line(line, asked, asked.groups)
        return
    for group in asked.groups:
        yield _line(line, asked, group)


def _line(line: Line, asked: Asked, groups: Due) -> Line:
    """A line with what was asked in place; ``groups`` is what the additional groups are there, all or one of them."""

    def due(part: int | str) -> Due:
        if isinstance(part, int):
            return part
        return groups if part == _GROUPS else PLACEHOLDERS[part].value(asked)

    def argument(given: Argument) -> Argument:
        if isinstance(given, Items) and given.numbers is None:
            return Items(tuple(number for each in given.items for number in _spread(due_of(each))))
        return due_of(given)

    def due_of(given: Argument) -> Argument:
        if not (isinstance(given, Word) and given.word in PLACEHOLDERS):
            return given
        value = due(given.word)
        return value if isinstance(value, int) else Items(tuple(_numbers([value])))

    call = replace(line.call, arguments=tuple(argument(each) for each in line.call.arguments))
    expected = tuple(_expectation(each, [due(part) for part in each.parts]) if isinstance(each, AsAsked) else each
                     for each in line.expected)  # fmt: skip
    return replace(line, call=call, expected=expected)


def _spread(argument: Argument) -> tuple[Argument, ...]:
    return argument.items if isinstance(argument, Items) else (argument,)


def _numbers(parts: list[Due]) -> list[int]:
    """Numbers, with those of lists among them."""
    found: list[int] = []
    for part in parts:
        found.extend(part if isinstance(part, tuple) else [part] if isinstance(part, int) else [])
    return found


def _expectation(expected: AsAsked, parts: list[Due]) -> Expectation:
    numbers = _numbers(parts)
    match expected.form:
        case "ids":
            return Is(parts[0] if len(parts) == 1 else tuple(numbers))
        case "list":
            return Is(tuple(numbers))
        case "set":
            return Unordered(tuple(sorted(set(numbers))))
        case "within":
            return Within(tuple(sorted(set(numbers))))
        case "contains":
            return Contains(numbers[0])
        case _:
            return Lacks(numbers[0])
