"""Reports, of a results file and of a run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from cli.command import Done, credstone, mutated, refused
from host.launch import hear_every_signal

FORMATS = ("junit", "ktap", "markdown")
BEGIN = {"junit": "<?xml version=", "ktap": "KTAP version 1\n", "markdown": "### ✅ Credstone: 10 pass\n"}


@pytest.fixture
def file(suite: Path, tmp_path: Path) -> Path:
    """The results of a run."""
    path = tmp_path / "results.jsonl"
    assert credstone("run", "--target", "model", "--suites", suite, "--results", path).status == 0
    return path


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The place of temporary files: at the end nothing of ours is in it."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    yield folder
    assert list(folder.glob("credstone*")) == []


def options(folder: Path) -> list[str | Path]:
    return [part for name in FORMATS for part in (f"--{name}", folder / name)]


def test_several_at_once(file: Path, tmp_path: Path) -> None:
    assert credstone("report", file, *options(tmp_path)) == Done(0, "", "")
    for name in FORMATS:
        assert (tmp_path / name).read_text().startswith(BEGIN[name])


def test_one_on_standard_output_and_nothing_else(file: Path, tmp_path: Path) -> None:
    for name in FORMATS:
        done = credstone("report", file, f"--{name}", "-")
        assert (done.status, done.err) == (0, "")
        assert done.out.startswith(BEGIN[name])
    done = credstone("report", file, "--junit", "-", "--ktap", tmp_path / "ktap")
    assert ET.fromstring(done.out).get("tests") == "10"
    assert (tmp_path / "ktap").is_file()


def test_standard_output_is_utf_8_whatever_the_locale_says(file: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "credstone", "report", file, "--markdown", "-"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.decode("utf-8").startswith(BEGIN["markdown"])


def test_none_shows_what_the_run_said(suite: Path, file: Path) -> None:
    run = credstone("run", "--target", "model", "--suites", suite).out.splitlines()
    shown = credstone("report", file)
    assert (shown.status, shown.err) == (0, "")
    begun, own, said = shown.out.partition("credstone 0.1.0, suite ")
    assert " ".join(begun.split()).endswith(f"run --target model --suites {suite} --results {file}")
    assert own
    lines = said.splitlines()[1:]
    assert lines
    assert [line for line in run if line in lines] == lines


def test_the_status_is_that_of_the_run_and_not_of_the_report(tmp_path: Path) -> None:
    path, made = tmp_path / "results.jsonl", tmp_path / "made.md"
    run = ("run", "initgroups.3/members", "--target", "mutant:initgroups-32", "--results", path, "--markdown", made)
    assert mutated(*run, beside=tmp_path).status == 1
    assert made.read_text().startswith("### ❌ Credstone: 8 fail, ")
    assert credstone("report", path, "--markdown", "-") == Done(0, made.read_text(), "")


def test_a_file_that_was_cut_off_is_read_as_far_as_it_goes(file: Path, tmp_path: Path) -> None:
    file.write_bytes(file.read_bytes()[:-200])
    done = credstone("report", file, *options(tmp_path))
    assert (done.status, done.out) == (0, "")
    assert done.err.startswith(f"credstone: {file}: the results file was cut off: it has no footer, 9 cells are in it")
    assert 'errors="1"' in (tmp_path / "junit").read_text()
    assert "model: 9 cells, 9 pass, 0 fail, 0 unsupported, 0 broken\n" in credstone("report", file).out


# mistakes


def test_no_file(tmp_path: Path) -> None:
    assert refused("report", tmp_path / "none") == (
        f"credstone: {tmp_path}/none cannot be read: No such file or directory.\n  Check the path.\n"
    )
    assert "RESULTS" in refused("report")


def test_no_results_file(tmp_path: Path) -> None:
    for content in (b"", b"hello\n", b"{}\n", b"\xff\n", b"\x00" * 99, b"[" * 9999):
        (tmp_path / "other").write_bytes(content)
        assert str(tmp_path / "other") in refused("report", tmp_path / "other", "--ktap", "-")


def test_a_report_that_cannot_be_written(file: Path, tmp_path: Path) -> None:
    said = refused("report", file, "--ktap", tmp_path / "x", "--junit", tmp_path, status=3)
    assert said.startswith(f"credstone: The report {tmp_path} cannot be written: Is a directory.")
    assert not (tmp_path / "x").exists()


def test_two_at_one_place(suite: Path, file: Path, tmp_path: Path) -> None:
    run = ("run", "--target", "model", "--suites", suite)
    for verb in (("report", file), run):
        assert "--ktap and --junit cannot both be written to -." in refused(*verb, "--ktap", "-", "--junit", "-")
        same = (tmp_path / "a", tmp_path / "b" / ".." / "a")
        assert "cannot both be" in refused(*verb, "--ktap", same[0], "--markdown", same[1])
    before = file.read_bytes()
    assert "--ktap and the results file cannot both be" in refused("report", file, "--ktap", file)
    assert "--ktap and the results file cannot both be" in refused(*run, "--results", file, "--ktap", file)
    assert file.read_bytes() == before


# of a run


def test_a_run_makes_them_and_keeps_no_results(suite: Path, tmp_path: Path, temporary: Path) -> None:
    done = credstone("run", "--target", "model", "--suites", suite, *options(tmp_path / "made"))
    assert (done.status, done.err) == (0, "")
    assert "results: " not in done.out
    assert done.out.endswith("".join(f"{name}: {tmp_path}/made/{name}\n" for name in FORMATS))
    for name in FORMATS:
        assert (tmp_path / "made" / name).read_text().startswith(BEGIN[name])


def test_a_run_keeps_the_results_that_are_asked_for(suite: Path, tmp_path: Path, temporary: Path) -> None:
    path = tmp_path / "results.jsonl"
    done = credstone(
        "run", "-n", "1", "--target", "model", "--suites", suite, "--results", path, "--ktap", tmp_path / "k"
    )
    assert done.status == 0
    assert f"results: {path}" in done.out
    assert credstone("report", path, "--ktap", "-").out == (tmp_path / "k").read_text()


def test_a_run_leaves_standard_output_to_the_report(suite: Path, temporary: Path) -> None:
    for workers in ("0", "1"):
        done = credstone("run", "-n", workers, "--target", "model", "--suites", suite, "--junit", "-")
        assert done.status == 0
        assert ET.fromstring(done.out).get("tests") == "10"
        assert "model: 10 cells, 10 pass" in done.err


def test_what_did_not_run_has_no_report(suite: Path, tmp_path: Path, temporary: Path) -> None:
    (tmp_path / "k").write_text("old")
    done = credstone("run", "-k", "nothing", "--target", "model", "--suites", suite, "--ktap", tmp_path / "k")
    assert (done.status, (tmp_path / "k").read_text()) == (2, "old")


def test_a_report_that_cannot_be_written_is_said_before_the_run(suite: Path, tmp_path: Path, temporary: Path) -> None:
    assert "Is a directory" in refused("run", "--target", "model", "--suites", suite, "--ktap", tmp_path, status=3)


def test_an_interrupted_run_has_reports_as_far_as_it_went(tmp_path: Path, temporary: Path) -> None:
    command = [sys.executable, "-m", "credstone", "run", "--target", "model", "-v", "--junit", str(tmp_path / "junit")]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hear_every_signal,  # noqa: PLW1509 - this process has no threads
    ) as run:
        assert run.stdout is not None
        next(line for line in run.stdout if " PASSED" in line)
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=60)
    assert run.returncode == 2
    assert "credstone: the results file was cut off: " in err
    found = ET.parse(tmp_path / "junit").getroot()
    assert int(found.get("tests", "0")) > 1
    assert found.get("errors") == "1"
