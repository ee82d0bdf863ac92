"""``run --baseline``: red for what is worse than it was, and for nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cli.command import Done, credstone, mutated
from deviations.recorded import MUTANT, TARGET, write
from trial import make_suite, waits, write_script

PAGE = "initgroups.3/members"
BROKEN = "\nscenario gives-way\n  cites works\n  as    me\n  via   syscall\n  file  here\n\n  open({path}, O_RDONLY)\n"


def run(folder: Path, *arguments: str | Path) -> Done:
    return mutated("run", *arguments, beside=folder)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A run on a system with faults of which nothing is recorded."""
    folder = tmp_path_factory.mktemp("faulty")
    path = folder / "baseline.jsonl"
    assert run(folder, PAGE, "--target", TARGET, "--results", path).status == 1
    return path.read_bytes()


@pytest.fixture
def baseline(faulty: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "baseline.jsonl"
    path.write_bytes(faulty)
    return path


def on_mutant(folder: Path, baseline: Path, *more: str | Path) -> Done:
    return run(folder, PAGE, "--target", TARGET, "--baseline", baseline, *more)


def test_old_friends_are_green(baseline: Path, tmp_path: Path) -> None:
    done = on_mutant(tmp_path, baseline)
    assert done.status == 0, done.out
    assert "8 as before" in done.out
    assert "0 regressions, 0 fixes" in done.out
    assert "FAIL " not in done.out, "what is known needs no transcript"


def test_on_a_worker_too(tmp_path: Path) -> None:
    if shutil.which("cc") is None:
        pytest.skip("needs a C compiler (cc)")
    suite, path = make_suite(tmp_path), tmp_path / "r.jsonl"
    write_script(suite, waits(1, name="hangs"))
    command = ("run", "--target", "host", "--suites", suite)
    assert credstone(*command, "--results", path).status == 1
    done = credstone(*command, "-n", "1", "--baseline", path)
    assert (done.status, "1 as before" in done.out) == (0, True), done.out


def test_what_is_recorded_since_then_is_no_fix(baseline: Path, tmp_path: Path) -> None:
    write(tmp_path)
    done = on_mutant(tmp_path, baseline)
    assert done.status == 0
    assert "  fail -> deviation" in done.out


def test_what_is_worse_is_red(tmp_path: Path) -> None:
    path = tmp_path / "good.jsonl"
    assert run(tmp_path, PAGE, "--target", "model", "--results", path).status == 0
    path.write_text(
        path.read_text().replace('"target":"model"', f'"target":"{TARGET}"').replace("model:", f"{TARGET}:")
    )
    path.write_text(path.read_text().replace('"model":', f'"{TARGET}":'))
    results = tmp_path / "now.jsonl"
    done = on_mutant(tmp_path, path, "--results", results)
    assert done.status == 1
    assert "regressions: 8 cells" in done.out
    assert ", 8 fail, " in done.out
    assert f"results: {results}" in done.out
    assert credstone("diff", path, results).status == 1


def test_a_record_that_is_taken_away_changes_no_target(tmp_path: Path) -> None:
    known = write(tmp_path)
    path = tmp_path / "known.jsonl"
    assert run(tmp_path, PAGE, "--target", TARGET, "--results", path).status == 0
    known.unlink()
    done = on_mutant(tmp_path, path)
    assert done.status == 0
    assert "  deviation -> fail" in done.out


def test_what_is_mended_is_green_though_its_record_is_not_gone(baseline: Path, tmp_path: Path) -> None:
    path = tmp_path / "mended.jsonl"
    path.write_text(baseline.read_text().replace(TARGET, "model"))
    recorded = write(tmp_path)
    recorded.write_text(
        recorded.read_text().replace("initgroups.3/members/more-groups-than-*", "initgroups.3/members/more-*")
    )
    command = (PAGE, "--target", "model", "--deviations", recorded)
    assert run(tmp_path, *command).status == 1
    done = run(tmp_path, *command, "--baseline", path)
    assert done.status == 0, done.out
    assert "fixes: 8 cells" in done.out
    assert MUTANT in recorded.name


def test_what_gives_way_now_is_red_and_what_did_is_not(tmp_path: Path) -> None:
    if shutil.which("cc") is None:
        pytest.skip("needs a C compiler (cc)")
    suite = make_suite(tmp_path)
    paths = [tmp_path / f"{name}.jsonl" for name in ("whole", "broken")]
    for path, place in zip(paths, ('"here"', '"nowhere"'), strict=True):
        write_script(suite, BROKEN.format(path=place))
        credstone("run", "--target", "host", "--suites", suite, "--results", path)
    worse = ("run", "--target", "host", "--suites", suite, "--baseline")
    done = credstone(*worse, paths[1])
    assert (done.status, "1 as before" in done.out) == (0, True), done.out
    # the script of the first run is another one now: only a cell of the same scenario can be worse
    text = paths[0].read_text().replace('\\"here\\"', '\\"nowhere\\"')
    paths[0].write_text(text)
    done = credstone(*worse, paths[0])
    assert done.status == 1
    assert 'pass -> broken: open("nowhere", O_RDONLY) = anything but an error is written' in " ".join(done.out.split())


def test_a_new_cell_that_fails_is_listed_and_green(suite: Path, tmp_path: Path) -> None:
    path = tmp_path / "old.jsonl"
    command = ("run", "--target", "model", "--suites", suite)
    assert credstone(*command, "--results", path).status == 0
    (suite / "doors.2" / "new.scn").write_text(
        "scenario never\n  cites opendoor(2)/EPERM-key\n  as    root\n  via   libc\n\n  getuid() = 7\n"
    )
    done = credstone(*command, "--baseline", path)
    assert done.status == 0
    assert "new: 1 cell, " in done.out


def test_a_script_that_cannot_be_read_is_red(suite: Path, tmp_path: Path) -> None:
    path = tmp_path / "old.jsonl"
    assert credstone("run", "--target", "model", "--suites", suite, "--results", path).status == 0
    (suite / "doors.2" / "worn.scn").write_text("scenario \n")
    for more in ([], ["-n", "1"]):
        assert credstone("run", "--target", "model", "--suites", suite, "--baseline", path, *more).status != 0


def test_a_part_of_the_baseline_is_enough(baseline: Path, tmp_path: Path) -> None:
    done = run(tmp_path, "initgroups.3/members/more-groups-than-32", "--target", TARGET, "--baseline", baseline)
    assert done.status == 0
    assert "vanished: " in done.out
    assert "which the new run did not select: the suite is the same" in " ".join(done.out.split())
    done = run(tmp_path, PAGE, "--target", TARGET, "--shard", "1/2", "--baseline", baseline)
    assert done.status == 0
    assert "the new run has only shard 1 of 2 of mutant:initgroups-32" in done.out


def test_nothing_in_common_is_a_mistake(baseline: Path, tmp_path: Path) -> None:
    done = run(tmp_path, "getgid", "--target", TARGET, "--baseline", baseline)
    assert done.status == 2
    assert "No cell of this run is in the baseline" in done.out


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--target", "model"], "has no target model."),
        (["--target", TARGET, "--spec", "man"], "was judged with --spec linux, and this run is with --spec man."),
        (["--target", TARGET, "-x"], "-x and --baseline cannot be combined"),
    ],
)
def test_mistakes(baseline: Path, tmp_path: Path, more: list[str], told: str) -> None:
    done = run(tmp_path, PAGE, "--baseline", baseline, *more)
    assert (done.status, done.out) == (2, "")
    assert told in done.err


def test_a_baseline_that_is_none(baseline: Path, tmp_path: Path) -> None:
    whole = baseline.read_bytes()
    for content, told in (
        (whole[:-9], " is cut off after "),
        (b"hello\n", "this is no line"),
        (b"", "does not begin with a header"),
    ):
        baseline.write_bytes(content)
        done = on_mutant(tmp_path, baseline)
        assert (done.status, done.out) == (2, "")
        assert told in done.err
    baseline.unlink()
    assert "cannot be read: No such file" in on_mutant(tmp_path, baseline).err
