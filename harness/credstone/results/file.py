"""Writing and reading results files.

A file without a footer was cut off; it is read as far as it goes, and says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

import msgspec

from credstone.results.record import ClauseLine, Footer, Header, Record, ScenarioLine
from credstone.words.errors import CredstoneError, MachineError
from credstone.words.verdict import OUTCOMES

Line = Header | ClauseLine | ScenarioLine | Record | Footer
"""Any line of a results file."""
_decoder = msgspec.json.Decoder(Line)


class ResultsWriter:
    """Appends lines to a results file; each line is on its way to the disk before the next cell runs."""

    def __init__(self, path: Path, header: Header) -> None:
        self.path = path
        self._counts: Counter[str] = Counter()
        self._told: set[tuple[type, str]] = set()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: TextIO = path.open("w", encoding="utf-8", buffering=1)
        except OSError as error:
            raise _cannot_write(path, error) from None
        self._write(header)

    def tell(self, line: ClauseLine | ScenarioLine) -> None:
        """Appends what a record will speak of, unless it is there."""
        key = (type(line), line.id)
        if key not in self._told:
            self._told.add(key)
            self._write(line)

    def add(self, record: Record) -> None:
        """Appends one cell."""
        self._counts[record.outcome] += 1
        self._write(record)

    def close(self, seconds: float, cells: Mapping[str, float] | None = None) -> None:
        """Writes the footer; without it the file counts as cut off.  ``cells``: the seconds of each target's cells."""
        counts = {outcome: self._counts[outcome] for outcome in OUTCOMES}
        self._write(Footer(counts, round(seconds, 3), {name: round(each, 3) for name, each in (cells or {}).items()}))
        self._file.close()

    def _write(self, line: Line) -> None:
        try:
            self._file.write(msgspec.json.encode(line).decode() + "\n")
        except OSError as error:
            raise _cannot_write(self.path, error) from None


def _cannot_write(path: Path, error: OSError) -> MachineError:
    return MachineError(
        f"The results file {path} cannot be written: {error.strerror}.", "Name another one with --results FILE."
    )


class Results(msgspec.Struct, frozen=True):
    """A results file as it was read; ``footer`` is None where it was cut off."""

    header: Header
    records: tuple[Record, ...]
    footer: Footer | None
    clauses: dict[str, ClauseLine] = {}
    scenarios: dict[str, ScenarioLine] = {}


def read_results(path: Path) -> Results:
    """Reads a results file.  Raises CredstoneError, with the line, where it is none."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise CredstoneError(f"{path} cannot be read: {error.strerror}.", "Check the path.") from None
    complete, last = lines[:-1], lines[-1]
    parsed: list[Line] = []
    for number, line in enumerate(complete, 1):
        try:
            parsed.append(_decoder.decode(line))
        except msgspec.MsgspecError as error:
            raise CredstoneError(f"{path}:{number}: this is no line of a results file: {error}.") from None
    if not parsed or not isinstance(parsed[0], Header):
        raise CredstoneError(
            f"{path} is no results file: it does not begin with a header.", "Make one with 'credstone run'."
        )
    footer = parsed[-1] if isinstance(parsed[-1], Footer) and not last else None
    records = tuple(line for line in parsed if isinstance(line, Record))
    clauses = {line.id: line for line in parsed if isinstance(line, ClauseLine)}
    scenarios = {line.id: line for line in parsed if isinstance(line, ScenarioLine)}
    return Results(parsed[0], records, footer, clauses, scenarios)
