"""How far a run is: bars that are gone at its end, lines where nobody looks on, colour only where it is wanted."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest

from credstone.plugin import progress
from credstone.plugin.progress import Shown
from credstone.plugin.state import STATE
from credstone.results.record import Record
from credstone.words.verdict import FAIL
from report.outcomes import changed
from report.pages import cell

PAGE = ["getgroups.2", "--target", "model", "--api", "syscall"]
BAR, ESCAPE, ERASED = "━", "\x1b[", "\x1b[2K"


def on_terminal(*arguments: str, **environment: str) -> str:
    """All that a run writes to a terminal."""
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "credstone", "run", *PAGE, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", **environment},
    )
    os.close(theirs)
    written = b""
    try:
        while read := os.read(ours, 65536):
            written += read
    except OSError:  # nobody has the other end any more
        pass
    os.close(ours)
    assert running.wait(60) == 0
    return written.decode()


def piped(*arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "credstone", "run", *PAGE, *arguments],
        capture_output=True, text=True, check=True, env={**os.environ, **environment},
    )  # fmt: skip
    return done.stdout + done.stderr


def test_a_terminal_has_bars_while_it_runs_and_the_summary_at_the_end() -> None:
    written = on_terminal("--target", "host")
    bars, _, rest = written.rpartition(ERASED)
    assert BAR in bars
    assert "all targets" in bars
    assert BAR not in rest
    assert "differences: 0 of" in rest


def test_a_pipe_has_neither_bars_nor_letters_nor_colours() -> None:
    written = piped()
    assert BAR not in written
    assert ESCAPE not in written
    assert written.lstrip().startswith("model: kernel model"), "no letters before it"


def test_colour_where_it_is_wanted() -> None:
    green = "\x1b[32m"
    assert green in on_terminal()
    assert green not in on_terminal(NO_COLOR="1")
    assert green not in on_terminal("--color", "never")
    assert green in piped("--color", "always")


class TestLines:
    """Without a terminal a long run says now and then how far it is."""

    def lines(self, capsys: pytest.CaptureFixture[str], *records: Record) -> list[str]:
        shown = Shown("auto")
        ids = [f"x.scn::y[root:libc:{target}]" for target in ["image:a"] * 4 + ["image:a:b"]]
        shown.pytest_xdist_node_collection_finished(_node("image:a", "image:a:b"), ids)
        for record in records:
            report = SimpleNamespace(credstone=[msgspec.to_builtins(record)])
            shown.pytest_runtest_logreport(cast("pytest.TestReport", report))
        return capsys.readouterr().out.splitlines()

    def test_what_is_done_and_what_went_wrong(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(progress, "EVERY", 0.0)
        monkeypatch.setattr(progress, "is_terminal", bool)
        told = self.lines(capsys, cell("image:a"), changed(cell("image:a"), verdict=FAIL), cell("image:a:b"))
        assert [line.split(";")[0] for line in told] == [
            "image:a: 1 of 4 cells", "image:a: 2 of 4 cells, 1 fail", "image:a:b: 1 of 1 cell",
        ]  # fmt: skip

    def test_a_short_run_says_nothing(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(progress, "is_terminal", bool)
        assert self.lines(capsys, cell("image:a")) == []


def _node(*targets: str) -> Any:
    config = SimpleNamespace(stash={STATE: SimpleNamespace(options=SimpleNamespace(targets=list(targets)))})
    return SimpleNamespace(config=config)
