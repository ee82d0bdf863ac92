"""Where a text stops being TOML: at the beginning of the entry, whatever the parser says."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from credstone.suite.toml_entry import LONGEST, broken_entry

TEXT = '''# A comment.
a = 1

[table]
text = """
[no table]
b = ["""
list = [
  1,
  2, # two
]

[[rows]]
x = 1
[[rows]]
x = 2
'''
LINES = TEXT.split("\n")


def test_the_text_is_toml() -> None:
    assert tomllib.loads(TEXT)["table"]["text"] == "[no table]\nb = ["


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("a = 1", "a = ", 2),
        ("a = 1", "a", 2),
        ("a = 1", "a = 1 2", 2),
        ("[table]", "[table", 4),
        ("[table]", "[a]", 4),
        ("text =", "a = 7\na = 8\ntext =", 6),
        ('b = ["""', "b = [", 5),
        ("  2, # two", "  2 3", 8),
        ("  2, # two\n]", "  2,", 8),
        ("[[rows]]\nx = 2", "[table]", 15),
        ("x = 2", "x = 1\nx = 2", 17),
        ("x = 2", "y = 'z", 16),
        ("x = 2\n", "x = 2\n]", 17),
    ],
)
def test_the_line_of_the_entry(old: str, new: str, line: int) -> None:
    assert old in TEXT
    assert broken_entry(TEXT.replace(old, new, 1)) == line


def test_line_breaks_of_windows_change_nothing() -> None:
    assert broken_entry(TEXT.replace("  2, # two", "  2 3").replace("\n", "\r\n")) == 8


def test_a_text_without_an_end_in_a_long_file() -> None:
    long = "".join(f"n{number} = [\n  1,\n]\n" for number in range(3 * LONGEST))
    assert broken_entry(f'{long}s = """\n{long}') == 9 * LONGEST + 1


@given(st.integers(0, len(LINES) - 1), st.sampled_from(("]", "=", "x", '"', "[", "a = 1", "[table]", "\x00", "'''")))
def test_what_is_before_it_is_toml_and_nothing_with_it_is(at: int, piece: str) -> None:
    lines = [*LINES[:at], LINES[at] + piece, *LINES[at + 1 :]]
    assume(not is_toml(lines))
    line = broken_entry("\n".join(lines))
    assert is_toml(lines[: line - 1])
    assert not any(is_toml(lines[:end]) for end in range(line, len(lines)))


def is_toml(lines: list[str]) -> bool:
    try:
        tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return False
    return True
