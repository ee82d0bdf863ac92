"""The C library is called by its own name: nothing is taken for musl because it is not glibc."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from building import facts
from credstone.agent import build as building
from credstone.agent.process import Process
from credstone.agent.session import Session
from credstone.words.facts import Facts
from own_library import dietlibc_prefix, musl_prefix, needs, rebuild


def told(folder: Path, monkeypatch: pytest.MonkeyPatch, compiler: str) -> Facts:
    """The facts of an agent that this compiler makes."""
    session_folder = folder / "session"
    session_folder.mkdir(exist_ok=True)
    monkeypatch.setattr(building, "folder_for", lambda _: None)
    monkeypatch.setenv("CC", compiler)
    session = Session(Process([str(building.build_agent(session_folder))], session_folder))
    session.close()
    return session.facts


@pytest.mark.parametrize(
    ("macros", "name"),
    [
        ("-D__UCLIBC__ -D__UCLIBC_MAJOR__=1 -D__UCLIBC_MINOR__=0 -D__UCLIBC_SUBLEVEL__=45", "uClibc 1.0.45"),
        ("-D__BIONIC__", "bionic"),
        ("-D__KLIBC__=2 -D__KLIBC_MINOR__=0", "klibc 2.0"),
        ("-D__LLVM_LIBC__", "LLVM libc"),
    ],
)
def test_a_library_with_a_macro(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, macros: str, name: str) -> None:
    """Where one has the macro of glibc as well (uClibc), its own counts."""
    needs("cc")
    assert told(tmp_path, monkeypatch, f"cc {macros}").libc == name


def test_glibc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs("cc")
    dynamic = told(tmp_path, monkeypatch, "cc")
    assert re.fullmatch(r"glibc \d+\.\d+", dynamic.libc)
    assert Path(dynamic.libc_file).name.startswith("libc")
    static = told(tmp_path, monkeypatch, "cc -static -w")
    assert (static.libc, static.libc_file) == (f"static {dynamic.libc}", "")


def test_dietlibc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "prefix").mkdir()
    found = told(tmp_path, monkeypatch, str(dietlibc_prefix(tmp_path / "prefix")))
    assert (found.libc, found.library, found.real_threads) == ("static dietlibc", "dietlibc", False)


class TestMusl:
    """musl says in its loader which it is, and in a name of its static library."""

    @pytest.fixture(autouse=True)
    def _prefix(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.prefix = tmp_path / "prefix"
        self.prefix.mkdir()
        self.compiler = str(musl_prefix(self.prefix))
        self.folder, self.monkeypatch = tmp_path, monkeypatch

    def told(self, *more: str) -> Facts:
        return told(self.folder, self.monkeypatch, " ".join((self.compiler, *more)))

    def test_loaded(self) -> None:
        found = self.told()
        assert re.fullmatch(r"musl \d+\.\d+\.\d+\S*", found.libc)
        assert found.libc_file == str(self.prefix / "lib" / "libc.so")

    def test_static_with_its_whole_version(self) -> None:
        assert re.fullmatch(r"static musl \d+\.\d+\.\d+\S*", self.told("-static").libc)
        version = "1.2.5-git-89-g86373b49"
        rebuild(self.prefix / "lib" / "libc.a", "version.lo", f'const char __libc_version[] = "{version}";')
        assert self.told("-static").libc == f"static musl {version}"

    def test_a_static_library_that_does_not_say_so(self) -> None:
        subprocess.run(["ar", "d", self.prefix / "lib" / "libc.a", "version.lo"], check=True)
        assert self.told("-static").libc == "static unknown libc"

    def test_headers_of_another_library(self) -> None:
        types = self.prefix / "include" / "bits" / "alltypes.h"
        types.write_text(types.read_text().replace("__DEFINED_", "__MADE_"))
        assert self.told("-static").libc == "static unknown libc"
        found = self.told()
        assert found.libc == "unknown libc"
        assert found.libc_file == str(self.prefix / "lib" / "libc.so")


@pytest.mark.parametrize(
    ("libc", "library"),
    [
        ("glibc 2.36", "glibc"),
        ("static glibc 2.36", "glibc"),
        ("musl 1.2.5-git-89-g86373b49", "musl"),
        ("static musl 1.2.5", "musl"),
        ("unknown libc", "unknown"),
        ("static dietlibc", "dietlibc"),
        ("", ""),
    ],
)
def test_the_name_without_the_version(libc: str, library: str) -> None:
    assert facts(libc=libc).library == library
