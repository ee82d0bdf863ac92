"""A program is used again only as long as all that it was made of is as it was."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from credstone.agent import build as building
from credstone.agent.inputs import read_inputs
from own_library import dietlibc_prefix, musl_prefix, needs, rebuild, script

SOURCE = """
#include <unistd.h>
#include <own.h>
int main(void) { return OWN + (int) getpid() * 0 + (int) setgid(7) * 0; }
"""
"""A program whose status is a constant of a header."""
LIES = "int setgid(unsigned gid) { return {answer}; }"
ASKS = "#include <unistd.h>\nint main(void) { return setgid(-1) < 0 ? 0 : 1; }\n"
"""A program whose status says whether setgid(-1) is refused."""


class Builder:
    """Builds one program again and again, as each run of Credstone does."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, source: str, compiler: str = "cc") -> None:
        self.kept = folder / "kept"
        self._sessions = folder / "sessions"
        self._sessions.mkdir()
        self._source = folder / "program.c"
        self._source.write_text(source)
        self._number = 0
        monkeypatch.setattr(building, "folder_for", self._folder_for)
        monkeypatch.setenv("CC", compiler)

    def _folder_for(self, name: str) -> Path:
        folder = self.kept / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def build(self, *flags: str) -> Path:
        """The program, as a new session has it."""
        self._number += 1
        session = self._sessions / str(self._number)
        session.mkdir()
        return building.build(session, "program", [self._source], flags)

    def status(self, *flags: str) -> int:
        """What the program ends with."""
        return subprocess.run([self.build(*flags)], check=False).returncode


@pytest.fixture
def include(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of headers that the environment names."""
    folder = tmp_path / "include"
    folder.mkdir()
    (folder / "own.h").write_text("#ifndef OWN\n#define OWN 3\n#endif\n")
    monkeypatch.setenv("CPATH", str(folder))
    needs("cc")
    return folder


@pytest.fixture
def builder(tmp_path: Path, include: Path, monkeypatch: pytest.MonkeyPatch) -> Builder:
    return Builder(tmp_path, monkeypatch, SOURCE)


def test_nothing_has_changed(builder: Builder) -> None:
    first = builder.build()
    assert first.is_relative_to(builder.kept)
    when = first.stat().st_mtime_ns
    assert builder.build() == first
    assert first.stat().st_mtime_ns == when, "it was made once"


def test_a_header(builder: Builder, include: Path) -> None:
    assert builder.status() == 3
    (include / "own.h").write_text("#ifndef OWN\n#define OWN 4\n#endif\n")
    assert builder.status() == 4


def test_a_header_of_the_same_size_and_time(builder: Builder, include: Path) -> None:
    assert builder.status() == 3
    was = (include / "own.h").stat()
    (include / "own.h").write_text("#ifndef OWN\n#define OWN 4\n#endif\n")
    os.utime(include / "own.h", ns=(was.st_atime_ns, was.st_mtime_ns))
    assert builder.status() == 4


def test_a_header_that_comes_before_another(builder: Builder, include: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = include.with_name("earlier")
    monkeypatch.setenv("CPATH", f"{earlier}:{include}")
    assert builder.status() == 3
    earlier.mkdir()
    (earlier / "own.h").write_text("#define OWN 5\n")
    assert builder.status() == 5


@pytest.mark.parametrize("name", ["CPATH", "C_INCLUDE_PATH"])
def test_a_path_of_headers(builder: Builder, include: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    other = include.with_name("other")
    other.mkdir()
    (other / "own.h").write_text("#define OWN 6\n")
    monkeypatch.delenv("CPATH")
    monkeypatch.setenv(name, str(include))
    assert builder.status() == 3
    monkeypatch.setenv(name, str(other))
    assert builder.status() == 6


def test_what_a_wrapper_calls(builder: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two wrappers, one behind the other: what the inner one adds may change, or come from the environment."""
    inner = script(tmp_path / "inner", 'exec "${REALGCC:-cc}" $MORE "$@"')
    monkeypatch.setenv("CC", str(script(tmp_path / "outer", f'exec {inner} "$@"')))
    assert builder.status() == 3
    monkeypatch.setenv("MORE", "-DOWN=8")
    assert builder.status() == 8
    monkeypatch.delenv("MORE")
    monkeypatch.setenv("REALGCC", str(script(tmp_path / "other", 'exec cc -DOWN=9 "$@"')))
    assert builder.status() == 9
    script(inner, 'exec cc -DOWN=10 "$@"')
    assert builder.status() == 10


@pytest.mark.parametrize(
    ("prefix", "member", "flags"),
    [(musl_prefix, "setgid.lo", ("-static",)), (dietlibc_prefix, "setgid.o", ())],
    ids=["musl", "dietlibc"],
)
def test_a_static_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prefix: Callable[[Path], Path], member: str, flags: tuple[str, ...]
) -> None:
    place = tmp_path / "prefix"
    place.mkdir()
    builder = Builder(tmp_path, monkeypatch, ASKS, str(prefix(place)))
    program = builder.build(*flags)
    record = read_inputs(program.with_name("program.inputs"))
    assert record is not None
    assert str(place / "lib" / "libc.a") in record.files
    answers = {}
    for answer in (-1, 0, -1):
        rebuild(place / "lib" / "libc.a", member, LIES.replace("{answer}", str(answer)))
        answers[answer] = builder.status(*flags)
    assert answers == {-1: 0, 0: 1}


