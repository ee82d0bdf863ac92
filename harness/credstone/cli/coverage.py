"""``credstone coverage``: which clauses are tested, by which scenarios and mutants."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import msgspec
from cyclopts import Parameter

from credstone.cli.options import AsJson, Suites, open_suite
from credstone.proof.coverage import OPEN, TESTED, UNTESTABLE, Coverage, Covered, coverage
from credstone.proof.mutants import MUTANTS
from credstone.suite.load import refuse_unread
from credstone.suite.select import pages_named
from credstone.text.plural import counted, named


def show_coverage(
    *pages: Annotated[str, Parameter(help="a page folder (setgid.2) or a name (setgid); default: all")],
    alone: Annotated[
        bool, Parameter(negative="", help="find the mutants that no other scenario catches (slow)")
    ] = False,
    json: AsJson = False,
    suites: Suites = None,
) -> int:
    """Show the status of every clause, the scenarios that cite it, and the mutants that they catch.

    The status is 1 if a clause is open or a mutant survives.
    """
    suite = open_suite(suites)
    folders = {page.folder for page in pages_named(suite.pages.values(), pages)}
    refuse_unread(each for each in suite.unread if each.page in folders)
    mutants = [mutant for mutant in MUTANTS if mutant.clause in suite.clauses]
    found = coverage(suite, mutants, alone)
    shown = [entry for entry in found.clauses if entry.clause.folder in folders]
    if json:
        print(msgspec.json.encode(Coverage(tuple(shown), found.survivors)).decode())
    else:
        _print(shown, found.survivors, len(mutants), alone)
    return 1 if found.survivors or any(entry.status == OPEN for entry in shown) else 0


def _print(shown: list[Covered], survivors: tuple[str, ...], mutants: int, alone: bool) -> None:
    folder = ""
    for entry in shown:
        if entry.clause.folder != folder:
            folder = entry.clause.folder
            print(f"\n{folder}")
        print(f"  {entry.status:<10} {entry.clause.id}")
        if entry.status == UNTESTABLE:
            print(f"             {entry.clause.untestable}")
            continue
        print(f"             scenarios: {', '.join(_short(name) for name in entry.scenarios) or 'none'}")
        for name in entry.mutants:
            caught = "caught" if name in entry.caught else "NOT caught"
            print(f"             mutant {name}: {caught}{', by them alone' if name in entry.sole else ''}")
    counts = Counter(entry.status for entry in shown)
    print(
        f"\n{counted(len(shown), 'clause')}: {counts[TESTED]} tested, {counts[UNTESTABLE]} untestable, {counts[OPEN]} open"
    )
    print(
        f"{counted(mutants, 'mutant')}: {mutants - len(survivors)} caught, {len(survivors)} {named(len(survivors), 'survives', 'survive')}"
    )
    if alone:
        sole = sum(1 for entry in shown if entry.sole)
        print(
            f"{counted(sole, 'clause')} {named(sole, 'has', 'have')} a mutant that only {named(sole, 'its', 'their')} scenarios catch"
        )
    for name in survivors:
        print(f"  survives: {name}")


def _short(scenario: str) -> str:
    return scenario.split("/", 1)[1]
