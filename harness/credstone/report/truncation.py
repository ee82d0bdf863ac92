"""A results file that ends before its time: every report that is made of it says so."""

from __future__ import annotations

from credstone.results.file import Results

CUT_OFF = "the-results-file-is-whole"
"""The name of the test that fails in the formats that know tests and nothing else."""


def cut_off(results: Results) -> str:
    """That the file was cut off, and how far it goes; empty for a whole one."""
    if results.footer is not None:
        return ""
    count = len(results.records)
    cells = {0: "no cell is", 1: "1 cell is"}.get(count, f"{count} cells are")
    return f"the results file was cut off: it has no footer, {cells} in it, and what followed is not known"
