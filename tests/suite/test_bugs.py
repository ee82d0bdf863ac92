"""Faults that real systems had: each is caught by a scenario, and a mutant of the model shows that it is.

``harness/credstone/proof/bugs.toml`` says for each fault which scenarios see it and which mutants behave like it, or why neither can be.
A fault that ends in a hang or a crash has no mutant, since the model always answers; that such a cell fails is shown by
``tests/host/test_faults.py``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from credstone import proof
from credstone.proof.coverage import ModelCell, model_cells, unmet
from credstone.proof.mutants import MUTANTS
from credstone.suite.load import Suite, default_folder, load_suite

BUGS = Path(proof.__file__).with_name("bugs.toml")


class Bug(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fault: where it was, what it was, what sees it; or why nothing can.

    ``ends`` says what the scenarios see where it is no answer.
    """

    where: str
    says: str
    scenarios: tuple[str, ...] = ()
    mutants: tuple[str, ...] = ()
    ends: Literal["", "hang", "crash"] = ""
    none: str = ""


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    bug: dict[str, Bug]


@cache
def _bugs() -> dict[str, Bug]:
    return msgspec.toml.decode(BUGS.read_bytes(), type=File).bug


@cache
def _suite() -> Suite:
    return load_suite(default_folder())


@cache
def _cells() -> dict[str, list[ModelCell]]:
    cells: dict[str, list[ModelCell]] = {}
    for each in model_cells(_suite()):
        cells.setdefault(each.cell.scenario.id.partition("[")[0], []).append(each)
    return cells


def test_each_is_seen_or_says_why_not() -> None:
    assert [name for name, bug in _bugs().items() if bool(bug.scenarios) == bool(bug.none)] == []
    assert [name for name, bug in _bugs().items() if sum(map(bool, (bug.mutants, bug.ends, bug.none))) != 1] == []


@pytest.mark.parametrize("name", _bugs())
def test_its_scenarios_catch_its_mutants(name: str) -> None:
    bug = _bugs()[name]
    known = {mutant.name: mutant for mutant in MUTANTS}
    assert set(bug.scenarios) - set(_cells()) == set()
    assert set(bug.mutants) - set(known) == set()
    for each in bug.mutants:
        mutant = known[each]
        caught = (unmet(cell, mutant) for scenario in bug.scenarios for cell in _cells()[scenario])
        assert any(caught), f"none of its scenarios catches {each}"
