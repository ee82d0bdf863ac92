"""A run that is interrupted at a place that has no line."""

import sys
import types

import pytest

from credstone.plugin.interrupted import show_only_known_places


def interrupted_between_lines() -> pytest.ExceptionInfo[BaseException]:
    nowhere = types.TracebackType(None, sys._getframe(), 100_000, -1)
    assert nowhere.tb_lineno in (None, -1)  # by the version of Python
    here = types.TracebackType(nowhere, sys._getframe(), 0, 17)
    return pytest.ExceptionInfo.from_exception(KeyboardInterrupt().with_traceback(here))


def test_pytest_falls_over_a_place_without_a_line() -> None:
    """Why it is left out; when this fails, pytest can do it, and the hook may go."""
    interrupt = interrupted_between_lines()
    if interrupt.tb.tb_next is not None and interrupt.tb.tb_next.tb_lineno == -1:
        pytest.skip("this Python has a number for a place without a line")
    with pytest.raises(TypeError):
        interrupt.getrepr()


def test_a_place_without_a_line_is_left_out() -> None:
    interrupt = interrupted_between_lines()
    show_only_known_places(interrupt)
    assert "KeyboardInterrupt" in str(interrupt.getrepr(funcargs=True))
    assert [entry.lineno for entry in interrupt.traceback] == [16]
