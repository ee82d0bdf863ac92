"""``credstone diff``: what changed between two runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from credstone.cli.options import AsJson
from credstone.report.diff.json import changes_json
from credstone.report.diff.markdown import changes_markdown
from credstone.report.diff.terminal import show_changes
from credstone.report.write import write_report
from credstone.results.diff import compare_runs
from credstone.results.file import read_results
from credstone.words.errors import CredstoneError

_WORSE = 1


def diff(
    old: Annotated[Path, Parameter(name="OLD", help="the results file of the earlier run")],
    new: Annotated[Path, Parameter(name="NEW", help="that of the later one")],
    *,
    target: Annotated[
        list[str] | None,
        Parameter(negative="", help="OLD=NEW: compare these targets, and only those that are named so (repeatable)"),
    ] = None,
    json: AsJson = False,
    markdown: Annotated[Path | None, Parameter(help="write it as Markdown too, for the summary of a CI job")] = None,
) -> int:
    """Show what changed between two runs: facts, regressions, lost cells, fixes, changed answers, new and vanished cells.

    Targets are compared that have the same name in both; --target image:debian-11=image:debian-12 compares others, and OLD
    and NEW may then be one file.  Where the suites differ, cells are compared whose scenario is the same in both.

    The status is 1 for regressions: cells that passed, or failed as it is recorded of their target, and fail now; cells that
    are broken now.  It is 1 for lost cells: they passed and do not apply any more, or could not run.  It is 1 if one of the
    runs was cut off or stopped: what it did not come to cannot be compared.  A cell that fails and was not judged before, or
    was not there, is listed and is no regression; nor is a cell that was not selected, or is in another shard.  2 is for files
    that cannot be compared.
    """
    runs = read_results(old), read_results(new)
    changes = compare_runs(*runs, [_pair(each) for each in target or ()])
    if not changes.compared and not changes.incomplete:
        raise CredstoneError(f"No cell is in both {old} and {new}.", "Compare runs of the same selection.")
    if markdown is not None:
        write_report(markdown, changes_markdown(changes))
    for line in changes_json(changes) if json else show_changes(changes):
        print(line)
    return _WORSE if changes.worse else 0


def _pair(text: str) -> tuple[str, str]:
    """The targets that ``OLD=NEW`` means, or one name for both."""
    ours, sign, theirs = text.partition("=")
    if not ours.strip() or (sign and not theirs.strip()):
        raise CredstoneError(f"--target {text} does not name two targets.", "Write --target OLD=NEW.")
    return ours, theirs or ours
