"""TOML files of a suite, read strictly into a type; a mistake is shown at its entry."""

from __future__ import annotations

import functools
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from credstone.suite.mistake import Mistake
from credstone.words.errors import CredstoneError

T = TypeVar("T")

_TYPES = {
    "str": "a text",
    "int": "a whole number",
    "float": "a fraction",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "datetime": "a time",
    "date": "a date",
    "time": "a time",
}
_MESSAGES = (
    (r"Object missing required field `(.*)`", r"'\1' is missing"),
    (r"Object contains unknown field `(.*)`", r"there is no field '\1' here"),
    (r"Expected `array` of length (.*), got (\d+)", r"a list of \1 is expected, not of \2"),
    (r"Invalid enum value (.*)", r"\1 is none of the words that can stand here"),
    (r"Expected (.*), got (.*)", r"\1 is expected, not \2"),
    (r"Expected (.*)", r"\1 is expected"),
)


def read_text(path: Path) -> str:
    """The text of a file of the suite; CredstoneError if it cannot be read or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CredstoneError(
            f"{path} cannot be read: {error.strerror}.", "Check the path and its permissions."
        ) from None
    except UnicodeDecodeError as error:
        raise CredstoneError(f"{path} is not UTF-8 text (byte {error.start}).", "Save it as UTF-8.") from None


def read_toml(path: Path, kind: type[T]) -> T:
    """The content of a TOML file as a value of ``kind``.  Raises CredstoneError, a Mistake where it has a place."""
    text = read_text(path)
    try:
        raw = msgspec.toml.decode(text)
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise wrong_entry(path, _keys(raw, kind, error), _in_words(error)) from None
    except msgspec.DecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        line, column = (int(place[1]), int(place[2])) if place else (max(text.count("\n"), 1), 1)
        message = re.sub(r" \(at .*\)$", "", str(error))
        raise Mistake(str(path), text, line, column, message[:1].lower() + message[1:]) from None
    except (ValueError, RecursionError):
        # what tomllib says of a number of thousands of digits, and of thousands of brackets
        raise CredstoneError(f"{path}: there is a number too long or a list too deep in it.") from None


def wrong_entry(path: Path, keys: Sequence[str], message: str) -> Mistake:
    """A mistake at the entry with these keys, or as near to it as the file has a line."""
    text = read_text(path)
    return Mistake(str(path), text, *place_of(text, keys), message)


def place_of(text: str, keys: Sequence[str]) -> tuple[int, int]:
    """Line and column of the entry with these keys (a number counts the tables of a list, from 0), or as near as may be."""
    places = _places(text)
    return next((places[near] for end in range(len(keys), 0, -1) if (near := (*keys[:end],)) in places), (1, 1))


@functools.lru_cache(maxsize=4)
def _places(text: str) -> dict[tuple[str, ...], tuple[int, int]]:
    """Line and column of each entry, by its keys: a file of deviations is asked for hundreds of them."""
    places: dict[tuple[str, ...], tuple[int, int]] = {}
    for entry, line, column in _entries(text):
        places.setdefault((*entry,), (line, column))
    return places


def _entries(text: str) -> Iterator[tuple[list[str], int, int]]:
    """The keys of all lines that begin a table or give a value, with line and column."""
    table: list[str] = []
    lists: Counter[tuple[str, ...]] = Counter()
    for number, line in enumerate(text.split("\n"), 1):
        column = len(line) - len(line.lstrip()) + 1
        if header := re.match(r"\s*\[\[([^\[\]]+)\]\]", line):
            of_list = _dotted(f"[{header[1]}]")
            table = [*of_list, str(lists[tuple(of_list)])]
            lists[tuple(of_list)] += 1
            yield table, number, column
        elif header := re.match(r"\s*\[([^\[\]]+)\]", line):
            table = _dotted(f"[{header[1]}]")
            yield table, number, column
        elif entry := re.match(r"""\s*((?:[\w.\s-]|"[^"]*"|'[^']*')+)=""", line):
            yield table + _dotted(f"{entry[1]} = 0"), number, column


def _dotted(entry: str) -> list[str]:
    if bare := re.fullmatch(r"\[?\s*([\w-]+)\s*(?:\]|= 0)", entry, re.ASCII):
        return [bare[1]]
    keys = []
    try:
        value: Any = tomllib.loads(entry)
    except tomllib.TOMLDecodeError:
        return []  # a line inside of a longer text
    while isinstance(value, dict) and value:
        ((key, value),) = value.items()
        keys.append(key)
    return keys


def _keys(raw: Any, kind: type, error: msgspec.ValidationError) -> list[str]:
    """The keys of the entry that is wrong; msgspec does not tell those that are free names."""
    keys: list[str] = []
    path = re.search(r" - at `(key in )?\$(.*)`$", str(error))
    for field, bracket in re.findall(r"\.([\w-]+)|\[([^\]]*)\]", path[2] if path else ""):
        if bracket and bracket != "...":
            keys.append(bracket)
            continue
        keys.append(field or next((key for key in _at(raw, keys) if _fails(_only(raw, [*keys, key]), kind)), ""))
    unknown = re.match(r"Object contains unknown field `(.*?)`", str(error))
    return [*keys, unknown[1]] if unknown else keys


def _at(raw: Any, keys: Sequence[str]) -> Any:
    for key in keys:
        raw = raw[int(key)] if isinstance(raw, list) else raw[key]
    return raw


def _only(raw: Any, keys: Sequence[str]) -> Any:
    """The same content, but of the last table only this one entry."""
    first, *rest = keys
    if isinstance(raw, list):
        return [_only(raw[int(first)], rest)] if rest else [raw[int(first)]]
    return {**raw, first: _only(raw[first], rest)} if rest else {first: raw[first]}


def _fails(raw: Any, kind: type) -> bool:
    try:
        msgspec.convert(raw, kind)
    except msgspec.ValidationError:
        return True
    return False


def _in_words(error: msgspec.ValidationError) -> str:
    message = re.sub(r" - at `.*`$", "", str(error))
    for pattern, words in _MESSAGES:
        if re.fullmatch(pattern, message):
            message = re.sub(pattern, words, message)
            break
    return re.sub(r"`([^`]*)`", lambda types: _types(types[1]), message)


def _types(names: str) -> str:
    return " or ".join(_TYPES.get(name, name) for name in names.split(" | ") if name != "null")
