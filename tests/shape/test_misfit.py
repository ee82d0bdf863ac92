"""Where a value is not of a type: the entry, and a sentence that is ours."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credstone.results.file import Line
from credstone.shape.misfit import Misfit, misfit
from credstone.words.actor import Actor
from credstone.words.facts import Facts
from credstone.words.transcript import Transcript
from credstone.words.verdict import VERDICTS, one_of
from runs import broken, deviating, header


class Place(msgspec.Struct, array_like=True):
    line: int
    column: int
    file: str = ""


class Door(msgspec.Struct, forbid_unknown_fields=True, rename={"no_key": "no-key"}):
    width: float
    no_key: bool = False
    opens: Literal["in", "out"] | tuple[int, ...] | None = None
    hinges: tuple[int, int] = (1, 2)
    names: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)] = ("door",)
    verdict: Annotated[str, one_of(VERDICTS)] = "pass"
    doors: dict[str, Door] = {}
    place: Place | None = None
    more: Any = None


WHOLE = {"width": 1}


def found(value: Any, kind: Any = Door, mapping: str = "a table") -> tuple[str, str]:
    """Where the mistake is and what is said of it; msgspec refuses the same value."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(value, kind)
    mistake = misfit(value, kind, mapping)
    assert isinstance(mistake, Misfit)
    return ".".join(mistake.keys), mistake.says


@pytest.mark.parametrize(
    ("entry", "where", "says"),
    [
        ({"width": "1"}, "width", "a number is expected, not a text"),
        ({"no-key": 1}, "no-key", "true or false is expected, not a whole number"),
        ({"no_key": True}, "no_key", "there is no field 'no_key' here"),
        ({"opens": "up"}, "opens", "'up' is not one of 'in' and 'out'"),
        ({"opens": 1}, "opens", "'in', 'out' or a list is expected, not a whole number"),
        ({"opens": [1, 2, "3"]}, "opens.2", "a whole number is expected, not a text"),
        ({"opens": [1, 2.0]}, "opens.1", "a whole number is expected, not a fraction"),
        ({"hinges": [1]}, "hinges", "a list of 2 is expected, not of 1"),
        ({"names": []}, "names", "a list of at least 1 is expected, not of 0"),
        ({"verdict": "passed"}, "verdict", "'passed' is not one of 'broken', 'fail', 'pass' and 'unsupported'"),
        ({"doors": {"a": {"width": 1}, "b.c": {}}}, "doors.b.c", "'width' is missing"),
        ({"doors": {"a": {"width": 1, "doors": []}}}, "doors.a.doors", "a table is expected, not a list"),
        ({"place": [1]}, "place", "a list of at least 2 is expected, not of 1"),
        ({"place": [1, None]}, "place.1", "a whole number is expected, not null"),
        ({"more": {"doors": None}, "names": "x"}, "names", "a list is expected, not a text"),
    ],
)
def test_the_first_mistake(entry: dict[str, Any], where: str, says: str) -> None:
    assert found(WHOLE | entry) == (where, says)


def test_what_is_not_there() -> None:
    assert found({}) == ("", "'width' is missing")
    assert found([]) == ("", "a table is expected, not a list")
    assert found([], mapping="an object") == ("", "an object is expected, not a list")


def test_one_of_several_kinds_of_line() -> None:
    assert found({}, Line) == ("", "'type' is missing")
    assert found({"type": "cells"}, Line)[0] == "type"
    assert found({"type": 7}, Line)[1].startswith("a whole number is not one of 'cell', ")
    assert found({"type": "footer", "seconds": 1.0}, Line) == ("", "'counts' is missing")


def test_a_value_that_fits() -> None:
    assert misfit(WHOLE | {"opens": "in", "doors": {"x": WHOLE}, "place": [1, 2], "more": [{}]}, Door) is None


WHOLES: tuple[tuple[Any, Any], ...] = (
    (Line, msgspec.to_builtins(deviating())),
    (Line, msgspec.to_builtins(broken())),
    (Line, msgspec.to_builtins(header())),
    (Facts, next(iter(msgspec.to_builtins(header())["facts"].values()))),
    (Transcript, [1, "done", "", {}, [[["EPERM", -1], {}], [["", [1, 2]], {}]]]),
    (dict[str, Actor], {"a": {"about": "x", "uid": [1, 2, 3], "capabilities": {"without": ["CAP_KILL"]},
                              "namespace": {"uid_map": "0 0 1"}}}),
)  # fmt: skip
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(("", "x", "pass", "keep", [], {}, [[]], [1], [1, 2, 3], ["a", "b"], 10**30, {"x": 1})),
)  # fmt: skip


@given(st.data())
def test_it_finds_a_mistake_where_there_is_one_and_nowhere_else(data: st.DataObject) -> None:
    kind, whole = data.draw(st.sampled_from(WHOLES))
    value = msgspec.json.decode(msgspec.json.encode(whole))
    for _ in range(data.draw(st.integers(1, 3))):
        value = spoilt(value, data.draw)
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        assert misfit(value, kind) is not None
    else:
        assert misfit(value, kind) is None


def spoilt(value: Any, draw: Callable[[st.SearchStrategy[Any]], Any]) -> Any:
    """The value with something else, or nothing, in one place, however deep."""
    if not value or not isinstance(value, dict | list) or (draw(st.booleans()) and draw(st.booleans())):
        return copy.deepcopy(draw(VALUES))
    at = draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
    if draw(st.booleans()) and draw(st.booleans()):
        del value[at]
        return value
    value[at] = spoilt(value[at], draw)
    return value
