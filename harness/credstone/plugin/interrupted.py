"""A run that is interrupted, wherever the signal finds it."""

from __future__ import annotations

from typing import Protocol

import pytest


class _Place(Protocol):
    @property
    def lineno(self) -> int: ...


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
