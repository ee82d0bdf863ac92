"""Mistakes in actors.toml and clauses.toml: shown at their entry, in words for people."""

from __future__ import annotations

import contextlib
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from building import ACTORS, CLAUSES, write_suite
from credstone.notation.mistake import Mistake
from credstone.suite.load import load_suite
from credstone.words.errors import CredstoneError


def actors(folder: Path, text: str) -> Mistake:
    return _mistake(folder, "actors.toml", text, actors=text)


def clauses(folder: Path, text: str) -> Mistake:
    return _mistake(folder, "doors.2/clauses.toml", text, clauses=text)


def _mistake(folder: Path, name: str, text: str, **files: str) -> Mistake:
    suite = write_suite(folder / "suite", **files)
    with pytest.raises(Mistake) as caught:
        load_suite(suite)
    found = caught.value
    first, shown, caret = str(found).split("\n")
    assert first == f"{suite / name}:{found.line}:{found.column}: {found.message}"
    assert shown.strip() == text.split("\n")[found.line - 1].strip()
    assert len(caret) == found.column + 4
    ours = found.message.partition(" (")[0]  # what the parser says of a text that is not TOML comes behind it
    assert not re.search(r"`|\$[.\[]|Object|\bstr\b|\bint\b", ours), "no Python, no msgspec"
    return found


def shown(found: Mistake) -> str:
    return str(found).split("\n")[1].strip()


def test_the_files_that_are_broken_here_are_sound(tmp_path: Path) -> None:
    suite = load_suite(write_suite(tmp_path / "suite"))
    assert list(suite.actors) == ["root", "user"]
    assert len(suite.clauses) == 3


def test_no_toml(tmp_path: Path) -> None:
    found = actors(tmp_path, ACTORS.replace("[user]", "[user"))
    assert shown(found) == "[user"
    assert found.message.startswith("this is not TOML")


def test_a_text_without_end(tmp_path: Path) -> None:
    assert shown(clauses(tmp_path, CLAUSES.replace('key."', "key.", 1))) == 'says    = "Opening takes a key.'


def test_an_unknown_field(tmp_path: Path) -> None:
    found = actors(tmp_path, ACTORS + 'grups = "none"\n')
    assert (shown(found), found.message) == ('grups = "none"', "there is no field 'grups' here")


def test_an_unknown_field_of_a_clause(tmp_path: Path) -> None:
    found = clauses(tmp_path, CLAUSES.replace('says    = "What', 'tells   = "What'))
    assert shown(found) in ('[clause."opendoor(2)/stays-open"]', 'tells   = "What was opened stays open."')
    assert found.message in ("'says' is missing", "there is no field 'tells' here")


def test_a_missing_field_points_at_its_table(tmp_path: Path) -> None:
    found = actors(tmp_path, ACTORS.replace('about        = "User 1000 without any capability."\n', ""))
    assert (shown(found), found.message) == ("[user]", "'about' is missing")


def test_a_missing_field_of_the_page(tmp_path: Path) -> None:
    assert clauses(tmp_path, CLAUSES.replace("names = ", "# ")).message == "'names' is missing"


def test_a_wrong_type(tmp_path: Path) -> None:
    found = actors(tmp_path, ACTORS.replace("uid          = 1000", 'uid          = "1000"'))
    assert shown(found) == 'uid          = "1000"'
    assert found.message == "a whole number or a list is expected, not a text"


def test_a_wrong_type_in_a_list(tmp_path: Path) -> None:
    found = actors(tmp_path, ACTORS + "\n[other]\nabout = 'x'\ngroups = [1, 'x']\n")
    assert (shown(found), found.message) == ("groups = [1, 'x']", "a whole number is expected, not a text")


def test_three_ids_or_one(tmp_path: Path) -> None:
    found = actors(tmp_path, ACTORS.replace("gid          = 1000", "gid          = [1, 2]"))
    assert found.message == "a list of 3 is expected, not of 2"


def test_a_clause_that_is_no_table(tmp_path: Path) -> None:
    found = clauses(tmp_path, CLAUSES.split("\n\n")[0] + '\nclause = "none"\n')
    assert (shown(found), found.message) == ('clause = "none"', "a table is expected, not a text")


def test_a_word_that_means_nothing(tmp_path: Path) -> None:
    found = actors(tmp_path, ACTORS.replace('"none"', '"some"'))
    assert shown(found) == 'capabilities = "some"'
    assert found.message == "'some' is not one of 'all', 'keep' and 'none'"


def test_an_id_that_is_none(tmp_path: Path) -> None:
    for number in (-1, 4294967295):
        found = actors(tmp_path / str(number), ACTORS.replace("gid          = 1000", f"gid          = {number}"))
        assert found.message == f"{number} is no id: ids go from 0 to 4294967294"
        assert shown(found) == f"gid          = {number}"


def test_an_unknown_capability(tmp_path: Path) -> None:
    for given_as in ('["CAP_KILL", "CAP_SETPID"]', '{ without = ["CAP_SETPID"] }'):
        found = actors(tmp_path / given_as[:3], ACTORS.replace('"none"', given_as))
        assert found.message == "there is no capability CAP_SETPID: see capabilities(7)"
        assert shown(found) == f"capabilities = {given_as}"


