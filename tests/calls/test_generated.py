"""What is generated from the table of calls, and what is written by hand beside it."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from credstone.calls.expressions import by_kernel
from credstone.calls.generated import files
from credstone.calls.table import Declaration, declarations

PACKAGE = Path(str(resources.files("credstone")))


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_a_generated_file_is_that_of_the_table(path: Path) -> None:
    assert path.read_text() == files()[path], "run 'make calls'"


def test_the_c_agent_has_a_function_for_each_call_that_is_written_by_hand() -> None:
    text = "\n".join(path.read_text() for path in (PACKAGE / "agent/c").glob("*.c"))
    written = set(re.findall(r"^void call_(\w+)\(", text, re.MULTILINE)) - {"perform"}
    triples = set(re.findall(r"^GIVES_TRIPLE\((\w+)\)$", text, re.MULTILINE))
    written |= triples | {f"{name}16" for name in re.findall(r"^TRIPLE\((\w+)\)$", text, re.MULTILINE)}
    assert written - {"##name"} == by_hand("agent/c", "syscall", "libc")


def test_the_python_agent_has_a_function_for_each_call_that_is_written_by_hand() -> None:
    text = "\n".join(path.read_text() for path in (PACKAGE / "agent/python").glob("*.py") if path.name != "table.py")
    rows = re.findall(r"^ROWS: Rows = \{\n(.*?)^\}", text, re.MULTILINE | re.DOTALL)
    written = set(re.findall(r'^    "(\w+)": ', "\n".join(rows), re.MULTILINE))
    assert written == by_hand("agent/python", "python")


def by_hand(folder: str, *apis: str) -> set[str]:
    """The calls that a folder has by hand, of those that these APIs can make."""
    return {name for name, call in declarations().items() if call.is_by_hand(folder) and set(apis) & set(call.apis)}


def test_the_arguments_of_a_raw_call_are_put_in() -> None:
    call = Declaration(name="chown", table="", forms=(), kernel="fchownat(AT_FDCWD, a, b /* the owner */, c, 0)")
    assert by_kernel(call, ["x", "y(1)", "z"]) == ("fchownat", "AT_FDCWD, x, y(1), z, 0")
    assert by_kernel(Declaration(name="setuid16", table="", forms=()), ["1"]) == ("setuid", "1")
