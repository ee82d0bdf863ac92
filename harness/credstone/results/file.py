"""Writing and reading results files.

A file without a footer was cut off; it is read as far as it goes, and says so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TextIO

import msgspec

from credstone.results.record import ClauseLine, Footer, Header, Record, ScenarioLine
from credstone.shape.json import JsonReader, Unreadable
from credstone.words.errors import CredstoneError, MachineError
from credstone.words.verdict import OUTCOMES

Line = Header | ClauseLine | ScenarioLine | Record | Footer
"""Any line of a results file."""
_reader: JsonReader[Line] = JsonReader(Line)


class ResultsWriter:
    """Appends lines to a results file; each line is on its way to the disk before the next cell runs."""

    def __init__(self, path: Path, header: Header) -> None:
        self.path = path
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
        self._write(record)

    def close(self, footer: Footer | None) -> None:
        """Writes the footer; without it the file counts as cut off."""
        if footer is not None:
            self._write(footer)
        self._file.close()

    def _write(self, line: Line) -> None:
        try:
            self._file.write(msgspec.json.encode(line).decode() + "\n")
        except OSError as error:
            raise _cannot_write(self.path, error) from None


def footer_of(
    records: Collection[Record],
    seconds: float,
    selected: Mapping[str, int] | None = None,
    whole: Mapping[str, int] | None = None,
) -> Footer:
    """The last line of a file with these records.

    ``selected`` is how many cells of each target were to run, ``whole`` how many there are in all shards together.
    """
    counts = Counter(record.outcome for record in records)
    return Footer(
        counts={outcome: counts[outcome] for outcome in OUTCOMES},
        seconds=round(seconds, 3),
        seconds_of={name: round(each, 3) for name, each in seconds_by_target(records).items()},
        selected=dict(selected or {}),
        whole=dict(whole or {}),
    )


def seconds_by_target(records: Iterable[Record]) -> dict[str, float]:
    """How much of a run the cells of each target took."""
    found: defaultdict[str, float] = defaultdict(float)
    for record in records:
        found[record.target] += record.seconds
    return found


def _cannot_write(path: Path, error: OSError) -> MachineError:
    return MachineError(f"The results file {path} cannot be written: {error.strerror}.", "Name another file.")


class Results(msgspec.Struct, frozen=True):
    """A results file as it was read; ``footer`` is None where it was cut off."""

    header: Header
    records: tuple[Record, ...]
    footer: Footer | None
    clauses: dict[str, ClauseLine] = {}
    scenarios: dict[str, ScenarioLine] = {}
    path: str = ""


def read_results(path: Path) -> Results:
    """Reads a results file.  Raises CredstoneError, with the line, where it is none."""
    parsed: list[Line] = []
    footer: Footer | None = None
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                footer = None
                if line.endswith(b"\n"):
                    parsed.append(_line(path, number, line))
                    footer = parsed[-1] if isinstance(parsed[-1], Footer) else None
    except OSError as error:
        raise CredstoneError(f"{path} cannot be read: {error.strerror}.", "Check the path.") from None
    if not parsed or not isinstance(parsed[0], Header):
        raise CredstoneError(
            f"{path} is no results file: it does not begin with a header.", "Make one with 'credstone run'."
        )
    records = tuple(line for line in parsed if isinstance(line, Record))
    clauses = {line.id: line for line in parsed if isinstance(line, ClauseLine)}
    scenarios = {line.id: line for line in parsed if isinstance(line, ScenarioLine)}
    return Results(parsed[0], records, footer, clauses, scenarios, str(path))


def _line(path: Path, number: int, text: bytes) -> Line:
    try:
        return _reader.read(text)
    except Unreadable as why:
        raise CredstoneError(f"{path}:{number}: this is no line of a results file: {why}.") from None


def write_results(path: Path, run: Results) -> None:
    """Writes a whole run into a file: what is told of scenarios and clauses stands before the first cell that speaks of it."""
    writer = ResultsWriter(path, run.header)
    for record in run.records:
        if record.scenario in run.scenarios:
            writer.tell(run.scenarios[record.scenario])
        for clause in record.speaks_of:
            if clause in run.clauses:
                writer.tell(run.clauses[clause])
        writer.add(record)
    writer.close(run.footer)
