"""The comparison with other suites: every scenario that it names exists, and the README shows what the file says."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from credstone.notation.mistake import Mistake
from credstone.report.peers import show_peers, show_uncovered
from credstone.suite.load import Suite, default_folder, load_suite
from credstone.suite.peers import Peers, read_peers

README = Path(__file__).parents[2] / "README.md"

SMALL = """\
[peer.LTP]
name = "LTP"
about = "a test project"

[behaviour.U001]
says = "Getters never fail."
by = ["LTP"]
shown = ["getuid.2/getters/never-fails"]

[behaviour.G01]
says = "Time stands still."
none = "it does not"
"""


@cache
def _suite() -> Suite:
    return load_suite(default_folder())


def small(folder: Path, text: str = SMALL) -> Peers:
    (folder / "peers.toml").write_text(text)
    return read_peers(folder)


def test_every_scenario_that_is_named_exists() -> None:
    known = {scenario.id.partition("[")[0] for scenario in _suite().scenarios}
    named = {
        (number, scenario)
        for number, behaviour in read_peers(default_folder()).behaviour.items()
        for scenario in behaviour.shown
    }
    assert {(number, scenario) for number, scenario in named if scenario not in known} == set()


def test_all_behaviours_are_there() -> None:
    numbers = set(read_peers(default_folder()).behaviour)
    gaps = {"U080", "U127", "U139", "U143", *(f"G{n:02}" for n in (20, 25, 30, 37, 42, 45, 57, 58, 59))}
    assert {f"U{n:03}" for n in range(1, 204)} | {f"G{n:02}" for n in range(1, 70)} == numbers | gaps
    # what the rest of the README calls the harness itself, not a behaviour, is no part of the comparison


def test_the_readme_shows_the_table() -> None:
    text = README.read_text()
    shown = text.partition("<!-- peers -->\n")[2].partition("<!-- /peers -->")[0].strip()
    assert shown == "\n".join(show_peers(read_peers(default_folder()))), "credstone peers prints it"


def test_the_table_counts(tmp_path: Path) -> None:
    rows = list(show_peers(small(tmp_path)))
    assert rows[2:] == [
        "| LTP | a test project | 1 | 1 |",
        "| none of them | what the pages promise and nobody checks | | 0 of 1 |",
        "| **Credstone** | | **1** | of 2 in all |",
    ]
    assert list(show_uncovered(small(tmp_path))) == ["G01  Time stands still.: it does not"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("U001", "X1", "'X1' is no number"),
        ('by = ["LTP"]', 'by = ["BSD"]', "there is no peer 'BSD'"),
        ('by = ["LTP"]\n', "", "U is for what a peer checks"),
        ('none = "it does not"\n', "", "either 'shown' names scenarios"),
    ],
)
def test_a_file_that_contradicts_itself(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(Mistake, match=message):
        small(tmp_path, SMALL.replace(old, new))
