"""A suite of one page and one script, for tests of what happens around a run: cells that pass, and one between them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

ACTORS = """
[me]
about = "Whoever the agent was started as."
"""
CLAUSES = """
page = "trial.2"
names = ["trial"]

[clause."trial(2)/works"]
section = "DESCRIPTION"
says = "It works."
"""
_GOOD = """
scenario good-{name}
  cites works
  as    me

  getuid() = {uid}
"""
_WAITS = """
scenario {name}
  cites works
  as    me
  via   syscall
  within {seconds} s

  {call}
"""


def make_suite(folder: Path) -> Path:
    """A suite whose script is written by the test."""
    suite = folder / "suites"
    (suite / "trial.2").mkdir(parents=True)
    (suite / "actors.toml").write_text(ACTORS)
    (suite / "trial.2" / "clauses.toml").write_text(CLAUSES)
    return suite


def write_script(suite: Path, *scenarios: str, uid: int | None = None) -> None:
    """Writes the script: a scenario that passes for ``uid`` (of this process) stands before and after those given."""
    before, after = (_GOOD.format(name=name, uid=os.getuid() if uid is None else uid) for name in ("before", "after"))
    (suite / "trial.2" / "trial.scn").write_text("\n".join([before, *scenarios, after]))


_FOR_LONG = "sigprocmask(SIG_BLOCK, SIGUSR1)\n  sigwaitinfo(SIGUSR1) = EAGAIN for n in 1..90"
"""Ninety calls, each of which takes a second."""


def waits(seconds: int, *, name: str = "waits", call: str = _FOR_LONG) -> str:
    """A scenario that is given so many seconds and, as it stands, needs more."""
    return _WAITS.format(name=name, seconds=seconds, call=call)


def verdicts(cells: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """The verdict on each scenario, by its name."""
    return {cell["scenario"].rpartition("/")[2]: cell["verdict"] for cell in cells}
