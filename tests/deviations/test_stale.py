"""Entries that no longer show, show otherwise, or concern no cell that ran; and what files cannot tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from credstone.deviations.file import read_deviations
from credstone.deviations.propose import propose
from credstone.deviations.stale import ABSENT, NOT_RUN, UNTOLD, Standing, standings
from credstone.deviations.terminal import show_standings
from credstone.results.file import Results
from credstone.suite.load import Suite
from credstone.words.verdict import AMBIGUOUS, BROKEN, CHANGED, GONE, KNOWN, UNSUPPORTED
from deviations.made import KEY, LATE, SMALL, failed, passed, results, written

CELLS = [f"{KEY}[gid={gid}]@{actor}:libc" for gid in (7, 8) for actor in ("root", "user")]
ALL = tuple(failed(cell) for cell in CELLS)


@pytest.fixture
def path(tmp_path: Path, suite: Suite) -> Path:
    """A file that records one fault, which shows in four cells."""
    return written(tmp_path, propose(results(*ALL), suite).faults)


def standing(suite: Suite, path: Path, *files: Results, target: str = SMALL) -> Standing:
    named = {f"{number}.jsonl": each for number, each in enumerate(files)}
    (only,) = standings(named, {target: read_deviations(path)}, suite)
    return only


def told(suite: Suite, path: Path, *files: Results) -> tuple[str, str]:
    found = standing(suite, path, *files)
    return found.state, found.says


def test_what_shows_as_it_is_recorded(suite: Suite, path: Path) -> None:
    assert told(suite, path, results(*ALL)) == (KNOWN, "")
    assert told(suite, path, results(*ALL[:1])) == (KNOWN, ""), "the others were not selected"


def test_one_that_is_gone(suite: Suite, path: Path) -> None:
    mended = [passed(cell) for cell in CELLS]
    assert told(suite, path, results(*mended)) == (GONE, "it does not show any more: remove it")
    found = standing(suite, path, results(*ALL[:3], mended[3]))
    assert (found.state, found.cells) == (GONE, (f"{CELLS[3]} [{SMALL}]",))
    assert found.says == "it does not show any more in 1 of its 4 cells that ran: take these out of it"


def test_one_file_is_enough(suite: Suite, path: Path) -> None:
    assert told(suite, path, results(*ALL), results(passed(CELLS[0], target=f"{SMALL}+open")))[0] == GONE


def test_one_that_shows_otherwise(suite: Suite, path: Path) -> None:
    run = results(*ALL[:3], failed(CELLS[3], seen="EPERM"))
    assert told(suite, path, run) == (CHANGED, "setgid(8): EPERM is seen now, where EIO is recorded")
    run = results(*(failed(cell, seen=f"E{number}") for number, cell in enumerate(CELLS)))
    assert told(suite, path, run)[1].endswith("E0 is seen now, where EIO is recorded; and 3 more ways")


def test_one_that_is_recorded_twice(suite: Suite, path: Path) -> None:
    again = path.read_text().replace("opendoor-stays-open-EIO", "again")
    path.write_text(f"{path.read_text()}{again}")
    first, second = standings({"a": results(*ALL)}, {SMALL: read_deviations(path)}, suite)
    assert (first.state, second.state) == (AMBIGUOUS, AMBIGUOUS)
    assert first.says.startswith("ambiguous: opendoor-stays-open-EIO (")


def test_one_whose_cells_do_not_run(suite: Suite, path: Path) -> None:
    reason = "needs more\n  Install it."
    run = results(*(passed(cell, verdict=UNSUPPORTED, reason=reason) for cell in CELLS))
    assert told(suite, path, run) == (ABSENT, "unsupported: needs more")
    path.write_text(path.read_text().replace("locks/key[*]", "locks/keys[*]"))
    assert told(suite, path, results(*ALL)) == (ABSENT, "the suite has no such cell")


def test_what_broke_tells_nothing(suite: Suite, path: Path) -> None:
    run = results(*(passed(cell, verdict=BROKEN, reason="it went away") for cell in CELLS))
    assert told(suite, path, run) == (UNTOLD, "broken: it went away")


def test_what_did_not_run_tells_nothing(suite: Suite, path: Path) -> None:
    assert told(suite, path, results(passed(CELLS[0], target="image:other"))) == (UNTOLD, NOT_RUN)
    part = results(passed(f"{LATE}@root:libc"))
    assert told(suite, path, part) == (UNTOLD, "the cells did not run: a part of the suite was selected")
    cut_off = results(passed(f"{LATE}@root:libc"), whole=False)
    assert told(suite, path, cut_off)[1].endswith("selected, or 0.jsonl is cut off")


def test_other_postures_tell_nothing(suite: Suite, path: Path) -> None:
    path.write_text(path.read_text() + 'postures = ["open", "user+groups"]\n')
    for target in (SMALL, f"{SMALL}+user"):
        state, says = told(suite, path, results(passed(CELLS[0], target=target)))
        ran = target.partition("+")[2] or "defaults"
        assert state == UNTOLD
        assert says == f"it ran in other postures ({ran}), and this is recorded for open, user+groups"
    assert told(suite, path, results(passed(CELLS[0], target=f"{SMALL}+groups+user")))[0] == GONE


def test_what_shows_sometimes_may_be_absent(suite: Suite, path: Path) -> None:
    path.write_text(path.read_text() + 'sometimes = "Two have to meet."\n')
    state, says = told(suite, path, results(passed(CELLS[0])))
    assert (state, says) == (UNTOLD, "it shows only sometimes, and did not")
    assert told(suite, path, results(passed(CELLS[0]), ALL[1]))[0] == KNOWN
    assert told(suite, path, results(passed(CELLS[0]), failed(CELLS[1], seen="EPERM")))[0] == CHANGED


def test_by_the_pages_alone_what_they_do_not_say_tells_nothing(suite: Suite, path: Path) -> None:
    path.write_text(path.read_text().replace("opendoor(2)/stays-open", "opendoor(2)/linux/stays-open"))
    assert told(suite, path, results(passed(CELLS[0]), spec="man"))[0] == UNTOLD
    assert told(suite, path, results(passed(CELLS[0])))[0] == GONE


def test_a_file_for_one_posture_concerns_that_alone(suite: Suite, path: Path) -> None:
    run = results(passed(CELLS[0], target=f"{SMALL}+user"), *(failed(cell, target=f"{SMALL}+open") for cell in CELLS))
    assert standing(suite, path, run, target=f"{SMALL}+open").state == KNOWN
    assert standing(suite, path, run).state == GONE


def test_for_a_person(suite: Suite, path: Path) -> None:
    recorded = {SMALL: read_deviations(path), "image:other": read_deviations(path)}
    lines = list(show_standings(standings({"a": results(*map(passed, CELLS))}, recorded, suite)))
    assert lines == [
        f"gone       opendoor-stays-open-EIO   {path}:8",
        "    it does not show any more: remove it",
        *(f"      {cell} [{SMALL}]" for cell in CELLS[:3]),
        "      and 1 more",
        "cannot tell  image:other: it did not run in these files: 1 recorded",
        "2 recorded: 0 show, 1 stale, 1 of which these files cannot tell",
    ]
