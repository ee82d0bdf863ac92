"""``credstone report``: render a results file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from credstone.cli.reports import NONE, Reports
from credstone.report.terminal import show_file
from credstone.report.truncation import cut_off
from credstone.results.file import read_results


def report(
    path: Annotated[
        Path, Parameter(name="RESULTS", help="a results file, as 'credstone run --results FILE' writes it")
    ],
    *,
    reports: Reports = NONE,
) -> int:
    """Render a results file as HTML, JUnit, KTAP or Markdown; without options, print the summary of the run.

    The status is 0 whatever the results are; the exit status of the run reports those.
    """
    results = read_results(path)
    reports.refuse(path)
    if why := cut_off(results):
        print(f"credstone: {path}: {why}", file=sys.stderr)
    reports.write(results)
    if not reports.asked:
        print("\n".join(show_file(results)))
    return 0
