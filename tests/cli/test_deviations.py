"""``credstone deviations``, from a run to a green one."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from cli.command import credstone, mutated, refused
from credstone.suite.load import shown
from credstone.targets.deviations import places
from deviations.made import with_reasons
from deviations.recorded import MUTANT, TARGET, TEXT, write

SCRIPT = "initgroups.3/members"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of a run on a target that knows 32 groups, in two postures."""
    folder = tmp_path_factory.mktemp("run")
    path = folder / "results.jsonl"
    targets = ("--target", TARGET, "--target", f"{TARGET}+open")
    assert mutated("run", SCRIPT, *targets, "--results", path, beside=folder / "none").status == 1
    return path


def test_what_is_recorded_is_listed() -> None:
    done = credstone("deviations")
    assert (done.status, done.err) == (0, "")
    assert all(len(line) <= 100 or " " not in line.strip() for line in done.out.splitlines())
    out = done.out.replace("\n        @", "@")  # an id that is too long for a line
    for target, path in places().items():
        if not path.is_file():
            continue
        assert f"{target}   {shown(path)}\n" in done.out
        for name, fault in tomllib.loads(path.read_text()).items():
            assert f"\n  {name}: " in done.out
            assert fault.get("link", "no link: ") in done.out
            for way in fault["shows"]:
                assert all(f"\n      {cell}\n" in f"{out}\n" for cell in way["cells"])


def test_one_of_them_in_full(tmp_path: Path) -> None:
    path = write(tmp_path, TEXT + 'postures = ["open"]\nsometimes = "Two threads have to meet."\n')
    assert credstone("deviations", path).out == (
        f"{path}   {path}\n"
        "\n"
        "  groups-of-32: Its buffer has room for 32 groups, and the rest is left out.\n"
        "    https://example.org/bugs/32\n"
        '    initgroups(3)/all-groups-of-user: initgroups("alice", *) = [1000, 3000..3030], expected: groups\n'
        "      [1000, 3000..*]\n"
        "      only as open\n"
        "      sometimes: Two threads have to meet.\n"
        "      initgroups.3/members/more-groups-than-*@*:*\n"
    )
    (row,) = credstone("deviations", path, "--json").json()
    assert (row["target"], row["name"], row["seen"]) == (str(path), "groups-of-32", "[1000, 3000..3030]")
    assert (row["postures"], row["number"], row["link"]) == (["open"], 6, "https://example.org/bugs/32")


def test_an_image_with_nothing_recorded_and_one_that_there_is_not() -> None:
    assert credstone("deviations", "scratch").out == "image:scratch: nothing is recorded\n"
    assert credstone("deviations", "image:musl-1.2.2").out.startswith("image:musl-1.2.2   ")
    assert credstone("deviations", "kernel:debian-12").out == "kernel:debian-12: nothing is recorded\n"
    assert credstone("deviations", "qemu-user").out.startswith("qemu-user   ")
    assert "There is no target debian-99 that has a folder, and no such file." in refused("deviations", "debian-99")


def test_from_a_red_run_to_a_green_one(results: Path, tmp_path: Path) -> None:
    proposed = credstone("deviations", "propose", results)
    assert (proposed.status, proposed.err) == (0, "")
    known = write(tmp_path, f"# What was here before.\n{proposed.out}")
    run = ("run", SCRIPT, "--target", TARGET, "--target", f"{TARGET}+open")
    done = mutated(*run, beside=tmp_path)
    assert (done.status, "the reason is a sentence by a person" in done.err) == (2, True)
    known.write_text(with_reasons(known.read_text()))
    again = tmp_path / "again.jsonl"
    done = mutated(*run, "--results", again, beside=tmp_path)
    assert (done.status, "16 deviation" in done.out) == (0, True), done.out
    assert "every failure on mutant:initgroups-32 is recorded" in credstone("deviations", "propose", again).err
    stale = credstone("deviations", "stale", again, "--deviations", f"{TARGET}={known}")
    assert (stale.status, "0 stale" in stale.out) == (0, True)


def test_they_are_few_and_say_what_was_seen(results: Path) -> None:
    proposed = tomllib.loads(credstone("deviations", "propose", results, "--target", f"{TARGET}+open").out)
    (fault,) = proposed.values()
    (way,) = fault["shows"]
    assert (fault["reason"], fault["link"]) == ("?", "?")
    assert way["clause"] == "initgroups(3)/all-groups-of-user"
    assert (way["line"], way["seen"]) == ('initgroups("alice", 1000)', "[1000, 3000..3030]")
    assert way["postures"] == ["open"]


def test_a_run_on_the_mended_target_shows_them_stale(results: Path, tmp_path: Path) -> None:
    known = write(tmp_path, with_reasons(credstone("deviations", "propose", results).out))
    mended = tmp_path / "mended.jsonl"
    credstone("run", SCRIPT, "--target", "model", "--results", mended)
    done = credstone("deviations", "stale", mended, "--deviations", known)
    assert done.status == 1
    assert done.out.startswith("gone       initgroups-all-groups-of-user")
    assert all(len(line) <= 100 or str(known) in line for line in done.out.splitlines())
    rows = credstone("deviations", "stale", mended, "--deviations", known, "--json")
    assert rows.status == 1
    of_it = [row for row in rows.json() if row["target"] == "model"]
    assert [(row["state"], len(row["shown"])) for row in of_it] == [("gone", 8)]
    assert {row["state"] for row in rows.json() if row["target"] != "model"} == {"untold"}
    assert credstone("deviations", "stale", mended).status == 0


def test_mistakes(results: Path, tmp_path: Path) -> None:
    assert "No results file was given." in refused("deviations", "stale")
    assert "cannot be read: No such file or directory" in refused("deviations", "stale", tmp_path / "none")
    assert "cannot be read: No such file or directory" in refused("deviations", "propose", tmp_path / "none")
    assert "image:small did not run in this file." in refused(
        "deviations", "propose", results, "--target", "image:small"
    )
    said = refused("deviations", "stale", results, "--deviations", write(tmp_path))
    assert "does not say of which target they are" in said
    worn = write(tmp_path, TEXT.replace("than-*", "than"))
    said = refused("deviations", "stale", results, "--deviations", f"{TARGET}={worn}")
    assert f"{MUTANT}.toml:7:1: no cell of the suite is called" in said


def test_results_of_another_suite_are_named(results: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    text = results.read_text().replace('"suite":"', '"suite":"0', 1)
    other.write_text(text.replace("more-groups-than-32", "gone"))
    done = credstone("deviations", "propose", other)
    assert f"{other} was written with another suite: cells that this suite does not have are left out" in done.err
    assert "such as initgroups.3/members/gone@root-in-groups:libc: the suite has no such cell" in done.err
