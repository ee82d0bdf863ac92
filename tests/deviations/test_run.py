"""A whole run on a target with known deviations: green while they show, red as soon as one does not."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

from cli.command import Done, credstone, mutated
from credstone.suite.load import default_folder
from deviations.recorded import TARGET, TEXT, write

SCRIPT = "initgroups.3/members"


def run(beside: Path, *arguments: str | Path, target: str = TARGET) -> Done:
    return mutated("run", SCRIPT, "--target", target, *arguments, beside=beside)


def test_without_a_record_it_is_red(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.status == 1
    assert "8 fail" in done.out


def test_while_it_shows_it_is_green(tmp_path: Path) -> None:
    write(tmp_path)
    results = tmp_path / "results.jsonl"
    done = run(tmp_path, "-v", "--results", results)
    assert done.status == 0, done.out
    assert "0 fail, 8 deviation, " in done.out
    assert (
        "  deviation      8  Its buffer has room for 32 groups, and the rest is left out.\n"
        "                    [1000, 3000..3030] at initgroups(3)/all-groups-of-user\n"
    ) in done.out
    assert done.out.count(" DEVIATION") == 8
    assert "FAIL" not in done.out
    lines = [json.loads(line) for line in results.read_text().splitlines()]
    known = [line for line in lines if line.get("deviation")]
    assert {line["verdict"] for line in known} == {"fail"}
    assert known[0]["deviation"] == {
        "name": "groups-of-32",
        "state": "known",
        "says": "Its buffer has room for 32 groups, and the rest is left out.",
        "link": "https://example.org/bugs/32",
    }
    assert (lines[-1]["counts"]["fail"], lines[-1]["counts"]["deviation"]) == (0, 8)


def test_a_selection_that_leaves_its_cells_out_is_green(tmp_path: Path) -> None:
    write(tmp_path)
    done = run(tmp_path, "-k", "old-list")
    assert (done.status, "deviation" in done.out) == (0, False)


def test_one_that_is_gone_is_red(tmp_path: Path) -> None:
    path = write(tmp_path, TEXT.replace("more-groups-than-*", "*"))
    results = tmp_path / "results.jsonl"
    done = run(tmp_path, "--results", results)
    assert done.status == 1
    gone = f"deviation gone: groups-of-32 does not show here any more, remove the entry ({path}:6)"
    assert f" {gone} " in done.text
    lines = [json.loads(line) for line in results.read_text().splitlines()]
    found = [line for line in lines if (line.get("deviation") or {}).get("state") == "gone"]
    assert {line["verdict"] for line in found} == {"pass"}
    assert len(found) == lines[-1]["counts"]["fail"] > 20
    summary = " ".join(done.out[done.out.index("  fail ") :].split())
    assert summary.startswith(f"fail {len(found)} {gone} ")


def test_one_that_answers_otherwise_is_red(tmp_path: Path) -> None:
    path = write(tmp_path, TEXT.replace("3000..3030", "3000..3029"))
    done = run(tmp_path)
    assert done.status == 1
    assert (
        'deviation changed: initgroups("alice", 1000): [1000, 3000..3030] is seen now, '
        f"where [1000, 3000..3029] is recorded (groups-of-32, {path}:6)"
    ) in done.text
    assert "8 fail" in done.out


def test_a_cell_that_is_recorded_twice_is_red(tmp_path: Path) -> None:
    write(tmp_path, TEXT + "\n" + TEXT[TEXT.index("[[") :])
    done = run(tmp_path)
    assert (done.status, "8 fail" in done.out) == (1, True)
    assert "deviation ambiguous: groups-of-32 (" in done.text


def test_postures_of_one_target(tmp_path: Path) -> None:
    write(tmp_path, TEXT + 'postures = ["open"]\n')
    assert run(tmp_path, target=f"{TARGET}+open").status == 0
    assert run(tmp_path, target=TARGET).status == 1


def test_repeated_it_is_the_same(tmp_path: Path) -> None:
    write(tmp_path)
    assert run(tmp_path, "--repeat", "3").status == 0


def test_a_file_that_cannot_be_read_is_said_before_anything_runs(tmp_path: Path) -> None:
    path = write(tmp_path, TEXT.replace("[groups-of-32]", "[groups-of-32"))
    done = run(tmp_path)
    assert done.status == 2
    assert f"{path}:2:" in done.err
    assert "pass" not in done.out


def test_for_a_target_that_has_no_place_for_one(tmp_path: Path) -> None:
    path = write(tmp_path, TEXT.replace("than-*", "than-32"))
    done = credstone("run", SCRIPT, "--target", "model", "--deviations", path)
    assert (done.status, "deviation gone: groups-of-32" in done.out) == (1, True)
    both = ("run", SCRIPT, "--target", "model", "--target", TARGET)
    given = mutated(*both, "--deviations", f"{TARGET}={path}", beside=tmp_path / "none")
    assert given.status == 1, given.out
    assert "\n  fail           6  initgroups(3)/" in given.out
    assert "\n  deviation      2  " in given.out
    done = mutated(*both, "--deviations", path, beside=tmp_path / "none")
    assert (done.status, done.out) == (2, "")
    assert "does not say of which target they are" in done.err


def test_a_given_file_is_held_against_the_suite(tmp_path: Path) -> None:
    path = write(tmp_path, TEXT.replace("than-*", "than"))
    done = credstone("run", SCRIPT, "--target", "model", "--deviations", path)
    assert (done.status, done.out) == (2, "")
    assert f"{path}:7:1: no cell of the suite is called" in done.err
    done = credstone("run", "--target", "model", "--deviations", tmp_path / "none.toml")
    assert (done.status, "cannot be read" in done.err) == (2, True)


def test_pytest_alone_knows_them_as_expected_failures(tmp_path: Path) -> None:
    write(tmp_path)
    script = default_folder() / f"{SCRIPT}.scn"
    report = tmp_path / "junit.xml"
    arguments = ("-q", "-p", "no:cacheprovider", script, "--target", TARGET, f"--junitxml={report}")
    done = mutated("pytest", *arguments, beside=tmp_path)
    assert done.status == 0, done.out
    assert ", 8 deviation, " in done.out
    skipped = ET.parse(report).getroot().findall(".//skipped")
    assert {(each.get("type"), each.get("message")) for each in skipped} == {
        ("pytest.xfail", "Its buffer has room for 32 groups, and the rest is left out.")
    }
