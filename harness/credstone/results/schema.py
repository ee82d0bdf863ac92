"""The JSON Schema of the lines of a results file, made from their types.

It is kept beside this module for readers that are not ours, with the docstrings of the types as descriptions; this module
as a program writes it.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import msgspec

from credstone.results.file import Line

PATH = Path(__file__).parent / "schema.json"


def results_schema() -> dict[str, Any]:
    """The schema of one line."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of a results file of Credstone",
        **_told(msgspec.json.schema(Line)),
    }


def _told(part: Any) -> Any:
    """A part of the schema, its descriptions without indentation, and its words listed once."""
    if isinstance(part, list):
        return [_told(each) for each in part]
    if not isinstance(part, dict):
        return part
    told = {name: _told(each) for name, each in part.items() if not (name == "pattern" and "enum" in part)}
    if isinstance(told.get("description"), str):
        told["description"] = inspect.cleandoc(told["description"])
    return told


def schema_text() -> str:
    """The schema as its file has it."""
    return msgspec.json.format(msgspec.json.encode(results_schema()), indent=2).decode() + "\n"


if __name__ == "__main__":
    PATH.write_text(schema_text(), encoding="utf-8")
