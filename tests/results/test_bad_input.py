"""Files that are damaged: whatever a results file holds, it is read, or refused in one sentence with its line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credstone.report.diff.json import changes_json
from credstone.report.diff.markdown import changes_markdown
from credstone.report.diff.terminal import show_changes
from credstone.results.completeness import lacking
from credstone.results.diff import Changes, compare_runs
from credstone.results.file import Results, read_results, write_results
from credstone.results.merge import merge, missing_from
from credstone.results.record import Shards
from credstone.words.errors import CredstoneError
from runs import broken, deviating, failed, header, passed, run, unsupported

Result = TypeVar("Result")
GOOD = run(
    passed("a"), failed("b"), deviating("c"), unsupported("d"), broken("e"), failed("f", "0", expected="saved gid 7"),
    head=header(shards={"host": Shards((1,), 2)}), all_shards={"host": 12},
)  # fmt: skip
OTHER = run(
    failed("a"), passed("b"), deviating("c"), head=header(shards={"host": Shards((2,), 2)}), all_shards={"host": 12}
)
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from((10**30, 1e300, "", "x", "\x1b[31m", "\ud7ff", [], {}, [[]])),
    st.text(max_size=5),
)  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("good") / "r.jsonl"
    write_results(path, GOOD)
    return path.read_bytes()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bad") / "r.jsonl"


def survives(place: Path, content: bytes) -> Results | None:
    """Reads it, and does with it what can be done: nothing but one sentence may come of it."""
    place.write_bytes(content)
    found, why = attempt(lambda: read_results(place))
    if found is None:
        assert re.match(rf"{re.escape(str(place))}(:\d+:| is no results file)", why), why
        return None
    list(lacking(found))
    for old, new in ((found, OTHER), (OTHER, found), (found, found)):
        attempt(partial(compared, old, new))
    attempt(lambda: list(missing_from([found, OTHER], merge([found, OTHER]))))
    return found


def compared(old: Results, new: Results) -> None:
    shown(compare_runs(old, new))


def attempt(act: Callable[[], Result]) -> tuple[Result | None, str]:
    """What came of it, or the sentence that says why not."""
    try:
        return act(), ""
    except CredstoneError as error:
        why = error.what
    assert "\n" not in why
    return None, why


def shown(changes: Changes) -> None:
    list(show_changes(changes))
    list(changes_json(changes))
    changes_markdown(changes)


def test_a_whole_one_is_read(place: Path, whole: bytes) -> None:
    found = survives(place, whole)
    assert found is not None
    assert found.records == GOOD.records


@given(st.data())
def test_cut_off(place: Path, whole: bytes, data: st.DataObject) -> None:
    survives(place, whole[: data.draw(st.integers(0, len(whole)))])


@given(st.data())
def test_bytes_that_are_others(place: Path, whole: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(whole)))
    survives(
        place, whole[:at] + data.draw(st.binary(min_size=1, max_size=8)) + whole[at + data.draw(st.integers(0, 8)) :]
    )


@given(st.data())
def test_lines_that_stand_elsewhere(place: Path, whole: bytes, data: st.DataObject) -> None:
    lines = whole.splitlines(keepends=True)
    survives(place, b"".join(data.draw(st.lists(st.sampled_from(lines), max_size=2 * len(lines)))))


@given(st.binary(max_size=200))
def test_something_else(place: Path, content: bytes) -> None:
    survives(place, content)


@given(st.data())
def test_values_that_are_others(place: Path, whole: bytes, data: st.DataObject) -> None:
    lines = [json.loads(line) for line in whole.splitlines()]
    for _ in range(data.draw(st.integers(1, 4))):
        _spoil(data.draw(st.sampled_from(lines)), data.draw)
    survives(place, b"".join(json.dumps(line).encode() + b"\n" for line in lines))


def _spoil(value: Any, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
    """Puts something else, or nothing, into a place of a JSON value, however deep."""
    places = list(value) if isinstance(value, dict) else list(range(len(value)))
    if not places:
        return
    at = draw(st.sampled_from(places))
    if isinstance(value[at], dict | list) and value[at] and draw(st.booleans()):
        _spoil(value[at], draw)
    elif isinstance(value, dict) and draw(st.booleans()):
        del value[at]
    else:
        value[at] = draw(VALUES)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"\xff\n", "it is not UTF-8 (byte 0)"),
        (b'{"type":"cell","id":"\xff"}\n', "it is not UTF-8 (byte 21)"),
        (b'{"more":' + b"[" * 200_000 + b"\n", "it is nested too deeply"),
        (b"\n", "it is not JSON (line "),
        (b'{"type":"cell",}\n', "it is not JSON (line 1, column "),
        (b'{"type":"verdict"}\n', "in 'type', 'verdict' is not one of 'cell', 'clause', "),
        (b'{"id":"x"}\n', "'type' is missing"),
        (
            msgspec.json.encode(header(shards={"host": Shards((), 2)})) + b"\n",
            "in 'shards.host.numbers', a list of at least 1 is expected",
        ),
    ],
)
def test_why_a_line_is_none(place: Path, whole: bytes, line: bytes, why: str) -> None:
    head = whole.splitlines(keepends=True)[0]
    place.write_bytes(head + line)
    with pytest.raises(CredstoneError, match=re.escape(f"{place}:2: this is no line of a results file: {why}")):
        read_results(place)
