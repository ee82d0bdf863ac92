"""The ids of clauses in the model: grep finds the rule of each one, as no id is made of parts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from credstone import model
from credstone.model.table import NOT_YET_COVERED
from credstone.suite.load import default_folder, load_suite

FOLDER = Path(model.__file__).parent
SUITE = load_suite(default_folder())
NO_RULES = ("errata.py", "since.py", "table.py")
"""Modules that speak of clauses whose rules are elsewhere."""
STATING = {
    "rule": slice(1, None),
    "refuse": slice(1, 2),
    "reject": slice(1, 2),
    "kill": slice(1, 2),
    "accept": slice(1),
}
"""Which arguments of these are clauses."""


def modules() -> list[Path]:
    return [path for path in FOLDER.rglob("*.py") if path.name not in NO_RULES]


def texts(tree: ast.AST) -> Iterator[str]:
    return (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))


TREES = {path: ast.parse(path.read_text()) for path in modules()}
WRITTEN = {text for tree in TREES.values() for text in texts(tree)}


def test_each_testable_clause_is_written_out() -> None:
    wanted = {clause.id for clause in SUITE.clauses.values() if not clause.untestable}
    assert len(wanted) > 900
    assert wanted - WRITTEN == set()


def test_each_id_that_is_written_is_a_clause() -> None:
    pages = {clause.partition("/")[0] for clause in SUITE.clauses}
    ids = {text for text in WRITTEN if text.partition("/")[0] in pages and text.partition("/")[2]}
    assert ids - SUITE.clauses.keys() == set()


def test_no_page_is_written_to_be_put_before_a_name() -> None:
    pages = {clause.partition("/")[0] for clause in SUITE.clauses} | NOT_YET_COVERED
    assert {text for text in WRITTEN if text.endswith("/") and text[:-1] in pages} == set()


@pytest.mark.parametrize("path", TREES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_no_clause_is_made_of_parts(path: Path) -> None:
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in STATING:
            for clause in node.args[STATING[node.func.attr]]:
                made = [part for part in ast.walk(clause) if isinstance(part, ast.BinOp | ast.JoinedStr)]
                assert not made, f"{path.name}:{clause.lineno}: {ast.unparse(clause)}"


def test_only_what_is_pythons_own_or_a_variants_is_of_any_type() -> None:
    using = {path.relative_to(FOLDER) for path in FOLDER.rglob("*.py") if _uses_any(path)}
    assert using == {Path("arguments.py"), Path("variant.py"), *(path for path in using if path.parts[0] == "python")}


def _uses_any(path: Path) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "Any" for node in ast.walk(ast.parse(path.read_text())))
