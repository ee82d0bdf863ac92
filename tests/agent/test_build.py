"""What is said where the agent does not compile, whatever words the compiler has for it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from credstone.agent.build import NO_HEADERS, build_agent
from credstone.words.errors import MachineError


def refusal(folder: Path) -> MachineError:
    with pytest.raises(MachineError) as caught:
        build_agent(folder)
    assert caught.value.what.startswith("The agent does not compile: ")
    assert caught.value.hint
    return caught.value


def compiler(folder: Path, script: str) -> str:
    path = folder / "wrapped-cc"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_without_the_headers_of_the_c_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("cc") is None:
        pytest.skip("needs a C compiler (cc)")
    monkeypatch.setenv("CC", compiler(tmp_path, 'cc -nostdinc "$@" 2>/dev/null || { echo lorem ipsum >&2; exit 1; }'))
    assert NO_HEADERS in refusal(tmp_path).what


def test_another_fault_of_a_compiler_that_has_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("cc") is None:
        pytest.skip("needs a C compiler (cc)")
    says = 'case " $* " in *" -E "*) exec cc "$@";; esac; echo lorem >&2; echo "lorem ipsum" >&2; exit 1'
    monkeypatch.setenv("CC", compiler(tmp_path, says))
    assert refusal(tmp_path).what.endswith(": lorem ipsum")


def test_what_is_no_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "false")
    assert refusal(tmp_path).what.endswith("false ended with status 1")
