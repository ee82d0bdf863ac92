"""Whatever stands in a file, a command reads it or says in a sentence what is wrong with which file: nothing else happens."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credstone import cli
from credstone.results.file import write_results
from credstone.targets.container.settings import containers, load, read_managers, read_postures, read_settings
from credstone.targets.vm import kernels
from credstone.words.errors import CredstoneError
from runs import broken, deviating, failed, passed, run, unsupported
from trial import make_suite, write_script

DEVIATIONS = """
[one]
reason = "It is so."
link = "https://example.org/"

[[one.shows]]
cells = ["trial.2/trial/good-before@me:libc"]
clause = "trial(2)/works"
line = "getuid()"
expected = "0"
seen = "1"
"""
RUN = run(passed("a"), failed("b"), deviating("c"), unsupported("d"), broken("e"), failed("f", "0", target="image:x"))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one of each file, all as they should be."""
    folder = tmp_path_factory.mktemp("files")
    write_script(make_suite(folder))
    (folder / "deviations.toml").write_text(DEVIATIONS)
    write_results(folder / "results.jsonl", RUN)
    write_results(folder / "good.jsonl", RUN)
    return folder


def damaged(whole: bytes) -> st.SearchStrategy[bytes]:
    """The file cut off, with lines that stand elsewhere, with other bytes, and something else altogether."""
    lines = whole.splitlines(keepends=True)
    places = st.integers(0, len(whole))
    return st.one_of(
        places.map(lambda at: whole[:at]),
        st.permutations(lines).map(b"".join),
        st.lists(st.sampled_from(lines), max_size=2 * len(lines)).map(b"".join),
        st.tuples(places, st.binary(max_size=8), st.integers(0, 30)).map(
            lambda how: whole[: how[0]] + how[1] + whole[how[0] + how[2] :]
        ),
        st.tuples(places, st.sampled_from((b'"', b"[", b"]", b"=", b"\n", b"\xff", b"\0", b"{", b"#", b"\r"))).map(
            lambda how: whole[: how[0]] + how[1] + whole[how[0] :]
        ),
        st.binary(max_size=200),
    )


def command(*arguments: str) -> tuple[int, str]:
    """What a command says of a mistake, and its status; an exception that gets out is the test's failure."""
    out, errors = io.StringIO(), io.StringIO()
    with mock.patch.object(sys, "argv", ["credstone", *arguments]), redirect_stdout(out), redirect_stderr(errors):
        try:
            cli.main()
        except SystemExit as ended:
            return int(ended.code or 0), errors.getvalue()
    raise AssertionError("a command ends with a status")


def answered(path: Path, *arguments: str) -> None:
    """The command did what it is for, or named the file and what is wrong with it."""
    status, said = command(*arguments)
    assert status in (0, 1, 2), said
    assert "Traceback" not in said
    if status == 2:
        assert said.startswith("credstone: "), said
        named = said.splitlines()[0]
        assert path.name in named or ("suites" in path.parts and "/suites/" in named), said  # it shows where it is used


def _suite(place: Path) -> list[list[str]]:
    return [["list", "--cells", "--suites", str(place / "suites")]]


def _deviations(place: Path) -> list[list[str]]:
    return [["deviations", str(place / "deviations.toml")]]


def _results(place: Path) -> list[list[str]]:
    path, good, suites = str(place / "results.jsonl"), str(place / "good.jsonl"), str(place / "suites")
    reports = [part for kind in ("html", "junit", "ktap", "markdown") for part in (f"--{kind}", str(place / kind))]
    return [
        ["report", path, *reports], ["report", path], ["diff", path, good], ["diff", good, path],
        ["merge", path, "--out", str(place / "merged")], ["deviations", "stale", path, "--suites", suites],
    ]  # fmt: skip


FILES: dict[str, Callable[[Path], list[list[str]]]] = {
    "suites/actors.toml": _suite,
    "suites/trial.2/clauses.toml": _suite,
    "suites/trial.2/trial.scn": _suite,
    "deviations.toml": _deviations,
    "results.jsonl": _results,
}


@pytest.mark.parametrize("name", FILES)
@given(data=st.data())
@settings(max_examples=60)
def test_a_damaged_file(place: Path, name: str, data: st.DataObject) -> None:
    path = place / name
    whole = path.read_bytes()
    try:
        path.write_bytes(data.draw(damaged(whole)))
        for arguments in FILES[name](place):
            answered(path, *arguments)
    finally:
        path.write_bytes(whole)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("how", ["missing", "a folder"])
def test_no_file(place: Path, name: str, how: str) -> None:
    path = place / name
    whole = path.read_bytes()
    path.unlink()
    try:
        if how == "a folder":
            path.mkdir()
        for arguments in FILES[name](place):
            answered(path, *arguments)
    finally:
        if how == "a folder":
            path.rmdir()
        path.write_bytes(whole)


SETTINGS: dict[str, Callable[[Path], object]] = {
    "containers/debian-12/target.toml": read_settings,
    "containers/postures.toml": read_postures,
    "containers/packages.toml": read_managers,
    "kernels/debian-12/kernel.toml": kernels.read_settings,
}


@pytest.mark.parametrize("name", SETTINGS)
@given(data=st.data())
@settings(max_examples=100)
def test_damaged_settings_of_targets(place: Path, name: str, data: st.DataObject) -> None:
    path = place / name
    (place / "containers").mkdir(exist_ok=True)
    path.parent.mkdir(exist_ok=True, parents=True)
    shutil.copy(containers() / "packages.toml", place / "containers")  # what a target's settings name
    path.write_bytes(data.draw(damaged((containers().parent / name).read_bytes())))
    try:
        SETTINGS[name](path)
    except CredstoneError as error:
        first, *_ = str(error).splitlines()
        assert path.name in first


def test_the_names_of_targets_are_no_paths() -> None:
    for name in ("../debian-12", "a" * 300, ""):
        with pytest.raises(CredstoneError):
            load(name)