def test_a_library_that_comes_before_another(tmp_path: Path, include: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The linker takes it from a folder that was empty before."""
    library = tmp_path / "library"
    library.mkdir()
    builder = Builder(tmp_path, monkeypatch, ASKS)
    assert builder.status("-static", "-w", f"-L{library}") == 0
    (library / "c.c").write_text(LIES.replace("{answer}", "0"))
    subprocess.run(["cc", "-c", "-o", library / "c.o", library / "c.c"], check=True)
    whole = subprocess.run(["cc", "-print-file-name=libc.a"], check=True, capture_output=True, text=True)
    (library / "libc.a").write_text(f"INPUT({library}/c.o {whole.stdout.strip()})\n")
    assert builder.status("-static", "-w", f"-L{library}") == 1


def test_the_program_itself(builder: Builder) -> None:
    """Another run may have put another program in the place of the one that the record is of."""
    program = builder.build()
    program.write_bytes(b"#!/bin/sh\nexit 42\n")
    assert builder.status() == 3


@pytest.mark.parametrize("word", ["-Wl,--trace", "-H", "-v"])
def test_what_does_not_say_what_it_reads_is_not_kept(
    builder: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    """The word that makes it say so is dropped, or refused."""
    loop = f'for word; do shift; [ "$word" = "{word}" ] || set -- "$@" "$word"; done; exec cc "$@"'
    refusal = f'for word; do [ "$word" = "{word}" ] && exit 1; done; exec cc "$@"'
    for text in (loop, refusal):
        monkeypatch.setenv("CC", str(script(tmp_path / "mute", text)))
        assert not builder.build().is_relative_to(builder.kept)
        assert builder.status() == 3
    assert not list(builder.kept.rglob("program"))


def test_what_does_not_say_what_it_would_do_is_not_kept(
    builder: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = 'for word; do [ "$word" = "-###" ] && exit 1; done; exec cc "$@"'
    monkeypatch.setenv("CC", str(script(tmp_path / "mute", refusal)))
    assert not builder.build().is_relative_to(builder.kept)


def test_what_changes_while_it_is_compiled_is_not_kept(
    builder: Builder, tmp_path: Path, include: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A header is written when the compiler has ended: nothing says which of the two it has read."""
    late = f'cc "$@"; status=$?; touch "{include}/own.h"; exit $status'
    monkeypatch.setenv("CC", str(script(tmp_path / "late", late)))
    builder.build()
    assert not list(builder.kept.rglob("*.inputs"))


def test_a_record_that_cannot_be_read(builder: Builder) -> None:
    program = builder.build()
    program.with_name("program.inputs").write_bytes(b"\xff{")
    assert builder.status() == 3
    assert read_inputs(program.with_name("program.inputs")) is not None, "it was made anew"


def test_a_folder_that_cannot_be_written(builder: Builder, include: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another user has made there serves as long as it is right; then the session makes its own."""
    kept = builder.build()
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode, **more: mode != os.W_OK and access(path, mode, **more))
    assert builder.build() == kept
    (include / "own.h").write_text("#define OWN 4\n")
    assert not builder.build().is_relative_to(builder.kept)
    assert builder.status() == 4
    assert subprocess.run([kept], check=False).returncode == 3
