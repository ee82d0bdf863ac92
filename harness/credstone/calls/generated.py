"""Which files are generated from the table of calls.

They are part of the repository, and a test holds them against the table: the agents are handed to compilers and engines as
folders of sources, and a reader of an agent finds all of it there.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from credstone.calls.c_rows import c_rows
from credstone.calls.protocol import protocol
from credstone.calls.python_rows import python_rows


def files() -> dict[Path, str]:
    """The texts of these files."""
    package = Path(str(resources.files("credstone")))
    protocol_file = package / "agent/PROTOCOL.md"
    return {
        package / "agent/c/rows.h": c_rows(),
        package / "agent/python/table.py": python_rows(),
        protocol_file: protocol(protocol_file.read_text(encoding="utf-8")),
    }
