"""TOML files of a suite, read strictly into a type; a mistake names the file and the place in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeVar

import msgspec

from credstone.suite.mistake import Mistake
from credstone.words.errors import CredstoneError

T = TypeVar("T")


def read_text(path: Path) -> str:
    """The text of a file of the suite; CredstoneError if it cannot be read or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CredstoneError(
            f"{path} cannot be read: {error.strerror}.", "Check the path and its permissions."
        ) from None
    except UnicodeDecodeError as error:
        raise CredstoneError(f"{path} is not UTF-8 text (byte {error.start}).", "Save it as UTF-8.") from None


def read_toml(path: Path, kind: type[T]) -> T:
    """The content of a TOML file as a value of ``kind``."""
    text = read_text(path)
    try:
        return msgspec.toml.decode(text, type=kind)
    except msgspec.ValidationError as error:
        raise CredstoneError(f"{path}: {error}.", "Compare the entry with its neighbours.") from None
    except msgspec.DecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        line, column = (int(place[1]), int(place[2])) if place else (max(text.count("\n"), 1), 1)
        message = re.sub(r" \(at .*\)$", "", str(error))
        raise Mistake(str(path), text, line, column, message[:1].lower() + message[1:]) from None
