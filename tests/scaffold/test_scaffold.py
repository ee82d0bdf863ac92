"""New calls, pages and scenarios: what is written can be used at once, and no file is overwritten."""

from __future__ import annotations

import ast
import importlib
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from credstone.calls.kinds import KINDS
from credstone.cli import new as verb
from credstone.scaffold import call as scaffold_call
from credstone.scaffold.call import FOLDERS, new_call
from credstone.scaffold.draft import Draft, source_tree
from credstone.scaffold.page import new_page
from credstone.scaffold.scenario import new_scenario
from credstone.suite.load import Suite, default_folder, load_suite
from credstone.words.errors import CredstoneError, MachineError

ROOT = Path(__file__).parents[2]
SUITE = load_suite(default_folder(), ())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A suite with the actors of ours, and no page."""
    shutil.copy(default_folder() / "actors.toml", tmp_path)
    return tmp_path


def suite_of(folder: Path) -> Suite:
    return load_suite(folder)


def refusal(make: Callable[[], object]) -> str:
    with pytest.raises(CredstoneError) as caught:
        make()
    assert caught.value.hint
    return caught.value.what


def test_a_page_can_be_loaded(folder: Path) -> None:
    new_page(suite_of(folder), "setfoo.2").write()
    suite = suite_of(folder)
    assert list(suite.clauses) == ["setfoo(2)/first-promise"]
    (scenario,) = suite.scenarios
    assert (scenario.id, scenario.cites) == ("setfoo.2/first/the-first-promise-holds", ("setfoo(2)/first-promise",))


def test_a_scenario_can_be_loaded(folder: Path) -> None:
    new_page(suite_of(folder), "setfoo.2").write()
    new_scenario(suite_of(folder), "setfoo.2/daemons").write()
    new_scenario(suite_of(folder), "setfoo.2/sudo/it-keeps-its-ids").write()
    found = {scenario.id for scenario in suite_of(folder).scenarios}
    assert {"setfoo.2/daemons/daemons", "setfoo.2/sudo/it-keeps-its-ids"} < found


@pytest.mark.parametrize("name", ["setfoo", "setfoo.0", "../setfoo.2", "set foo.2", ".2", "a/setfoo.2"])
def test_a_page_has_the_name_of_a_man_page(folder: Path, name: str) -> None:
    assert "is not the name of a man page" in refusal(lambda: new_page(suite_of(folder), name))


@pytest.mark.parametrize(
    "name", ["setfoo.2", "setfoo.2/", "setfoo.2/a/b/c", "setfoo.2/../a", "setfoo.2/A", "setfoo.2/-a"]
)
def test_a_scenario_has_a_name_of_two_or_three_parts(folder: Path, name: str) -> None:
    new_page(suite_of(folder), "setfoo.2").write()
    assert "does not name a new script" in refusal(lambda: new_scenario(suite_of(folder), name))


def test_nothing_is_overwritten(folder: Path) -> None:
    first = new_page(suite_of(folder), "setfoo.2")
    first.write()
    (folder / "setfoo.2" / "first.scn").write_text("mine\n")
    assert "exists already" in refusal(first.write)
    assert (folder / "setfoo.2" / "first.scn").read_text() == "mine\n"
    shutil.copytree(default_folder() / "setgid.2", folder / "setgid.2")
    suite = load_suite(folder, ())
    assert "there is a page" in refusal(lambda: new_page(suite, "setgid.2")).lower()
    assert "exists already" in refusal(lambda: new_scenario(suite, "setgid.2/saved-gid"))


def test_nothing_is_written_if_one_file_exists(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("")
    draft = Draft({tmp_path / "a": "", tmp_path / "b": "new"}, (), {tmp_path / "c": "more"})
    assert "exists already" in refusal(draft.write)
    assert [file.name for file in tmp_path.iterdir()] == ["b"]


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(MachineError, match="a cannot be written: "):
        Draft({tmp_path / "a" / "b": ""}, ()).write()


def test_a_scenario_needs_its_page() -> None:
    assert "There is no page setfoo.2" in refusal(lambda: new_scenario(SUITE, "setfoo.2/daemons"))


def draft_of(root: Path, *kinds: str, name: str = "setfoo", table: str = "ids", apis: tuple[str, ...] = ()) -> Draft:
    return new_call(root, SUITE, name, kinds, page="setgid.2", table=table, apis=apis)


def test_a_call_is_added_behind_the_rows_of_its_table(tmp_path: Path) -> None:
    table = tmp_path / "harness" / "credstone" / "calls" / "ids.toml"
    table.parent.mkdir(parents=True)
    shutil.copy(ROOT / "harness" / "credstone" / "calls" / "ids.toml", table)
    before = tomllib.loads(table.read_text())
    draft_of(tmp_path, "id", "id", apis=("libc", "syscall")).write()
    added = {"setfoo": {"forms": ["id id"], "apis": ["syscall", "libc"]}}
    assert tomllib.loads(table.read_text()) == before | added


def test_the_function_of_the_model_has_no_rules(tmp_path: Path) -> None:
    draft = draft_of(tmp_path, *KINDS, *KINDS)
    (stub,) = draft.files.values()
    tree = ast.parse(stub)
    imported = [
        (node.module or "", name.name) for node in tree.body if isinstance(node, ast.ImportFrom) for name in node.names
    ]
    assert [f"{module}.{name}" for module, name in imported if not hasattr(importlib.import_module(module), name)] == []
    (function,) = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    names = [argument.arg for argument in function.args.args]
    assert len(set(names)) == len(names) == 1 + 2 * len(KINDS)
    assert isinstance(function.body[-1], ast.Raise)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: draft_of(ROOT, name="setgid"), "The call setgid is declared already."),
        (lambda: draft_of(ROOT, name="execv"), "Scripts call it exec."),
        (lambda: draft_of(ROOT, name="set-foo"), "'set-foo' is not the name of a call."),
        (lambda: draft_of(ROOT, "ids"), "There is no kind of argument 'ids'."),
        (lambda: draft_of(ROOT, table="ID"), "There is no table of calls 'ID'."),
        (lambda: new_call(ROOT, SUITE, "setfoo", (), page="no.2", table="ids", apis=()), "There is no page no.2."),
    ],
)
def test_a_call_that_cannot_be_declared(make: Callable[[], object], says: str) -> None:
    assert refusal(make) == says


def test_every_table_has_its_folder() -> None:
    package = ROOT / "harness" / "credstone"
    assert set(FOLDERS) == {file.stem for file in (package / "calls").glob("*.toml")} == set(get_args(verb.Table))
    assert all((package / "model" / folder).is_dir() for folder in FOLDERS.values())


def test_every_kind_has_a_reader() -> None:
    arguments = importlib.import_module("credstone.model.arguments")
    readers = {scaffold_call._reader(kind) for kind in KINDS}
    assert [reader for reader in readers if not hasattr(arguments, reader)] == []


def test_the_places_that_the_steps_name_exist() -> None:
    words = " ".join(draft_of(ROOT, "id").steps).replace("'", " ").replace(":", " ").replace(",", " ").split()
    places = {word for word in words if word.startswith("harness/") and not word.endswith("/setfoo.py")}
    assert len(places) > 1
    assert [place for place in places if not list(ROOT.glob(place.rstrip(".")))] == []


def test_this_is_a_source_tree() -> None:
    assert source_tree() == ROOT


@pytest.mark.parametrize(
    "command",
    [
        lambda: verb.write_call("setfoo", page="setgid.2"),
        lambda: verb.write_page("setfoo.2"),
        lambda: verb.write_scenario("setgid.2/daemons"),
    ],
)
def test_an_installed_package_is_not_changed(monkeypatch: pytest.MonkeyPatch, command: Callable[[], int]) -> None:
    monkeypatch.setattr(verb, "source_tree", lambda: None)
    assert "installed" in refusal(command)