NAMESPACE = """
[inside]
about   = "In a namespace of its own."
creator = ["user", "self"]

[inside.namespace]
uid_map = "0 $uid 1"
"""


def test_an_unknown_creator(tmp_path: Path) -> None:
    found = actors(tmp_path, ACTORS + NAMESPACE.replace('"user"', '"usr"'))
    assert found.message == "there is no creator usr: a creator is root or user or self"
    assert shown(found) == 'creator = ["usr", "self"]'


def test_a_creator_lives_in_the_outer_namespace(tmp_path: Path) -> None:
    assert "there is no creator inside" in actors(tmp_path, ACTORS + NAMESPACE.replace('"user"', '"inside"')).message


def test_creator_and_namespace_go_together(tmp_path: Path) -> None:
    found = actors(tmp_path, ACTORS + 'creator = ["root"]\n')
    assert (shown(found), found.message) == ("[user]", "'creator' and 'namespace' go together: give both or neither")


def test_what_is_as_it_was_started_has_nothing_of_its_own(tmp_path: Path) -> None:
    found = actors(tmp_path, ACTORS + "as_started = true\n")
    assert found.message == "what is as it was started has no credentials of its own here"


def test_an_unknown_field_of_a_namespace(tmp_path: Path) -> None:
    found = actors(tmp_path, ACTORS + NAMESPACE + 'gidmap = ""\n')
    assert (shown(found), found.message) == ('gidmap = ""', "there is no field 'gidmap' here")


def test_a_map_has_lines_of_three_numbers(tmp_path: Path) -> None:
    for line in ("0 $uid", "0 $uid 1 2", "all", "0 -1 1"):
        found = actors(tmp_path / line.replace(" ", "_"), ACTORS + NAMESPACE.replace("0 $uid 1", line))
        assert found.message.startswith(f"'{line}' is no line of a map")
        assert shown(found) == f'uid_map = "{line}"'


def test_page_and_folder_have_the_same_name(tmp_path: Path) -> None:
    found = clauses(tmp_path, CLAUSES.replace("doors.2", "gates.2"))
    assert shown(found) == 'page  = "gates.2"'
    assert "the folder is 'doors.2'" in found.message


def test_a_clause_has_a_page_in_its_id(tmp_path: Path) -> None:
    found = clauses(tmp_path, CLAUSES.replace('"shutdoor(2)/EPERM-key"', '"shut door"'))
    assert shown(found) == '[clause."shut door"]'
    assert found.message == "'shut door' is no clause id: one looks like setgroups(2)/EPERM-capability"


def test_a_clause_belongs_to_one_page(tmp_path: Path) -> None:
    suite = write_suite(tmp_path / "suite")
    (suite / "gates.2").mkdir()
    (suite / "gates.2" / "clauses.toml").write_text(CLAUSES.replace("doors.2", "gates.2"))
    with pytest.raises(Mistake, match=r"gates.2/clauses.toml:4:1: .* is a clause of doors.2 already"):
        load_suite(suite)


def test_numbers_and_lists_without_end_are_refused(tmp_path: Path) -> None:
    for name, value in (("digits", "1" * 5000), ("brackets", "[" * 5000)):
        suite = write_suite(tmp_path / name, actors=f"{ACTORS}\nmore = {value}\n")
        with pytest.raises(CredstoneError, match="a number too long or a list too deep"):
            load_suite(suite)


def loads_or_says_why(actors: str, clauses: str) -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(CredstoneError):
        load_suite(write_suite(Path(folder) / "suite", actors, clauses))


pieces = re.compile(r"\s+|\w+|.")
ALL_ACTORS = ACTORS + NAMESPACE
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.sampled_from(["1", '"x"', "[]", "[1, 2]", "{}", "{ a = 1 }", "true", "1.5", "1979-05-27", "'''x'''", "-0"])


@given(texts)
def test_any_text_loads_or_says_why(text: str) -> None:
    loads_or_says_why(text, CLAUSES)
    loads_or_says_why(ACTORS, text)


@given(st.data(), texts | values)
def test_any_swapped_piece_loads_or_says_why(data: st.DataObject, piece: str) -> None:
    broken = []
    for text in (ALL_ACTORS, CLAUSES):
        parts = pieces.findall(text)
        parts[data.draw(st.integers(0, len(parts) - 1))] = piece
        broken.append("".join(parts))
    loads_or_says_why(broken[0], CLAUSES)
    loads_or_says_why(ACTORS, broken[1])


@given(st.data(), values)
def test_any_other_value_loads_or_says_why(data: st.DataObject, value: str) -> None:
    broken = []
    for text in (ALL_ACTORS, CLAUSES):
        lines = text.split("\n")
        at = data.draw(st.sampled_from([n for n, line in enumerate(lines) if "=" in line]))
        lines[at] = lines[at].split("=")[0] + "= " + value
        broken.append("\n".join(lines))
    loads_or_says_why(broken[0], CLAUSES)
    loads_or_says_why(ACTORS, broken[1])
