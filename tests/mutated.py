"""The command line, or pytest, with mutants of the model as targets, ``mutant:NAME[+POSTURE]``; run as a program.

The deviations of ``mutant:NAME`` stand in ``NAME.toml`` of the folder that the variable BESIDE names.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

import credstone.targets
from credstone.proof.mutants import MUTANTS
from credstone.targets.base import Target
from credstone.targets.model import ModelTarget

KIND = "mutant:"


class Deviating(ModelTarget):
    """A target that is wrong in one way, and may have that recorded."""

    def __init__(self, name: str) -> None:
        mutant = name.removeprefix(KIND).partition("+")[0]
        super().__init__(next(each for each in MUTANTS if each.name == mutant))
        self.name = name
        self.deviations = Path(os.environ.get("BESIDE", ".")) / f"{mutant}.toml"


def main() -> None:
    """Puts mutants among the targets, and runs a verb; or pytest, with what comes after that word."""
    known, check = credstone.targets.open_target, credstone.targets.check_target

    def opened(name: str) -> Target:
        return Deviating(name) if name.startswith(KIND) else known(name)

    credstone.targets.open_target = opened
    credstone.targets.check_target = lambda name: None if name.startswith(KIND) else check(name)
    from credstone.cli import main as credstone_main

    if sys.argv[1] == "pytest":
        sys.exit(pytest.main(sys.argv[2:]))
    credstone_main()


if __name__ == "__main__":
    main()
