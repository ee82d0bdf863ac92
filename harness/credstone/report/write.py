"""Writing a report: to standard output, or into a file that is there whole or not at all."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from credstone.words.errors import MachineError

STDOUT = Path("-")


def write_report(path: Path, text: str) -> None:
    """Writes the text, as UTF-8.  Raises MachineError where that is not possible.

    A file is written under another name beside its place, and then renamed: whoever reads it meanwhile has the old one.  What
    is no file (``/dev/stdout``, a pipe) is written as it stands.
    """
    if path == STDOUT:
        # the one of the process: a run has lent the other name to what goes to standard error
        out = sys.__stdout__ or sys.stdout
        out.flush()
        out.buffer.write(text.encode())
        out.flush()
        return
    try:
        place = _place(path)
        if place.exists() and not place.is_file():
            place.write_text(text, encoding="utf-8")
            return
        beside = _beside(place)
        try:
            beside.write_text(text, encoding="utf-8")
            beside.replace(place)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise _cannot_write(path, error) from None


def refuse_unwritable(path: Path) -> None:
    """Raises MachineError where a report cannot be written: better before a run than after it."""
    if path == STDOUT:
        return
    try:
        place = _place(path)
        if place.is_dir():
            raise IsADirectoryError(21, os.strerror(21))
        if place.exists() and not place.is_file():
            return
        beside = _beside(place)
        beside.touch()
        beside.unlink()
    except OSError as error:
        raise _cannot_write(path, error) from None


def _place(path: Path) -> Path:
    """Where the report goes, in a folder that there is; a symbolic link stays one."""
    place = path.resolve()
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def _beside(place: Path) -> Path:
    return place.with_name(f".{place.name[:200]}.{os.getpid()}")


def _cannot_write(path: Path, error: OSError) -> MachineError:
    return MachineError(
        f"The report {path} cannot be written: {error.strerror}.", "Name another file, or - for standard output."
    )
