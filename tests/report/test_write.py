"""Reports are there whole or not at all, and nothing else is harmed."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from credstone.report.write import refuse_unwritable, write_report
from credstone.words.errors import MachineError


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    path = tmp_path / "made" / "here" / "x.md"
    refuse_unwritable(path)
    assert list(path.parent.iterdir()) == []
    write_report(path, "ä\ud7ff\n")
    assert path.read_bytes() == "ä\ud7ff\n".encode()
    assert list(path.parent.iterdir()) == [path]


def test_the_mode_is_that_of_any_new_file(tmp_path: Path) -> None:
    write_report(tmp_path / "x", "")
    (tmp_path / "y").touch()
    assert (tmp_path / "x").stat().st_mode == (tmp_path / "y").stat().st_mode


def test_where_it_fails_the_old_one_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x"
    path.write_text("old")

    def full(self: Path, text: str, encoding: str = "") -> int:
        self.write_bytes(b"ne")
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(MachineError, match=r"x cannot be written: No space left on device\."):
        write_report(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_old_one_is_there_until_the_new_one_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x"
    path.write_text("old")
    seen: list[tuple[str, str]] = []
    replace = Path.replace

    def watched(self: Path, target: Path) -> Path:
        seen.append((self.read_text(), target.read_text()))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", watched)
    write_report(path, "new")
    assert seen == [("new", "old")]
    assert path.read_text() == "new"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_report(tmp_path / "link", "x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text() == "x"


def test_what_is_no_file_is_not_replaced_by_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    refuse_unwritable(pipe)
    write_report(pipe, "x")
    assert os.read(reader, 9) == b"x"
    os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cases = ((tmp_path, "Is a directory"), (tmp_path / "file" / "x", "Not a directory|File exists"))
    for path, why in cases:
        for function in (refuse_unwritable, lambda where: write_report(where, "x")):
            with pytest.raises(MachineError, match=f"The report .* cannot be written: ({why})"):
                function(path)
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
