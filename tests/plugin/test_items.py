"""The ids of items: each is one line, stands for one cell, and is found again by pytest from its text.

All with the pytest that is installed, in this process: it collects, takes each id apart, and selects by it.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from msgspec.structs import replace

from building import SCRIPT, make_suite
from credstone.plan.cells import cells_of
from credstone.plugin.items import CellItem
from credstone.plugin.state import State
from credstone.plugin.workers import target_of
from credstone.suite.load import default_folder, load_suite
from credstone.suite.select import select
from credstone.words.cell import Cell
from credstone.words.scenario import Scenario

ODD_TARGETS = ("host", "kernel:/boot/vmlinuz[1]", "image:a/b:tag+open", "image:a::()b", "image:x y", "kernel:/ä@b]")
ODD_VALUES = (
    "a b",
    "[x]",
    "]",
    "[",
    "a::b",
    "::()",
    "/x/y.scn::z",
    "it's",
    '"',
    "\\",
    "\n",
    "\t\0",
    "ü",
    "@",
    "a@b:libc",
)
NAMES = """\
scenario linux-2.6.36+fix
  cites stays-open
  as    root, user

  getuid()

scenario größe
  cites stays-open
  as    root
  with  gid in -1, 2

  setgid($gid)
"""


class Collected:
    """A plugin that keeps what a session collects."""

    def __init__(self) -> None:
        self.items: list[CellItem] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.items = [item for item in session.items if isinstance(item, CellItem)]

    @property
    def ids(self) -> list[str]:
        return [item.nodeid for item in self.items]


def collect(root: Path, arguments: Iterable[str], *options: str) -> Collected:
    """What pytest collects with these arguments."""
    found = Collected()
    quiet = ("-qq", "--collect-only", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", str(root))
    status = pytest.main([*quiet, *options, *arguments], [found])
    assert status == 0
    return found


def selected(root: Path, ids: list[str], *options: str) -> list[str]:
    """What pytest collects with these ids as its arguments."""
    return collect(root, [f"{root}/{each}" for each in ids], *options).ids


def assert_found_again(found: Collected, root: Path, *options: str) -> None:
    ids = found.ids
    assert len(set(ids)) == len(ids)
    assert all(each.isprintable() for each in ids)
    for item in found.items:
        assert item.nodeid.endswith(f"::{item.name}")
        assert parts_of(item.nodeid) == getattr(item, "id", None)
    assert sorted(selected(root, ids, *options)) == sorted(ids)


def parts_of(nodeid: str) -> object:
    """What pytest makes of an id that it reads from its cache; None of a version that keeps it as a text."""
    if importlib.util.find_spec("_pytest.nodeid") is None:
        return None
    from _pytest.nodeid import NodeId

    parts = NodeId.parse(nodeid)
    assert str(NodeId(path=parts.path, names=parts.names, params=parts.params)) == nodeid
    return parts


def test_every_cell_of_the_suites_is_found_again_by_its_id() -> None:
    root = default_folder()
    found = collect(root, [str(root)])
    assert len(found.items) > 8000
    assert_found_again(found, root)


def test_the_commands_take_the_id_of_every_item() -> None:
    suite = load_suite(default_folder())
    by_name = {
        cell.item: cell for scenario in suite.scenarios[::40] for cell in cells_of(scenario, suite.actors, ["host"])
    }
    assert len(by_name) > 100
    for name, cell in by_name.items():
        scenario = cell.scenario
        chosen = select(suite, f"suites/{scenario.page}/{scenario.script}.scn::{name}")
        assert [each.id for each in chosen.scenarios] == [scenario.id]
        assert (chosen.actor, chosen.api, chosen.abi, chosen.target) == (cell.actor.name, cell.api, cell.abi, "host")


def test_odd_names_and_targets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As far as pytest is concerned; whether there is such a target is another question."""
    monkeypatch.setattr("credstone.plugin.check_target", lambda name: None)
    root = make_suite(tmp_path / "suites", names=NAMES).folder
    targets = [f"--target={target}" for target in ODD_TARGETS]
    found = collect(root, [str(root)], *targets)
    assert {item.cell.target for item in found.items} == set(ODD_TARGETS)
    assert_found_again(found, root, *targets)


def test_values_that_are_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def scenarios(state: State, script: Path) -> list[Scenario]:
        (only,) = (each for each in load_suite(script.parent.parent).scenarios if each.name == "looking-is-free")
        return [replace(only, values=(("text", value),)) for value in ODD_VALUES]

    monkeypatch.setattr(State, "scenarios", scenarios)
    root = make_suite(tmp_path / "suites", hinges=SCRIPT).folder
    found = collect(root, [str(root)])
    assert len(found.items) == 6 * len(ODD_VALUES)
    assert_found_again(found, root)


def test_a_scenario_without_brackets_stands_for_all_its_cells() -> None:
    root = default_folder()
    there = collect(root, [str(root / "setgid.2" / "failure.scn")]).ids
    name = there[0].partition("[")[0]
    assert selected(root, [name]) == [each for each in there if each.partition("[")[0] == name]


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("setgid and root", lambda cell: "setgid" in place_of(cell) and "root" in cell.id.partition("/")[2]),
        ("libc", lambda cell: cell.api == "libc"),
        ("userns and not python", lambda cell: "userns" in cell.id and cell.api != "python"),
        ("failure.scn", lambda cell: cell.scenario.script == "failure"),
        ("host", lambda cell: True),
        ("65536", lambda cell: "65536" in cell.id),
    ],
)
def test_k_finds_pages_scripts_names_values_and_who(words: str, meant: Callable[[Cell], bool]) -> None:
    root = default_folder()
    pages = [str(root / "setgid.2"), str(root / "setuid.2")]
    found = {item.cell.id for item in collect(root, pages, "-k", words).items}
    assert found == {item.cell.id for item in collect(root, pages).items if meant(item.cell)}
    assert found


def place_of(cell: Cell) -> str:
    return f"{cell.scenario.page} {cell.scenario.script} {cell.scenario.name}"


@pytest.mark.parametrize("target", ODD_TARGETS)
def test_the_target_is_read_from_the_id(tmp_path: Path, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("credstone.plugin.check_target", lambda name: None)
    root = make_suite(tmp_path / "suites", names=NAMES).folder
    ids = collect(root, [str(root)], f"--target={target}").ids
    assert {target_of(each, ODD_TARGETS) for each in ids} == {target}
    assert target_of("tests/test_x.py::test_y[a:host]", ODD_TARGETS) == ""
