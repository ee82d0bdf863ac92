"""Mistakes that show when a suite is loaded: names that it does not know, files that cannot be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from building import SCRIPT, write_suite
from credstone.notation.mistake import Mistake
from credstone.suite.load import load_suite
from credstone.words.errors import CredstoneError
from mistaken import under_caret, well_shown

HEAD = "scenario something\n  cites stays-open\n  as root\n"
PLACE = "doors.2/hinges.scn"


def in_suite(folder: Path, script: str) -> Mistake:
    write_suite(folder / "suite", hinges=script)
    with pytest.raises(Mistake) as caught:
        load_suite(folder / "suite")
    return well_shown(caught.value, script, str(folder / "suite" / PLACE))


def test_an_unknown_clause_and_the_one_that_was_meant(tmp_path: Path) -> None:
    found = in_suite(tmp_path, SCRIPT.replace("stays-open", "stay-open"))
    assert found.message.startswith("there is no clause stay-open; did you mean ")
    assert "stays-open" in found.message.split("did you mean")[1]
    assert under_caret(found) == "stay-open"


def test_an_ambiguous_clause(tmp_path: Path) -> None:
    found = in_suite(tmp_path, SCRIPT.replace("stays-open", "stays-open, EPERM-key"))
    assert found.message == ("EPERM-key is ambiguous here: write opendoor(2)/EPERM-key or shutdoor(2)/EPERM-key")
    assert under_caret(found) == "EPERM-key"


def test_an_unknown_actor(tmp_path: Path) -> None:
    found = in_suite(tmp_path, SCRIPT.replace("root, user", "root, usr"))
    assert found.message == "there is no actor usr; did you mean user?"
    assert under_caret(found) == "usr"


def test_an_unknown_api(tmp_path: Path) -> None:
    found = in_suite(tmp_path, SCRIPT.replace("as    root", "via   libc, sys\n  as    root"))
    assert found.message.startswith("there is no API sys")
    assert under_caret(found) == "sys"


def test_an_unknown_abi(tmp_path: Path) -> None:
    found = in_suite(tmp_path, SCRIPT.replace("as    root", "abi   i286\n  as    root"))
    assert found.message == "there is no ABI i286; did you mean i386?"


def test_an_unknown_condition(tmp_path: Path) -> None:
    found = in_suite(tmp_path, SCRIPT.replace("as    root", "asked usr\n  as    root"))
    assert found.message == "there is no condition usr; did you mean user?"
    assert under_caret(found) == "usr"


def test_nobody_asked_for_an_actor_that_is_made(tmp_path: Path) -> None:
    found = in_suite(tmp_path, SCRIPT.replace("as    root", "asked user\n  as    root"))
    assert found.message == "what was asked is known only of a process as a runtime started it, and root is none"
    assert under_caret(found).startswith("root")


def test_twins(tmp_path: Path) -> None:
    found = in_suite(tmp_path, SCRIPT + "\n" + SCRIPT)
    assert found.message == "looking-is-free is already the name of the scenario in line 2: choose another"
    assert found.line == 9


def test_a_file_with_carriage_returns_and_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    suite = write_suite(tmp_path / "suite")
    (suite / PLACE).write_bytes(b"\xef\xbb\xbf" + SCRIPT.replace("\n", "\r\n").encode())
    assert load_suite(suite).scenarios[0].about == "Anybody may look."


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    suite = write_suite(tmp_path / "suite")
    (suite / PLACE).write_bytes(SCRIPT.encode() + b"# caf\xe9\n")
    with pytest.raises(CredstoneError, match=rf"hinges.scn is not UTF-8 text \(byte {len(SCRIPT) + 5}\)"):
        load_suite(suite)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    suite = write_suite(tmp_path / "suite")
    (suite / PLACE).mkdir()
    with pytest.raises(CredstoneError, match=r"hinges\.scn cannot be read: Is a directory"):
        load_suite(suite)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    suite = write_suite(tmp_path / "suite", hinges=SCRIPT)
    (suite / PLACE).chmod(0)
    with pytest.raises(CredstoneError, match=r"hinges\.scn cannot be read: Permission denied"):
        load_suite(suite)


def test_a_folder_that_is_no_suite(tmp_path: Path) -> None:
    with pytest.raises(CredstoneError, match=r"is no suite: it has no actors\.toml"):
        load_suite(tmp_path)
