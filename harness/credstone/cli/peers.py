"""``credstone peers``: what other suites check, and what of it has a scenario here."""

from __future__ import annotations

import msgspec

from credstone.cli.options import AsJson, Suites, open_suite
from credstone.report.peers import show_peers, show_uncovered
from credstone.suite.peers import read_peers


def peers(*, json: AsJson = False, suites: Suites = None) -> int:
    """Compare with other suites: the table of the README, and what no scenario shows, with the reason."""
    found = read_peers(open_suite(suites).folder)
    if json:
        print(msgspec.json.encode(found).decode())
        return 0
    print("\n".join(show_peers(found)))
    if uncovered := list(show_uncovered(found)):
        print("\n" + "\n".join(uncovered))
    return 0
