"""``credstone peers``: which checks of other suites have a scenario here."""

from __future__ import annotations

import msgspec

from credstone.cli.options import AsJson, Suites, open_suite
from credstone.report.peers import show_peers, show_uncovered
from credstone.suite.peers import read_peers


def peers(*, json: AsJson = False, suites: Suites = None) -> int:
    """Compare the suite with other suites: the table in the README, and each check that no scenario covers, with the reason."""
    found = read_peers(open_suite(suites).folder)
    if json:
        print(msgspec.json.encode(found).decode())
        return 0
    print("\n".join(show_peers(found)))
    if uncovered := list(show_uncovered(found)):
        print("\n" + "\n".join(uncovered))
    return 0
