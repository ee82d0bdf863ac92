"""Whether an answer is what a line expects."""

from __future__ import annotations

from collections.abc import Iterable

from credstone.words.answer import Answer, Value
from credstone.words.scenario import (
    AsAsked,
    Contains,
    Expectation,
    Fails,
    Is,
    Killed,
    Lacks,
    Raises,
    Unordered,
    Within,
)


def meets(expected: Iterable[Expectation], answer: Answer) -> bool:
    """Whether this answer is one of those that a line expects; nothing is where it expects none."""
    return any(matches(each, answer) for each in expected)


def matches(expected: Expectation, answer: Answer) -> bool:
    """Whether this answer meets this expectation.  A call that wrote where it must not meets none."""
    if answer.stray:
        return False
    match expected:
        case Fails(errno):
            return answer.errno == errno
        case Raises(exception):
            return answer.exception == exception and not answer.errno
        case Killed(signal):
            return answer.killed == signal
    if answer.failed:
        return False
    match expected:
        case Is(value):
            return answer.value == value
        case Unordered(ids):
            return isinstance(answer.value, tuple) and tuple(sorted(answer.value)) == ids
        case Within(ids):
            return isinstance(answer.value, tuple) and set(answer.value) <= set(ids)
        case AsAsked():
            return False  # nobody asked for anything: such a cell does not run
        case Contains(number):
            return _holds(answer.value, number) is True
        case Lacks(number):
            return _holds(answer.value, number) is False


def _holds(value: Value, number: int) -> bool | None:
    """Whether a list has this number, or a set of bits all of these bits; None for neither, or for some of them."""
    if isinstance(value, tuple):
        return number in value
    if not isinstance(value, int):
        return None
    bits = value & number
    return {number: True, 0: False}.get(bits) if number else None
