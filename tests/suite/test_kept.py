"""What is kept of scripts that were read before never changes what is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from credstone.notation.mistake import Mistake, refuse
from credstone.notation.script import read_script
from credstone.suite import cache as kept
from credstone.suite.load import default_folder, load_suite
from credstone.words.scenario import Scenario

SCRIPT = "# Why.\nscenario looking\n  cites a(2)/b\n  as root\n\n  getuid() = 0\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kept, "_place", lambda: tmp_path)
    return tmp_path


def read(text: str, path: str = "a.2/b.scn") -> list[Scenario]:
    script = kept.examined(text, "a.2", "b", path)
    refuse(script.mistakes)
    return script.scenarios


def test_the_second_time_nothing_is_parsed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = read(SCRIPT)
    monkeypatch.setattr(kept, "examine", None)
    assert read(SCRIPT) == first
    assert [scenario.path for scenario in read(SCRIPT, "elsewhere")] == ["elsewhere"]


def test_another_text_is_read_anew_and_replaces_the_old(place: Path) -> None:
    read(SCRIPT)
    changed = SCRIPT.replace("= 0", "= 7")
    assert read(changed) == read_script(changed, "a.2", "b", "a.2/b.scn")
    assert len(list(place.iterdir())) == 1


def test_what_is_spoilt_is_not_believed(place: Path) -> None:
    first = read(SCRIPT)
    (file,) = place.iterdir()
    file.write_bytes(b"\xff")
    assert read(SCRIPT) == first


def test_mistakes_are_not_kept(place: Path) -> None:
    for _ in range(2):
        with pytest.raises(Mistake):
            read("scenario\n")
    assert list(place.iterdir()) == []


def test_all_scripts_come_back_as_they_were_read(place: Path) -> None:
    whole = [load_suite(default_folder()).scenarios for _ in range(2)]
    assert whole[0] == whole[1]
