"""``credstone clauses audit``: the clauses against the man pages of a machine."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from credstone.cli.options import AsJson, Suites, open_suite
from credstone.manpages.audit import OPEN, STATUSES, WRONG, Audit, audit, page_name
from credstone.suite.select import pages_named
from credstone.text.plural import counted

clauses = App(name="clauses", help="Compare the clauses of the suite with the man pages.")

MAN = Path("/usr/share/man")


@clauses.command(name="audit")
def show_audit(
    *pages: Annotated[str, Parameter(help="a page folder (setgid.2) or a name (setgid); default: all")],
    man: Annotated[Path, Parameter(help="the folder with man2, man3, …")] = MAN,
    every: Annotated[bool, Parameter(name="--all", negative="", help="list every sentence")] = False,
    json: AsJson = False,
    suites: Suites = None,
) -> int:
    """Compare every sentence of the covered man pages with the clauses.

    The status is 1 if a sentence is not classified, or if the sentence behind a clause moved or disappeared.
    """
    covered = [page for page in open_suite(suites).pages.values() if page_name(page.folder)]
    found = [audit(page, (man,)) for page in pages_named(covered, pages)]
    if json:
        print(msgspec.json.encode(found).decode())
    else:
        _print(found, every)
    return 1 if any(each.wrong for each in found) else 0


def _print(found: list[Audit], every: bool) -> None:
    total: Counter[str] = Counter()
    for each in found:
        counts = each.counts
        total += counts
        release = f"man-pages {each.installed or 'without a release'}"
        if each.read and each.read != each.installed:
            release += f", clauses read in {each.read}"
        told = ", ".join(f"{counts[status]} {status}" for status in STATUSES if counts[status])
        print(f"{each.page} ({release}): {told}")
        for entry in each.entries if every else each.wrong:
            print(f"  {entry.status:<14} {entry.digest or '-':<12} {entry.where}{f'   {entry.by}' if entry.by else ''}")
            if entry.text and (every or entry.status == OPEN):
                print(f"      {entry.text}")
    counts_in_words = ", ".join(f"{total[status]} {status}" for status in STATUSES if total[status] or status in WRONG)
    print(f"{counted(len(found), 'page')}, {counted(sum(total.values()), 'sentence')}: {counts_in_words}")
