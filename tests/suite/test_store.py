"""What is kept from run to run stands in the virtual environment, and nowhere else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from credstone.local.cache import folder_for


def test_a_virtual_environment_has_a_folder_of_that_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    for _ in range(2):
        assert folder_for("scripts") == tmp_path / "var" / "credstone" / "scripts"
        assert (tmp_path / "var" / "credstone" / "scripts").is_dir()


def test_nothing_is_kept_in_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    assert folder_for("scripts") is None


def test_nothing_is_kept_where_no_folder_can_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "var").write_text("")
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert folder_for("scripts") is None
