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


OWN_USES = {
    "agent/build.py": "a program that shows whether a compiler works",
    "agent/c/calls_namespaces.c": "the ID of the process",
    "agent/c/calls_ptrace.c": "the ID of the process",
    "agent/c/calls_signals.c": "a signal carries the IDs of its sender",
    "agent/c/credential.c": "the observation reads the file-system ids by the calls that set them",
    "agent/c/crew.c": "the ID of the process",
    "agent/c/facts.c": "the ID of the process",
    "agent/c/identity.c": "the set-up of an actor",
    "agent/c/lines.c": "the ID of the process",
    "agent/c/load.c": "the ID of the process",
    "agent/c/probes.c": "a probe before the first cell",
    "agent/c/sweep.c": "the end of a cell",
    "agent/c/thread_pointer.c": "the ID of the process",
    "agent/python/credential.py": "the observation reads the file-system ids by the calls that set them",
    "agent/python/facts.py": "a probe before the first cell",
    "agent/python/kernel.py": "the observation of a file-system id where the system has no such call",
    "agent/python/setup.py": "the set-up of an actor",
    "agent/python/small_stack.py": "no call: a field of a structure",
    "deviations/file.py": "no call: a field of a deviation",
    "plan/emulators.py": "a call that no program pretends to answer, and that is allowed all the same",
    "repro/c/pieces/credential.c": "the observation reads the file-system ids by the calls that set them",
    "repro/c/setup.py": "the set-up of an actor",
    "repro/preparation.py": "the set-up of an actor",
    "repro/python/setup.py": "the set-up of an actor",
}
"""Files that make or probe a regular call for a purpose of their own, and describe none.  Mutants are models."""


def test_a_regular_call_is_named_in_its_table_and_in_the_model_alone() -> None:
    generated = set(files())
    regular = [name for name, call in declarations().items() if not call.by_hand and not call.old]
    assert {"setfsuid", "setuid", "kill", "rmdir"} <= set(regular)
    names = "|".join(regular)
    named = re.compile(rf"""["'](?:{names})(?:16)?["']|\b(?:call_|SYS_|SYS16_|__NR_|NR\()(?:{names})\b""")
    found = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*")
        if path.suffix in (".py", ".c", ".h", ".sh", ".toml", ".lark") and path not in generated
        and path.relative_to(PACKAGE).parts[0] not in ("calls", "model", "proof") and named.search(path.read_text())
    }  # fmt: skip
    assert found - set(OWN_USES) == set(), "a regular call needs its row and its model, and nothing else"
    assert set(OWN_USES) - found == set(), "these name no regular call any more"
