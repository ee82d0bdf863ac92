"""A run that is interrupted: how far it got, and how that is said wherever the signal finds it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Protocol

import pytest


class _Place(Protocol):
    @property
    def lineno(self) -> int: ...


def show_how_far(interrupt: pytest.ExceptionInfo[BaseException], done: int, of: int) -> None:
    """Says how far a run got, in place of the line of the harness at which the signal found it.

    pytest prints the message of what ``getrepr`` returns, and nothing else of it as long as no exception is named there.
    """
    whole = f" of {of:,}" if of > done else ""
    said = f"interrupted after {done:,}{whole} cells" if done else "interrupted before the first cell was done"
    shown: Any = SimpleNamespace(reprcrash=SimpleNamespace(message=said))
    interrupt.getrepr = lambda *_, **__: shown  # type: ignore[method-assign]


def show_only_known_places(interrupt: pytest.ExceptionInfo[BaseException]) -> None:
    """Leaves out of the traceback what pytest cannot show.

    A signal may arrive between two lines, at an instruction that belongs to neither; Python then knows no line number, and
    pytest, which counts with it, would end with a TypeError instead of the results so far.
    """
    interrupt.traceback = interrupt.traceback.filter(_has_a_line)


def _has_a_line(place: _Place) -> bool:
    try:
        return place.lineno >= 0
    except TypeError:
        return False
