"""Small suites, scenarios and facts for the tests to work on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from credstone.notation.script import examine, read_script
from credstone.suite.load import Suite, load_suite
from credstone.words.capability import NAMES
from credstone.words.credential import Capabilities, Credential, Ids
from credstone.words.facts import Facts
from credstone.words.scenario import Line, Scenario

EVERYTHING = (1 << len(NAMES)) - 1

ACTORS = """\
[root]
about        = "User 0 with every capability."
uid          = 0
gid          = 0
groups       = []
capabilities = "all"

[user]
about        = "User 1000 without any capability."
uid          = 1000
gid          = 1000
groups       = []
capabilities = "none"
"""

CLAUSES = """\
page  = "doors.2"
names = ["opendoor", "shutdoor"]

[clause."opendoor(2)/EPERM-key"]
section = "ERRORS"
says    = "Opening takes a key."

[clause."opendoor(2)/stays-open"]
section = "DESCRIPTION"
says    = "What was opened stays open."

[clause."shutdoor(2)/EPERM-key"]
section = "ERRORS"
says    = "Shutting takes a key."
"""

SCRIPT = """\
# Anybody may look.
scenario looking-is-free
  cites stays-open
  as    root, user

  getuid()                         = 0 or 1000
"""


def parse_alone(text: str) -> list[Scenario]:
    """As ``parse``, whatever its calls are: for tests of the notation alone."""
    return examine(text, "doors.2", "hinges", "doors.2/hinges.scn").scenarios


def parse(text: str) -> list[Scenario]:
    """The scenarios of a script doors.2/hinges.scn with this text."""
    return read_script(text, "doors.2", "hinges", "doors.2/hinges.scn")


def scenario(body: str) -> Scenario:
    """The one scenario with these lines, headers first."""
    (only,) = family(body)
    return only


def line_alone(text: str) -> Line:
    """As ``line``, whatever its calls are."""
    ((only,),) = (each.lines for each in parse_alone(f"scenario something\n  cites x\n  as root\n{text}\n"))
    return only


def family(body: str) -> list[Scenario]:
    """All scenarios that one with these lines stands for."""
    return parse(f"scenario something\n  cites opendoor(2)/stays-open\n  as root\n{body}\n")


def line(text: str) -> Line:
    """A scenario's only line."""
    (only,) = scenario(text).lines
    return only


def write_suite(folder: Path, actors: str = ACTORS, clauses: str = CLAUSES, **scripts: str) -> Path:
    """A suite with one page folder, doors.2, and these scripts in it."""
    (folder / "doors.2").mkdir(parents=True)
    (folder / "actors.toml").write_text(actors)
    (folder / "doors.2" / "clauses.toml").write_text(clauses)
    for name, text in scripts.items():
        (folder / "doors.2" / f"{name}.scn").write_text(text)
    return folder


def make_suite(folder: Path, **scripts: str) -> Suite:
    """The suite that ``write_suite`` writes, loaded."""
    return load_suite(write_suite(folder, **scripts))


def credential(
    uid: int = 0, gid: int = 0, groups: tuple[int, ...] = (), capabilities: int = EVERYTHING, **rest: Any
) -> Credential:
    """A process with one uid, one gid, and these capabilities permitted and effective."""
    sets = Capabilities(permitted=capabilities, effective=capabilities, bounding=EVERYTHING)
    return Credential(Ids.all(uid), Ids.all(gid), groups, sets, **rest)


def facts(own: Credential | None = None, **rest: Any) -> Facts:
    """A target on which everything works, started as root unless said otherwise."""
    usual: dict[str, Any] = {
        "kernel": "6.18.1",
        "abi": "x86_64",
        "libc": "glibc 2.36",
        "uid_map": "0 0 4294967295",
        "gid_map": "0 0 4294967295",
        "setgroups": "allow",
        "ngroups_max": 65536,
        "last_capability": len(NAMES) - 1,
    }
    return Facts(credential=own or credential(), **(usual | rest))
