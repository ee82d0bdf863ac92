"""Variants of the model that each break one rule, the way a real system once broke it or the way it could be got wrong.

Every one must be caught by the declared expectation of a scenario: a suite that cannot fail proves nothing.  Where a
real system did so, the sentence of the mutant names it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter

from credstone.model.rules import Mutant

MUTANTS: tuple[Mutant, ...] = tuple(
    mutant
    for module in pkgutil.iter_modules(__path__)
    for mutant in getattr(importlib.import_module(f"{__name__}.{module.name}"), "MUTANTS", ())
)
"""All of them, page by page."""


def _refuse_twins() -> None:
    twins = [name for name, count in Counter(mutant.name for mutant in MUTANTS).items() if count > 1]
    if twins:
        raise ValueError(f"two mutants are called {twins[0]}")


_refuse_twins()
