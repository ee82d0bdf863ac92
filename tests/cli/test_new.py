"""``credstone new``: what it prints, and that what it wrote runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cli.command import credstone, refused
from credstone.suite.load import default_folder


@pytest.fixture
def suites(tmp_path: Path) -> Path:
    shutil.copy(default_folder() / "actors.toml", tmp_path)
    return tmp_path


def test_a_new_page_runs(suites: Path) -> None:
    made = credstone("new", "page", "setfoo.2", "--suites", suites)
    assert made.status == 0
    assert f"wrote {suites}/setfoo.2/clauses.toml" in made.text
    assert "1. Run 'credstone clauses audit setfoo.2'." in made.text
    assert credstone("new", "scenario", "setfoo.2/daemons", "--suites", suites).status == 0
    run = credstone("run", "--suites", suites, "--target", "model")
    assert (run.status, "6 pass" in run.text) == (0, True), run.out


def test_mistakes(suites: Path) -> None:
    assert "There is no page setfoo.2" in refused("new", "scenario", "setfoo.2/daemons", "--suites", suites)
    assert "There is no kind of argument 'uid'" in refused(
        "new", "call", "setfoo", "--page", "setgid.2", "--arguments", "uid"
    )
    assert "is no suite" in refused("new", "page", "setfoo.2", "--suites", suites / "none")
    assert not (suites / "setfoo.2").exists()
