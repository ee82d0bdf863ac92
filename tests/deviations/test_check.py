"""Entries that speak of what the suite does not have; and that those which are kept here do not."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from credstone.deviations.check import refuse_mistaken
from credstone.deviations.file import read_deviations
from credstone.notation.mistake import Mistake
from credstone.suite.load import Suite, default_folder, load_suite
from credstone.targets.qemu_user import PROGRAMS
from deviations.recorded import TEXT, read, write
from mistaken import well_shown

CONTAINERS = Path(__file__).resolve().parents[2] / "containers"
STANDINS = CONTAINERS.parent / "standins"
AGAIN = "\n" + TEXT[TEXT.index("[[") :]


@pytest.fixture(scope="module")
def suite() -> Suite:
    """The page that the entries speak of."""
    folder = default_folder()
    return load_suite(folder, scripts=[folder / "initgroups.3" / "members.scn"])


def mistake(suite: Suite, folder: Path, text: str, postures: tuple[str, ...] | None = None) -> Mistake:
    found = read(folder, text)
    with pytest.raises(Mistake) as caught:
        refuse_mistaken(found, suite, postures)
    return well_shown(caught.value, text, str(write(folder, text)))


def test_what_is_right_is_not_refused(suite: Suite, tmp_path: Path) -> None:
    refuse_mistaken(read(tmp_path), suite)


def test_a_cell_that_there_is_not(suite: Suite, tmp_path: Path) -> None:
    for pattern in ("initgroups.3/members/more-than-32@*:*", "initgroups.3/members/*@nobody:*", "setgid.2/x/y@*:*"):
        found = mistake(suite, tmp_path, TEXT.replace('@*:*"', f'@*:*", "{pattern}"'))
        assert (found.message, found.line) == (f"no cell of the suite is called {pattern}", 7)


def test_a_clause_that_there_is_not(suite: Suite, tmp_path: Path) -> None:
    found = mistake(suite, tmp_path, TEXT.replace("all-groups-of-user", "all-groups-of-users"))
    assert found.message.startswith("there is no clause initgroups(3)/all-groups-of-users; did you mean ")
    assert found.line == 8


def test_a_line_that_there_is_not(suite: Suite, tmp_path: Path) -> None:
    found = mistake(suite, tmp_path, TEXT.replace('"alice", *', '"bob", *'))
    assert found.message.endswith(' has no line initgroups("bob", *)')
    assert found.line == 9


def test_a_cell_that_is_recorded_twice(suite: Suite, tmp_path: Path) -> None:
    found = mistake(suite, tmp_path, TEXT + AGAIN)
    assert found.message.endswith(" is recorded for groups-of-32 in line 6 already")
    assert found.line == 14


def test_twice_in_postures_that_exclude_each_other(suite: Suite, tmp_path: Path) -> None:
    def in_postures(one: str, other: str) -> str:
        return f'{TEXT}postures = ["{one}"]\n{AGAIN}postures = ["{other}"]\n'

    refuse_mistaken(read(tmp_path, in_postures("open", "defaults")), suite, ["open"])
    refuse_mistaken(read(tmp_path, in_postures("open", "open+user")), suite, ["open", "user"])
    assert "already" in mistake(suite, tmp_path, in_postures("open+user", "user+open")).message


def test_a_posture_that_there_is_not(suite: Suite, tmp_path: Path) -> None:
    found = mistake(suite, tmp_path, TEXT + 'postures = ["defaults", "user+opne"]\n', ("open", "user"))
    assert (found.message, found.line) == ("there is no posture 'opne'", 12)


def test_the_deviations_that_are_kept_here() -> None:
    postures = tomllib.loads((CONTAINERS / "postures.toml").read_text())
    whole = load_suite(default_folder())
    files = dict.fromkeys(sorted(CONTAINERS.glob("*/deviations.toml")), postures)
    files |= {path: dict(PROGRAMS) for path in sorted(STANDINS.glob("*/deviations.toml"))}
    assert len(files) > 3
    for path, ways_to_run in files.items():
        refuse_mistaken(read_deviations(path), whole, list(ways_to_run))
