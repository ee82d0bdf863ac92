"""C libraries for tests: copies of those that are installed, of which one function is then built anew, and wrong."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest


def needs(*programs: str) -> None:
    """Skips the test where one of these programs is missing."""
    packages = {"musl-gcc": "musl-tools", "diet": "dietlibc-dev", "ar": "binutils", "cc": "gcc"}
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"needs {program} (Debian: apt-get install {packages[program]})")


def script(path: Path, text: str) -> Path:
    """A program that is a script of the shell."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def musl_prefix(folder: Path) -> Path:
    """A copy of the installed musl, with a compiler for it: ``bin/musl-gcc``, ``lib``, ``include``."""
    needs("musl-gcc", "ar", "cc")
    found = re.search(r'-specs "?([^"\s]+)', Path(shutil.which("musl-gcc") or "").read_text(errors="replace"))
    if found is None:
        pytest.skip("musl-gcc is no script that names its specs")
    specs = Path(found[1])
    text = specs.read_text()
    include = Path(re.search(r"-isystem (\S+)", text)[1])  # type: ignore[index]
    shutil.copytree(specs.parent, folder / "lib", symlinks=True)
    shutil.copytree(include, folder / "include")
    text = text.replace(str(include), str(folder / "include")).replace(str(specs.parent), str(folder / "lib"))
    text = re.sub(r"-dynamic-linker \S+", f"-dynamic-linker {folder}/lib/libc.so", text)
    (folder / "lib" / "musl-gcc.specs").write_text(text)
    (folder / "bin").mkdir()
    return script(folder / "bin" / "musl-gcc", f'exec "${{REALGCC:-cc}}" "$@" -specs "{folder}/lib/musl-gcc.specs"')


def dietlibc_prefix(folder: Path) -> Path:
    """A copy of the installed dietlibc, with a compiler for it that does as ``diet gcc`` does."""
    needs("diet", "ar", "cc")
    told = subprocess.run(["diet", "-v", "gcc", "-###", "x.c"], capture_output=True, text=True, check=False)
    said = told.stdout + told.stderr
    lib, include = re.search(r"(\S+)/start\.o", said), re.search(r"-isystem (\S+)", said)
    if lib is None or include is None:
        pytest.skip("diet does not say where its library is")
    shutil.copytree(lib[1], folder / "lib", ignore=shutil.ignore_patterns("*.so*"))
    shutil.copytree(include[1], folder / "include")
    return script(
        folder / "diet-gcc",
        f'exec cc -nostdlib -static -L"{folder}/lib" "{folder}/lib/start.o" -isystem "{folder}/include" -D__dietlibc__ "$@" '
        f'"{folder}/lib/libc.a" -lgcc',
    )


def rebuild(archive: Path, member: str, source: str, compiler: str = "cc") -> None:
    """Puts a new object in the place of one in a static library, as ``make install`` of a changed library does."""
    text, made = archive.with_name("changed.c"), archive.with_name(member)
    text.write_text(source)
    subprocess.run([compiler, "-c", "-O2", "-w", "-fno-stack-protector", "-o", made, text], check=True)
    subprocess.run(["ar", "r", archive, made], check=True, capture_output=True)
    text.unlink()
    made.unlink()
