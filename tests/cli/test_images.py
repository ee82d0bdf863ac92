"""``credstone images``, as far as it goes without an engine."""

from __future__ import annotations

import pytest

from cli.command import credstone, refused
from credstone.targets.container.settings import load, names


@pytest.fixture(autouse=True)
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/engine.sock")


def test_the_list_needs_no_engine() -> None:
    done = credstone("images")
    assert done.status == 0
    assert done.err.startswith("credstone: No container engine answers at unix:///nowhere/engine.sock: ")
    header, *rows = done.out.splitlines()
    assert header.split() == ["name", "libc", "Python", "base", "CI", "state"]
    assert [row.split()[0] for row in rows] == names()
    assert all(row.endswith("unknown") and len(row) <= 100 for row in rows)


def test_rows_for_programs() -> None:
    (row,) = credstone("images", "image:musl-1.2.3", "--json").json()
    base = load("musl-1.2.3").from_base.image
    assert row == {
        "name": "musl-1.2.3", "libc": "musl 1.2.3", "python": "", "base": base, "ci": True, "state": "unknown",
    }  # fmt: skip


def test_a_target_that_there_is_not() -> None:
    assert refused("images", "debian-99").startswith("credstone: There is no image:debian-99 in containers/.\n")


def test_a_posture_that_there_is_not() -> None:
    assert refused("images", "build", "debian-12+nope").startswith("credstone: There is no posture 'nope'.\n")


@pytest.mark.parametrize("verb", ["build", "remove"])
def test_nothing_is_built_or_removed_without_an_engine(verb: str) -> None:
    assert refused("images", verb, status=3).startswith("credstone: No container engine answers at ")
