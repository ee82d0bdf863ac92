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
    new: Annotated[Path, Parameter(name="NEW", help="the results file of the later run")],
    *,
    target: Annotated[
        list[str] | None,
        Parameter(negative="", help="OLD=NEW: compare only these two targets (repeatable)"),
    ] = None,
    json: AsJson = False,
    markdown: Annotated[
        Path | None, Parameter(help="also write the report as Markdown, for the summary of a CI job")
    ] = None,
) -> int:
    """Show what changed between two runs: facts, regressions, lost cells, fixes, changed answers, new and vanished cells.

    Targets with the same name are compared; --target image:debian-11=image:debian-12 compares others, and OLD and NEW may
    then be the same file. If the suites differ, only cells whose scenario did not change are compared.

    Exit status:

    0: nothing is worse.

    1: a cell regressed (it passed, or failed as recorded, and fails now; or it is newly broken), a cell is lost (it passed
    and is now unsupported or did not run), or one of the runs is incomplete. A failing cell that had no verdict in OLD, a
    cell that was not selected, and a cell of another shard are listed and do not count.

    2: the files cannot be compared.
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
