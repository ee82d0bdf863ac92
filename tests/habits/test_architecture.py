"""The page on the architecture has the packages and the layers that import-linter enforces."""

from __future__ import annotations

import re
import tomllib
from itertools import groupby
from pathlib import Path

import credstone

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text()
PACKAGE = Path(credstone.__file__).parent


def layers_of_the_page() -> list[set[str]]:
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", PAGE, re.MULTILINE)
    return [{name for _, name in row} for _, row in groupby(rows, key=lambda row: row[0])]


def layers_of_the_linter() -> list[set[str]]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [{name.strip().removeprefix("credstone.") for name in layer.split("|")} for layer in reversed(layers)]


def test_the_layers_are_those_that_are_enforced() -> None:
    assert layers_of_the_page() == layers_of_the_linter()


def test_every_package_has_a_layer() -> None:
    packages = {file.parent.name for file in PACKAGE.glob("*/__init__.py")}
    modules = {file.stem for file in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    assert set.union(*layers_of_the_page()) == packages | modules
