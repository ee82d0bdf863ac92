"""Whether an answer is what a line expects."""

from __future__ import annotations

from credstone.words.answer import Answer
from credstone.words.scenario import Contains, Expectation, Fails, Is, Lacks, Raises, Unordered


def matches(expected: Expectation, answer: Answer) -> bool:
    """Whether this answer meets this expectation.  A call that wrote where it must not meets none."""
    if answer.stray:
        return False
    match expected:
        case Fails(errno):
            return answer.errno == errno
        case Raises(exception):
            return answer.exception == exception and not answer.errno
    if answer.failed:
        return False
    match expected:
        case Is(value):
            return answer.value == value
        case Unordered(ids):
            return isinstance(answer.value, tuple) and tuple(sorted(answer.value)) == ids
        case Contains(number):
            return isinstance(answer.value, tuple) and number in answer.value
        case Lacks(number):
            return isinstance(answer.value, tuple) and number not in answer.value
