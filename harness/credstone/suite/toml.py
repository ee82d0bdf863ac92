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

from credstone.notation.mistake import Mistake
from credstone.shape.misfit import Misfit, misfit
from credstone.suite.toml_entry import broken_entry
from credstone.words.errors import CredstoneError

T = TypeVar("T")


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
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _no_toml(path, text, error) from None
    except (ValueError, RecursionError):
        # what tomllib says of a number of thousands of digits, and of thousands of brackets
        raise CredstoneError(f"{path}: there is a number too long or a list too deep in it.") from None
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        found = misfit(raw, kind) or Misfit((), f"this file is not as expected ({error})")
        raise wrong_entry(path, found.keys, found.says) from None


def _no_toml(path: Path, text: str, error: ValueError) -> Mistake:
    line = broken_entry(text)
    shown = text.split("\n")[line - 1]
    return Mistake(str(path), text, line, len(shown) - len(shown.lstrip()) + 1, f"this is not TOML ({error})")


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
