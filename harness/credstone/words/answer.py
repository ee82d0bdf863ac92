"""What a call answered: a value, an errno, or an exception."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

Value: TypeAlias = int | str | tuple[int, ...] | None


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """The answer of one call, as the caller saw it.

    ``errno`` is the symbolic name of a failure, empty after success; ``value`` is what the call gave (a number, the
    ids of a list or a triple, a text), -1 after a failure.  ``exception`` is the class that Python raised, if any.
    ``stray`` counts the bytes that the call changed outside of what its page lets it write: 0 for a sound call.
    ``killed`` is the signal that ended the process in the call, such as ``SIGABRT``; no agent answers so, the judge
    and the model do where a cell ended.
    """

    errno: str = ""
    value: Value = 0
    exception: str = ""
    stray: int = 0
    killed: str = ""

    @property
    def failed(self) -> bool:
        """Whether the call refused, in whatever way its API says so."""
        return bool(self.errno or self.exception or self.killed)


def refused(errno: str) -> Answer:
    """The answer of a call that failed with this errno."""
    return Answer(errno, -1)
