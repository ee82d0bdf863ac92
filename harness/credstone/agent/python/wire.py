"""How a line from the harness is read, and how an answer is written.

Tokens come in, JSON goes out (PROTOCOL.md).  Nothing here touches the world, so that a line which cannot be read is
refused before any process exists.
"""

import codecs
import json
import os
import re
from typing import Any, List, NamedTuple, Tuple

_NUMBER = re.compile(r"-?[0-9]+\Z")
_RANGE = re.compile(r"(-?[0-9]+)\.\.(-?[0-9]+)\Z")
_KEYWORD = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)\Z", re.DOTALL)
_JSON = json.JSONEncoder(separators=(",", ":")).encode
_AS_CHARACTERS = "credstone-as-characters"
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")


def _as_characters(error: UnicodeError) -> Tuple[str, int]:
    """As the C agent: bytes that are no UTF-8 become the characters with the same number, so that any can be carried."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error(_AS_CHARACTERS, _as_characters)


class Unreadable(Exception):
    """A line that this agent cannot perform: the cell ends as ``refused``, its note starts with ``agent: ``."""


class Word(str):
    """A bare token: a constant, a file of the cell, a process.  A quoted token is a plain ``str``."""


class Keyword(NamedTuple):
    """``name=value``, as Python's own calls take it."""

    name: str
    value: Any


def text(raw: str) -> str:
    """A text without its escapes, as ``os`` wants it: bytes that are no text of the locale become surrogates."""
    return os.fsdecode(_ESCAPE.sub(lambda found: bytes([int(found.group(1), 16)]), raw.encode("ascii")))


def number(raw: str) -> int:
    """A decimal number; the octal ones (modes) say so themselves."""
    if not _NUMBER.match(raw):
        raise Unreadable("a number was expected, not " + raw)
    return int(raw)


def token(raw: str) -> Any:
    """One token as a value: an int, a str, a list, a Keyword or a Word."""
    if not raw:
        raise Unreadable("an empty token")
    if raw[0] == '"':
        return text(raw[1:])
    if raw[0] == "[":
        return _items(raw)
    if _NUMBER.match(raw):
        return int(raw)
    keyword = _KEYWORD.match(raw)
    if keyword:
        return Keyword(keyword.group(1), token(keyword.group(2)))
    return Word(raw)


def _items(raw: str) -> List[Any]:
    if not raw.endswith("]"):
        raise Unreadable("a list without its end: " + raw[:40])
    found: List[Any] = []
    if raw == "[]":
        return found
    for element in raw[1:-1].split(","):
        several = _RANGE.match(element)
        if several:
            found.extend(range(int(several.group(1)), int(several.group(2)) + 1))
        else:
            found.append(token(element))
    return found


def split(line: bytes) -> List[str]:
    """The raw tokens of a line."""
    try:
        return line.decode("ascii").rstrip("\r\n").split(" ")
    except UnicodeDecodeError:
        raise Unreadable("a line with bytes that are not ASCII") from None


def is_ids(value: object) -> bool:
    """Whether a value is a list that can be written as numbers."""
    return isinstance(value, list) and set(map(type, value)) <= {int}


def encode(value: Any) -> str:
    """JSON.  A list of numbers takes the short way: it can have 65536 of them."""
    if type(value) is int or is_ids(value):
        return str(value).replace(" ", "")
    if isinstance(value, str):
        value = os.fsencode(value).decode("utf-8", _AS_CHARACTERS)
    return _JSON(value)


def encode_answer(errno: str = "", value: Any = 0, exception: str = "") -> str:
    """``[errno, value, exception]``, cut off after the last element that is not the default.

    ``stray`` is never written: Python's calls have no buffer of ours to write past.
    """
    elements: List[Any] = [errno, value, exception]
    defaults: List[Any] = ["", 0, ""]
    while elements and elements[-1] == defaults[len(elements) - 1] and elements[-1] is not None:
        elements.pop()
    return "[" + ",".join(encode(element) for element in elements) + "]"


def encode_seen(seen: List[Tuple[str, str]]) -> str:
    """An object from names to credentials that are JSON already."""
    return "{" + ",".join('"{}":{}'.format(*pair) for pair in seen) + "}"
