"""A file of deviations for the tests: what a mutant of the model that knows 32 groups shows."""

from __future__ import annotations

from pathlib import Path

from credstone.deviations.file import Deviation, read_deviations

MUTANT = "initgroups-32"
TARGET = f"mutant:{MUTANT}"
CELLS = "initgroups.3/members/more-groups-than-*@*:*"
TEXT = """\
# What is known of it.
[groups-of-32]
reason = "Its buffer has room for 32 groups, and the rest is left out."
link   = "https://example.org/bugs/32"

[[groups-of-32.shows]]
cells    = ["initgroups.3/members/more-groups-than-*@*:*"]
clause   = "initgroups(3)/all-groups-of-user"
line     = 'initgroups("alice", *)'
expected = "groups [1000, 3000..*]"
seen     = "[1000, 3000..3030]"
"""


def write(folder: Path, text: str = TEXT) -> Path:
    """The file, where the target of ``mutated.py`` looks for it."""
    path = folder / f"{MUTANT}.toml"
    path.write_text(text)
    return path


def read(folder: Path, text: str = TEXT) -> tuple[Deviation, ...]:
    """The deviations in such a file."""
    return read_deviations(write(folder, text))
