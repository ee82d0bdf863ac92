"""``credstone merge``: join results files of shards or of different targets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from credstone.report.gaps import faults
from credstone.report.terminal import show_faults
from credstone.results.command import command_line
from credstone.results.file import read_results, write_results
from credstone.results.merge import merge, missing_from
from credstone.text.plural import counted
from credstone.words.errors import CredstoneError, MachineError

_INCOMPLETE = 1


def merge_files(
    *files: Annotated[Path, Parameter(name="FILE", help="results files of shards, or of different targets")],
    out: Annotated[Path, Parameter(name=["-o", "--out"], help="the results file to write")],
) -> int:
    """Join results files into one.

    The files must come from one suite, one version of Credstone and one --spec. A target that is in several of them must be
    the same system; if it is not, the difference is reported and nothing is written. No cell may be in two files.

    Exit status:

    0: the joined file is complete.

    1: a file was cut off, or shards are missing; they are listed.

    2: the files do not belong together.

    3: the file cannot be written, or a target was not tested in any part.
    """
    if not files:
        raise CredstoneError(
            "No results file was given.", "Name the files to join, and the file to write with -o FILE."
        )
    _refuse_overwriting(files, out)
    runs = [read_results(path) for path in files]
    merged = merge(runs, command_line())
    write_results(out, merged)
    missing = list(missing_from(runs, merged))
    for why in missing:
        print(why)
    untested = faults(merged)
    for line in show_faults(untested):
        print(line)
    print(f"results: {out}, {counted(len(merged.records))}" + ("" if merged.footer else ", without a footer"))
    return _INCOMPLETE if missing else MachineError.status if untested else 0


def _refuse_overwriting(files: Sequence[Path], out: Path) -> None:
    for path in files:
        if path.resolve() == out.resolve():
            raise CredstoneError(f"{out} is one of the files to join.", "Name another file with -o FILE.")
