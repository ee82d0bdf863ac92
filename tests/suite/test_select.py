"""What a person may write on the command line, and what it stands for."""

from __future__ import annotations

from pathlib import Path

import pytest

from building import SCRIPT, make_suite
from credstone.suite.load import Suite
from credstone.suite.select import Selection, select
from credstone.words.errors import CredstoneError

LOCKS = """\
scenario a-key-opens
  cites opendoor(2)/EPERM-key
  as    root
  with  gid in 1, 2

  setgid($gid)
"""


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    return make_suite(tmp_path / "suite", hinges=SCRIPT, locks=LOCKS)


LOOKING = ["doors.2/hinges/looking-is-free"]
KEYS = ["doors.2/locks/a-key-opens[gid=1]", "doors.2/locks/a-key-opens[gid=2]"]
ALL = LOOKING + KEYS


def ids(selection: Selection) -> list[str]:
    return [scenario.id for scenario in selection.scenarios]


def test_a_page_by_its_folder_and_by_its_names(suite: Suite) -> None:
    for name in ("doors.2", "opendoor", "opendoor(2)", "shutdoor"):
        assert ids(select(suite, name)) == ALL


def test_a_script_with_and_without_its_ending(suite: Suite) -> None:
    for name in ("doors.2/locks", "doors.2/locks.scn"):
        assert ids(select(suite, name)) == KEYS


def test_a_scenario_by_its_name_alone_and_in_full(suite: Suite) -> None:
    for name in ("looking-is-free", "hinges/looking-is-free", "doors.2/hinges/looking-is-free"):
        assert ids(select(suite, name)) == LOOKING


def test_a_family_and_one_of_it(suite: Suite) -> None:
    assert ids(select(suite, "a-key-opens")) == KEYS
    assert ids(select(suite, "doors.2/locks/a-key-opens")) == KEYS
    for name in (KEYS[1], "locks/a-key-opens[gid=2]", "a-key-opens[gid=2]"):
        assert ids(select(suite, name)) == KEYS[1:]
        assert select(suite, f"{name}@root:libc").api == "libc"


def test_a_clause_stands_for_the_scenarios_that_cite_it(suite: Suite) -> None:
    assert ids(select(suite, "opendoor(2)/EPERM-key")) == KEYS
    assert ids(select(suite, "shutdoor(2)/EPERM-key")) == []


def test_a_cell(suite: Suite) -> None:
    chosen = select(suite, "doors.2/hinges/looking-is-free@user:libc")
    assert (ids(chosen), chosen.actor, chosen.api) == (LOOKING, "user", "libc")


def test_a_cell_as_a_run_shows_it_with_its_target(suite: Suite) -> None:
    chosen = select(suite, f"{KEYS[0]}@root:syscall:host")
    assert (ids(chosen), chosen.actor, chosen.api, chosen.abi) == (KEYS[:1], "root", "syscall", "")
    assert chosen.target == "host"
    assert select(suite, f"{KEYS[0]}@root:syscall:i386:host").abi == "i386"
    assert select(suite, f"{KEYS[0]}@root:syscall:image:a/b:tag+open").target == "image:a/b:tag+open"


def test_a_cell_whose_id_a_report_broke_into_two_lines(suite: Suite) -> None:
    chosen = select(suite, f"{KEYS[1]}\n      @root:syscall")
    assert (ids(chosen), chosen.actor, chosen.api) == (KEYS[1:], "root", "syscall")


def test_a_cell_by_the_id_of_its_item(suite: Suite) -> None:
    """From the suite's own folder, or from wherever the run was that printed it."""
    for script in ("doors.2/locks.scn", "../elsewhere/doors.2/locks.scn", str(suite.folder / "doors.2" / "locks.scn")):
        chosen = select(suite, f"{script}::a-key-opens[gid=2@root:libc:i386:kernel:/boot/vmlinuz[1]]")
        assert ids(chosen) == KEYS[1:]
        assert (chosen.actor, chosen.api, chosen.abi) == ("root", "libc", "i386")
        assert chosen.target == "kernel:/boot/vmlinuz[1]"
        assert ids(select(suite, f"{script}::a-key-opens")) == KEYS


def test_an_item_that_is_none(suite: Suite) -> None:
    for item in ("a-key-opens[gid=3@root:libc:host]", "a-key-opens[gid=2@user:libc:host]", "a-key[root:libc:host]"):
        with pytest.raises(
            CredstoneError, match=r"There is no item 'doors\.2/locks\.scn::.*\n  Did you mean .*a-key-opens"
        ):
            select(suite, f"doors.2/locks.scn::{item}")


def test_all_cells_of_one_actor(suite: Suite) -> None:
    chosen = select(suite, "looking-is-free@user")
    assert (chosen.actor, chosen.api) == ("user", "")


def test_a_file_of_the_suite_by_its_path(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ids(select(suite, str(suite.folder / "doors.2" / "locks.scn"))) == KEYS
    monkeypatch.chdir(suite.folder / "doors.2")
    assert ids(select(suite, "locks.scn")) == KEYS


def test_a_folder_by_its_path(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ids(select(suite, str(suite.folder / "doors.2"))) == ALL
    monkeypatch.chdir(suite.folder)
    assert ids(select(suite, ".")) == ALL
    assert ids(select(suite, "doors.2/")) == ALL


def test_a_script_that_is_not_in_the_suite_yet(suite: Suite, tmp_path: Path) -> None:
    draft = tmp_path / "doors.2" / "draft.scn"
    draft.parent.mkdir()
    draft.write_text(SCRIPT)
    assert ids(select(suite, str(draft))) == ["doors.2/draft/looking-is-free"]


def test_nothing_of_that_name_shows_what_is_near(suite: Suite) -> None:
    with pytest.raises(CredstoneError) as caught:
        select(suite, "looking-is-fre")
    assert caught.value.what == "There is nothing called 'looking-is-fre'."
    assert caught.value.hint.startswith("Did you mean looking-is-free")


def test_nothing_near_either(suite: Suite) -> None:
    for name in ("%%%%", "x" * 5000, "x/" * 2000, ""):
        with pytest.raises(CredstoneError) as caught:
            select(suite, name)
        assert caught.value.hint == "'credstone list' shows all that there is."


def test_an_unknown_actor_or_api_of_a_cell(suite: Suite) -> None:
    with pytest.raises(CredstoneError, match=r"There is no actor 'nobody'\.\n  There are root, user\."):
        select(suite, "looking-is-free@nobody:libc")
    with pytest.raises(CredstoneError, match=r"There is no API 'lib'\.\n  Did you mean libc\?"):
        select(suite, "looking-is-free@user:lib")
