"""What a person can get wrong on the command line: status 2, and one clear sentence."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from building import ACTORS
from cli.command import credstone, refused


def test_an_unknown_verb() -> None:
    assert "rnu" in refused("rnu")


def test_an_unknown_option() -> None:
    for verb in ("list", "run", "explain", "coverage", "deviations", "doctor"):
        assert "--nonsense" in refused(verb, "--nonsense")


def test_an_option_without_its_value() -> None:
    assert "--api" in refused("list", "--api")


def test_an_unknown_api() -> None:
    for verb in ("list", "run"):
        said = refused(verb, "--api", "lib")
        assert "lib" in said
        assert "libc" in said, "all that there are"


def test_an_unknown_name(suite: Path) -> None:
    for verb in ("list", "run", "explain"):
        assert refused(verb, "looking-is-fre", "--suites", suite) == (
            "credstone: There is nothing called 'looking-is-fre'.\n  Did you mean looking-is-free?\n"
        )


def test_an_unknown_actor(suite: Path) -> None:
    for verb in ("list", "run"):
        assert refused(verb, "--actor", "nobody", "--suites", suite) == (
            "credstone: There is no actor 'nobody'.\n  There are root, user.\n"
        )


def test_an_unknown_actor_or_api_of_a_cell(suite: Path) -> None:
    for verb in ("list", "run", "explain"):
        assert "There is no actor 'nobody'" in refused(verb, "looking-is-free@nobody:libc", "--suites", suite)
        assert "There is no API 'lib'" in refused(verb, "looking-is-free@user:lib", "--suites", suite)


def test_an_unknown_target(suite: Path) -> None:
    assert refused("run", "--target", "mars", "--suites", suite) == (
        "credstone: There is no target 'mars'.\n  There are host, image:NAME, kernel:PATH, qemu-user:ARCH, fakeroot, proot, model.\n"
    )


def test_an_unknown_spec(suite: Path) -> None:
    assert "posix" in refused("run", "--spec", "posix", "--suites", suite)


def test_an_unknown_page() -> None:
    assert "There is no page setgruops" in refused("coverage", "setgruops")


def test_a_cell_that_cannot_be(suite: Path) -> None:
    said = refused("run", "a-key-opens", "--actor", "root", "--target", "model", "--suites", suite)
    assert "No selected scenario runs with this actor, API and ABI." in said


def test_no_repetition(suite: Path) -> None:
    assert "--repeat takes a number from 1 on" in refused("run", "--repeat", "0", "--suites", suite)
    assert "many" in refused("run", "--repeat", "many", "--suites", suite)


def test_a_keyword_that_no_cell_has(suite: Path) -> None:
    done = credstone("run", "-k", "nothing", "--target", "model", "--suites", suite)
    assert done.status == 2
    assert "Nothing was selected." in done.err


def test_a_keyword_that_is_no_expression(suite: Path) -> None:
    done = credstone("run", "-k", "a and (", "--target", "model", "--suites", suite)
    assert done.status == 2


def test_no_number_of_workers(suite: Path) -> None:
    done = credstone("run", "-n", "many", "--target", "model", "--suites", suite)
    assert done.status == 2
    assert "many" in done.err


def test_no_suite(tmp_path: Path) -> None:
    for verb in ("list", "run"):
        assert "is no suite: it has no actors.toml" in refused(verb, "--suites", tmp_path)


def test_a_mistake_in_a_script_is_shown_at_its_place(suite: Path) -> None:
    (suite / "doors.2" / "looks.scn").write_text("scenario a\n  cites x\n  as root\n\n  setgid(5 = 0\n")
    for names in ((), ("doors.2",), ("doors.2/looks",)):
        first, shown, caret = refused("run", *names, "--suites", suite).splitlines()
        assert first.startswith(f"credstone: {suite}/doors.2/looks.scn:5:12: '=' is not expected here, but ")
        assert (shown.strip(), caret.index("^")) == ("setgid(5 = 0", 15)


def test_a_mistake_stops_only_what_includes_its_script(suite: Path) -> None:
    (suite / "doors.2" / "looks.scn").write_text(
        "scenario a\n  cites x\n  as rot\n\n  setgid(5, 6) = EPRM\n  setgd(5)\n"
    )
    assert credstone("run", "doors.2/locks", "--target", "model", "--suites", suite).status == 0
    assert credstone("run", "a-key-opens", "--target", "model", "--suites", suite).status == 0
    for way in (["list"], ["list", "doors.2"], ["explain", "a-key-opens"], ["explain", "opendoor(2)/EPERM-key"]):
        done = credstone(*way, "--suites", suite)
        assert done.status == 0, way
        assert "a-key-opens" in done.out
    said = credstone("list", "--suites", suite).err
    assert re.findall(r"looks\.scn:(\d+:\d+): ", said) == ["2:9", "3:6", "5:3", "5:18", "6:3"]
    assert refused("list", "doors.2/looks", "--suites", suite).count("looks.scn:") == 5
    assert refused("explain", "doors.2/looks", "--suites", suite).count("looks.scn:") == 5


def test_a_mistake_in_an_actor_is_shown_at_its_place(suite: Path) -> None:
    (suite / "actors.toml").write_text(ACTORS.replace("1000", '"1000"', 1))
    assert "actors.toml" in refused("list", "--suites", suite)


def test_a_results_file_that_cannot_be_written(suite: Path, tmp_path: Path) -> None:
    done = credstone("run", "--target", "model", "--results", tmp_path, "--suites", suite)
    assert done.status == 3
    assert "cannot be written: Is a directory" in done.out + done.err


@pytest.mark.parametrize("verb", [["list"], ["list", "--cells"], ["list", "--json"]])
def test_a_reader_that_has_gone_is_no_mistake(verb: list[str]) -> None:
    listing = subprocess.Popen(
        [sys.executable, "-m", "credstone", *verb], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert listing.stdout is not None
    assert listing.stderr is not None
    assert listing.stdout.readline()
    listing.stdout.close()
    assert listing.stderr.read() == ""
    assert listing.wait(60) < 2
    listing.stderr.close()


def test_pytest_alone_says_so_too(suite: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(suite), "--target", "mars"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=suite, timeout=120, check=False)
    assert done.returncode == 4
    assert (
        "There is no target 'mars'.\n  There are host, image:NAME, kernel:PATH, qemu-user:ARCH, fakeroot, proot, model.\n"
    ) in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_what_is_no_text_is_shown_by_the_worker_that_collects_it(suite: Path) -> None:
    (suite / "doors.2" / "worn.scn").write_bytes(b"scenario \xff\n")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(suite), "--target", "model", "-n", "1"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=suite, timeout=120, check=False)
    assert done.returncode == 1
    assert "worn.scn is not UTF-8 text (byte 9)" in done.stdout
    assert "model: 10 cells, 10 pass" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
