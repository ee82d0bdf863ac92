"""JSON from outside, read into a type: one exception for whatever can be wrong with it."""

from __future__ import annotations

import json
from typing import Any, Generic, NoReturn, TypeVar

import msgspec

from credstone.shape.misfit import misfit

T = TypeVar("T")


class Unreadable(Exception):
    """Bytes that are not JSON, or JSON that is not of the expected type: why, in words for people."""


class JsonReader(Generic[T]):
    """Reads values of one type."""

    def __init__(self, kind: Any) -> None:
        self._kind = kind
        self._decoder: msgspec.json.Decoder[T] = msgspec.json.Decoder(kind)

    def read(self, data: bytes) -> T:
        """The value.  Raises Unreadable."""
        try:
            return self._decoder.decode(data)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise Unreadable(_why(data, self._kind, error)) from None


def _why(data: bytes, kind: Any, error: Exception) -> str:
    """What is wrong with the data; the library's own message only where nothing else is found."""
    try:
        value = json.loads(data.decode(), parse_constant=_refuse)
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeDecodeError as wrong:
        return f"it is not UTF-8 (byte {wrong.start})"
    except UnicodeEncodeError:
        return "it has an escape that stands for no character"
    except json.JSONDecodeError as wrong:
        return f"it is not JSON (line {wrong.lineno}, column {wrong.colno})"
    except RecursionError:
        return "it is nested too deeply"
    except ValueError:
        return "it has a number that JSON does not allow or that is too long"
    found = misfit(value, kind, "an object")
    if found is None:
        return f"it is not as expected ({' '.join(str(error).split())})"
    return f"in '{'.'.join(found.keys)}', {found.says}" if found.keys else found.says


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)
