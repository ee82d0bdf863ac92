"""A run that is interrupted: how far it got is said, wherever the signal found it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import types
from pathlib import Path

import pytest

from credstone.plugin.interruption import show_how_far, show_only_known_places
from host.launch import environment_for, hear_every_signal
from host.test_faults import wait_for_agent
from trial import make_suite, waits, write_script


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


@pytest.mark.parametrize(
    ("done", "of", "said"),
    [
        (0, 9000, "interrupted before the first cell was done"),
        (1234, 9000, "interrupted after 1,234 of 9,000 cells"),
        (12, 0, "interrupted after 12 cells"),  # workers do not say before their end how many there are
    ],
)
def test_how_far_it_got(done: int, of: int, said: str) -> None:
    interrupt = interrupted_between_lines()
    show_how_far(interrupt, done, of)
    crash = interrupt.getrepr(funcargs=True).reprcrash
    assert crash is not None
    assert crash.message == said


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler (cc)")
@pytest.mark.parametrize("pytest_itself", [False, True])
def test_one_sentence_and_no_place_in_the_harness(tmp_path: Path, pytest_itself: bool) -> None:
    suite = make_suite(tmp_path)
    write_script(suite, waits(60))
    ours = ["credstone", "run", "--suites", str(suite)]
    command = ["pytest", "-q", "-p", "no:cacheprovider", str(suite)] if pytest_itself else ours
    run = subprocess.Popen(
        [sys.executable, "-m", *command, "--api", "syscall"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment_for(tmp_path), cwd=suite,
        preexec_fn=hear_every_signal,  # noqa: PLW1509 - no thread of a test is at work here
    )  # fmt: skip
    wait_for_agent(run.pid)
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=60)
    assert run.returncode == 2
    assert re.search(r"!+ interrupted after 1 of 3 cells !+\n", out), out
    for word in ("KeyboardInterrupt", "full-trace", os.sep + "credstone" + os.sep + "agent", "Traceback"):
        assert word not in out + err
