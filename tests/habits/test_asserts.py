"""``python -O`` changes nothing: an assertion only narrows a type, and no code waits for one to fail."""

from __future__ import annotations

import ast
from pathlib import Path

import credstone

PACKAGE = Path(credstone.__file__).parent


def catches(source: str) -> list[int]:
    """The lines of the handlers that catch a failed assertion by its name."""
    handlers = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ExceptHandler) and node.type)
    return [
        handler.lineno for handler in handlers
        if any(isinstance(name, ast.Name) and name.id == "AssertionError" for name in ast.walk(handler.type or handler))
    ]  # fmt: skip


def test_no_code_catches_a_failed_assertion() -> None:
    files = [file for file in PACKAGE.rglob("*.py") if "pieces" not in file.parts]
    assert len(files) > 100
    assert {str(file): found for file in files if (found := catches(file.read_text()))} == {}


def test_a_handler_is_found() -> None:
    assert catches("try:\n    pass\nexcept (ValueError, AssertionError):\n    pass\n") == [3]
