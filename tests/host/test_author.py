"""What an author got wrong is told the author, and blamed on no target."""

from __future__ import annotations

import os
from pathlib import Path

from credstone.judge.crosscheck import mistake
from credstone.plan.cells import cells_of
from credstone.suite.load import load_suite
from host.launch import SUITES, credstone
from trial import make_suite, write_script

WRONG = """
scenario wrong
  cites works
  as    me
  via   syscall

  setuid(4294967295) = 0
"""
WRITTEN = "setuid(4294967295) = 0 is written, and the model answers EINVAL: one of the two is wrong"


def test_a_wrong_expectation_is_the_authors(tmp_path: Path) -> None:
    suite = make_suite(tmp_path)
    for target, uid in (("host", os.getuid()), ("model", 0)):
        write_script(suite, WRONG, uid=uid)
        ran = credstone(tmp_path, "trial", "--target", target, suites=suite)
        assert ran.status == 1
        assert [(cell["verdict"], cell["reason"]) for cell in ran.of("broken")] == [("broken", WRITTEN)]


def test_what_only_does_not_apply_here_is_nobodys_mistake() -> None:
    suite = load_suite(SUITES)
    asked = next(each for each in suite.scenarios if each.asked)
    for scenario in (asked, suite.scenarios[0]):
        assert not any(mistake(cell, suite.actors) for cell in cells_of(scenario, suite.actors, ["host"]))
