"""Reading deviations.toml: what an entry must have, and how a mistake in it is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from credstone.deviations.file import read_deviations, whose
from credstone.notation.mistake import Mistake
from credstone.words.errors import CredstoneError
from deviations.recorded import CELLS, TEXT, read, write
from mistaken import well_shown


def mistake(folder: Path, old: str, new: str) -> Mistake:
    """What is said of the file in which something was replaced."""
    assert old in TEXT
    return mistake_in(folder, TEXT.replace(old, new, 1))


def mistake_in(folder: Path, text: str) -> Mistake:
    path = write(folder, text)
    with pytest.raises(Mistake) as caught:
        read_deviations(path)
    return well_shown(caught.value, text, str(path))


def shown(found: Mistake) -> str:
    return str(found).split("\n")[1].strip()


def test_what_stands_there_is_read(tmp_path: Path) -> None:
    (found,) = read(tmp_path)
    assert (found.name, found.link) == ("groups-of-32", "https://example.org/bugs/32")
    assert found.cells == (CELLS,)
    assert (found.expected, found.seen) == ("groups [1000, 3000..*]", "[1000, 3000..3030]")
    assert found.place.endswith("initgroups-32.toml:6")


def test_a_fault_may_show_in_several_ways(tmp_path: Path) -> None:
    ways = TEXT[TEXT.index("[[") :]
    found = read(tmp_path, TEXT + "\n" + ways.replace(":*", ":python"))
    assert [(each.index, each.number) for each in found] == [(0, 6), (1, 13)]
    assert {each.reason for each in found} == {"Its buffer has room for 32 groups, and the rest is left out."}


def test_no_toml(tmp_path: Path) -> None:
    assert shown(mistake(tmp_path, "[groups-of-32]", "[groups-of-32")) == "[groups-of-32"


@pytest.mark.parametrize("field", ["cells", "clause", "line", "expected", "seen"])
def test_what_it_shows_is_said_in_full(tmp_path: Path, field: str) -> None:
    line = next(line for line in TEXT.splitlines() if line.startswith(field))
    found = mistake(tmp_path, line, "")
    assert (found.message, shown(found)) == (f"'{field}' is missing", "[[groups-of-32.shows]]")
    found = mistake(tmp_path, line, f"{field} = []" if field == "cells" else f'{field} = ""')
    assert "is empty" in found.message or found.message == "no cell is named"
    assert shown(found).startswith(field)


def test_a_missing_reason(tmp_path: Path) -> None:
    line = TEXT.splitlines()[2]
    found = mistake(tmp_path, line, "")
    assert (found.message, shown(found)) == ("'reason' is missing", "[groups-of-32]")
    for none in ('reason = ""', 'reason = "TODO"', 'reason = "known bug in it"'):
        found = mistake(tmp_path, line, none)
        assert found.message.startswith("the reason is a sentence by a person")
        assert shown(found) == none


def test_a_link_or_why_there_is_none(tmp_path: Path) -> None:
    line = TEXT.splitlines()[3]
    assert mistake(tmp_path, line, "").message.startswith("'link' leads to who else knows of this, or 'no-link'")
    assert shown(mistake(tmp_path, line, 'no-link = "none"')) == 'no-link = "none"'
    assert mistake(tmp_path, line, 'link = "bug 32"').message == "a link begins with https:// or http://"
    both = mistake(tmp_path, line, f'{line}\nno-link = "Nobody has seen it yet."')
    assert (both.message, both.line) == ("there is a link: 'no-link' is for the reason why there is none", 5)
    (found,) = read(tmp_path, TEXT.replace(line, 'no-link = "Nobody has reported it yet."'))
    assert (found.link, found.no_link) == ("", "Nobody has reported it yet.")


def test_a_fault_shows_somewhere(tmp_path: Path) -> None:
    assert mistake_in(tmp_path, TEXT[: TEXT.index("[[")]).message == "'shows' is missing"
    assert "here it is empty" in mistake_in(tmp_path, TEXT[: TEXT.index("[[")] + "shows = []\n").message


def test_no_blanket(tmp_path: Path) -> None:
    for pattern in ("*", "*/*@*:*", "initgroups.*/members/x@*:*", "initgroups.3", "initgroups.3/members/x"):
        found = mistake(tmp_path, CELLS, pattern)
        assert "is no cell" in found.message or "name the page" in found.message
        assert shown(found).startswith("cells")
    assert "would excuse whatever comes" in mistake(tmp_path, "[1000, 3000..3030]", "*").message
    assert "named in full" in mistake(tmp_path, "all-groups-of-user", "*").message


def test_a_value_that_is_no_text(tmp_path: Path) -> None:
    found = mistake(tmp_path, '"[1000, 3000..3030]"', "-1")
    assert (found.message, shown(found)) == ("a text is expected, not a whole number", "seen     = -1")


def test_an_unknown_field(tmp_path: Path) -> None:
    found = mistake(tmp_path, "line  ", "lines ")
    assert found.message in ("there is no field 'lines' here", "'line' is missing")


def test_sometimes_has_a_reason(tmp_path: Path) -> None:
    assert shown(mistake_in(tmp_path, TEXT + 'sometimes = "yes"\n')) == 'sometimes = "yes"'


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CredstoneError, match="cannot be read"):
        read_deviations(tmp_path / "none.toml")


def test_whose_a_given_file_is() -> None:
    assert whose("a.toml", ["host"]) == ("host", Path("a.toml"))
    assert whose("a=b.toml", ["host"]) == ("host", Path("a=b.toml"))
    assert whose("host=a.toml", ["host", "model"]) == ("host", Path("a.toml"))
    with pytest.raises(CredstoneError, match="does not say of which target"):
        whose("a.toml", ["host", "model"])
