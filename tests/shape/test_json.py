"""JSON from outside: the value, or one exception that says why there is none."""

from __future__ import annotations

import msgspec
import pytest

from credstone.shape.json import JsonReader, Unreadable


class Door(msgspec.Struct):
    name: str
    width: float = 1.0
    doors: dict[str, Door] = {}


READER: JsonReader[Door] = JsonReader(Door)


def test_a_value() -> None:
    assert READER.read(b'{"name":"a","width":2,"doors":{"b":{"name":"c"}}}') == Door("a", 2.0, {"b": Door("c")})


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it is not JSON (line 1, column 1)"),
        (b'{"name":"a",}', "it is not JSON (line 1, column "),
        (b'{"name":\n"a"\n"b"}', "it is not JSON (line 3, column 1)"),
        (b'{"name":"\xff"}', "it is not UTF-8 (byte 9)"),
        (b"\xff", "it is not UTF-8 (byte 0)"),
        (b'{"name":"a","width":NaN}', "it has a number that JSON does not allow or that is too long"),
        (b'{"name":"a","width":1' + b"0" * 5000 + b"}", "it has a number that JSON does not allow or that is too long"),
        (b'{"name":"a","width":1e999}', "in 'width', this number is too large"),
        (b'{"name":"a","width":1' + b"0" * 400 + b"}", "in 'width', this number is too large"),
        (b'{"name":"\\ud800"}', "it has an escape that stands for no character"),
        (b'{"name":' + b"[" * 200_000, "it is nested too deeply"),
        (b'{"name":"a","doors":{"b":{}}}', "in 'doors.b', 'name' is missing"),
        (b"[]", "an object is expected, not a list"),
        (b"{}", "'name' is missing"),
    ],
)
def test_why_it_cannot_be_read(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable) as caught:
        READER.read(data)
    assert str(caught.value).startswith(why)
    assert "\n" not in str(caught.value)
