"""A program of every scenario and API: it compiles without a warning, and agrees with a run on this machine.

There are thousands; a sample is tried elsewhere, and all of them with ``pytest -m all_reproducers``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from credstone.runner import Runner
from credstone.suite.load import default_folder
from repro.agreeing import (
    compiler,
    disagreement_in_c,
    disagreement_in_python,
    disagreement_in_shell,
    needs_root,
    suite,
    verdicts,
)
from repro.sample import all_cells, shell_cells

SCRIPTS = [f"{path.parent.name}/{path.stem}" for path in sorted(default_folder().glob("*/*.scn"))]

pytestmark = [pytest.mark.all_reproducers, pytest.mark.parametrize("script", SCRIPTS)]


@compiler
def test_c(tmp_path: Path, runner: Runner, script: str) -> None:
    cells = verdicts(runner, all_cells(suite(), python=False, script=script))
    found = [disagreement_in_c(*each, tmp_path, "-O1") for each in cells]
    assert [each for each in found if each] == []


@needs_root
def test_python(tmp_path: Path, runner: Runner, script: str) -> None:
    found = [
        disagreement_in_python(*each, tmp_path)
        for each in verdicts(runner, all_cells(suite(), python=True, script=script))
    ]
    assert [each for each in found if each] == []


@needs_root
def test_shell(tmp_path: Path, runner: Runner, script: str) -> None:
    found = [disagreement_in_shell(*each, tmp_path) for each in verdicts(runner, shell_cells(suite(), script=script))]
    assert [each for each in found if each] == []
