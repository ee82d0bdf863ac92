"""``credstone merge``: results files of shards, or of different targets, as one."""

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

    They must be of one suite and one version of Credstone, judged by one --spec, and what has one name in several of them
    must be one system: what differs is named, and nothing is written.  No cell of a target may be in two of them.

    The status is 0 if what was written is whole, 1 if a part was cut off or shards are missing (they are named), 2 for files
    that do not belong together, 3 if the file cannot be written, or if it is whole and a target was not tested: no cell of it
    ran in any part, or its agent could not be had.
    """
    if not files:
        raise CredstoneError("There is nothing to join.", "Name the results files, and the one to write with -o FILE.")
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
            raise CredstoneError(f"{out} is one of the files to join.", "Name another one with -o FILE.")
