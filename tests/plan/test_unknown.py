"""Cells in which a rule would decide that a kernel may have or not."""

from __future__ import annotations

from building import facts, scenario
from credstone.plan.setup import plan_actor
from credstone.plan.unknown_rules import unknown_for
from credstone.words.actor import Actor
from credstone.words.cell import Cell

ROOT = Actor(name="root", about="", uid=0, gid=0, groups=(), capabilities="all")
BUILD = "5.10.0-30-amd64"


def unknown(lines: str, kernel: str, version: str = "") -> list[str]:
    known = facts(kernel=kernel, kernel_version=version)
    cell = Cell(scenario(lines), ROOT, "syscall", "host")
    return unknown_for(cell, plan_actor(ROOT, {}, known).setup, known)


def test_a_rule_that_decides_makes_the_cell_unsupported_where_the_level_is_not_told() -> None:
    (reason,) = unknown("  setfsuid(1000)\n  setresuid(-1, -1, -1) = 0", BUILD)
    assert reason.endswith("since Linux 6.3 and 5.10.179, and this kernel tells no more than 5.10")


def test_a_kernel_that_tells_its_level_has_the_rule_or_not() -> None:
    lines = "  setfsuid(1000)\n  setresuid(-1, -1, -1) = 0"
    assert unknown(lines, "5.10.178") == unknown(lines, "5.10.179") == []
    assert unknown(lines, BUILD, "#1 SMP Debian 5.10.223-1 (2024-08-10)") == []


def test_what_does_not_turn_on_such_a_rule_runs() -> None:
    assert unknown("  setresuid(-1, -1, -1) = 0\n  setresuid(5, 5, 5) = 0\n  setuid(5) = 0", BUILD) == []
    assert unknown("  subprocess(user=1) child getuid()", BUILD) == []
