"""What a compiler says when it fails, and the kernel's headers for one that does not find them."""

from __future__ import annotations

from pathlib import Path

import pytest

from credstone.agent import build as building
from credstone.agent.compiler import complaint, try_program
from credstone.agent.kernel_headers import kernel_headers
from credstone.words.errors import LackingError, MachineError
from own_library import needs, script

FINE = "int main(void) { return 0; }\n"


def error(folder: Path, monkeypatch: pytest.MonkeyPatch, compiler: str, source: str = FINE, *flags: str) -> str:
    """What is said where a program does not compile."""
    monkeypatch.setenv("CC", compiler)
    monkeypatch.setattr(building, "folder_for", lambda _: None)
    text = folder / "program.c"
    text.write_text(source)
    with pytest.raises(MachineError) as caught:
        building.build(folder, "program", [text], flags)
    return str(caught.value)


@pytest.mark.parametrize(
    ("source", "flags", "says"),
    [
        ("int main(void) { return missing(); }", ("-w",), "undefined reference to `missing'"),
        (FINE, ("-lnonesuch",), "cannot find -lnonesuch"),
        ('#include "nonesuch.h"\n' + FINE, (), "program.c:1:10: fatal error: nonesuch.h: No such file or directory"),
        ("int main(void) { return 0 }", (), "error: expected ';'"),
    ],
)
def test_the_first_line_that_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, flags: tuple[str, ...], says: str
) -> None:
    needs("cc")
    first, hint = error(tmp_path, monkeypatch, "cc", source, *flags).split("\n")
    assert first.startswith("The agent does not compile: ")
    assert says in first
    assert "collect2" not in first
    assert "Run it by hand" in hint
    assert len(hint) < 300


def test_bytes_that_are_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiler = script(tmp_path / "bad-cc", r"printf 'x.c:1: error: \211PNG\n' >&2; exit 1")
    assert "x.c:1: error: \ufffdPNG" in error(tmp_path, monkeypatch, str(compiler))
    with pytest.raises(LackingError, match="error: \ufffdPNG"):
        building.build_agent(tmp_path, "i386")


def test_another_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked for in the output is English, whatever the caller's language is."""
    compiler = script(
        tmp_path / "cc", 'case "$LC_ALL" in C) echo "x.c:1: error: bad";; *) echo "x.c:1: Fehler";; esac >&2; exit 1'
    )
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert "x.c:1: error: bad" in error(tmp_path, monkeypatch, str(compiler))


def test_a_wrapper_without_a_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiler = script(tmp_path / "musl-gcc", 'exec "${REALGCC:-no-such-gcc}" "$@"')
    assert "no-such-gcc: not found" in error(tmp_path, monkeypatch, str(compiler))


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("In file included from x.h\nx.c:3: error: no\ncc1: error: some\n", "x.c:3: error: no"),
        ("ld: warning: cannot find entry\nld: cannot find -lc\ncollect2: error: ld returned 1 exit status", "ld: cannot find -lc"),
        ("a.o: undefined reference to `f'\nclang: error: linker command failed\n", "a.o: undefined reference to `f'"),
        ("/usr/bin/ld: i386 architecture of input file is bad\ncollect2: error: ld returned 1 exit status",
         "/usr/bin/ld: i386 architecture of input file is bad"),
        ("x.c:1: error: no\nfatal error: error writing to t.s: No space left on device",
         "fatal error: error writing to t.s: No space left on device"),
        ("collect2: error: ld returned 1 exit status\n", "collect2: error: ld returned 1 exit status"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_is_passed_over(said: str, first: str) -> None:
    assert complaint(said) == first


def test_the_headers_of_the_kernel_for_musl(tmp_path: Path) -> None:
    needs("musl-gcc")
    trial = "#include <linux/futex.h>\n#include <asm/unistd.h>\n" + FINE
    words = kernel_headers(["musl-gcc"], tmp_path, tmp_path / "links")
    assert try_program(["musl-gcc", *words], tmp_path, trial).returncode == 0
    others = "#include <gnu/libc-version.h>\n" + FINE
    assert try_program(["musl-gcc", *words], tmp_path, others).returncode != 0, "none of another C library's"


def test_a_compiler_that_finds_them_gets_none(tmp_path: Path) -> None:
    needs("cc")
    assert kernel_headers(["cc"], tmp_path, tmp_path / "links") == []
    assert not (tmp_path / "links").exists()


def test_the_headers_are_those_of_its_own_machine(tmp_path: Path) -> None:
    """A compiler for another machine, which finds no headers but those that it is given."""
    root = tmp_path / "usr"
    for name in ("include/linux", "include/x86_64-linux-gnu/asm", "include/aarch64-linux-gnu/asm"):
        (root / name).mkdir(parents=True)
    (root / "include" / "linux" / "futex.h").touch()
    for name in ("x86_64", "aarch64"):
        (root / "include" / f"{name}-linux-gnu" / "asm" / "unistd.h").touch()
    there = f'[ -e "{tmp_path}/links/asm/unistd.h" ]'
    for machine, found in (("aarch64-linux-musl", "aarch64"), ("i486-linux-musl", "x86_64"), ("mips-linux-musl", "")):
        compiler = script(tmp_path / machine, f'case "$*" in *dumpmachine*) echo {machine};; *) {there};; esac')
        words = kernel_headers([str(compiler)], tmp_path, tmp_path / "links", root)
        assert bool(words) == bool(found), machine
        if found:
            assert (tmp_path / "links" / "asm").readlink() == root / "include" / f"{found}-linux-gnu" / "asm"
            for link in (tmp_path / "links").iterdir():
                link.unlink()
