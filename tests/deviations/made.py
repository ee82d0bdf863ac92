"""Results of runs that never were, and a suite that they are of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from building import ACTORS, facts, write_suite
from credstone.deviations.check import SuiteCells
from credstone.deviations.file import read_deviations
from credstone.deviations.known import Known
from credstone.deviations.propose import UNWRITTEN, Fault
from credstone.deviations.records import Shown, shown_in
from credstone.deviations.toml_out import as_toml
from credstone.results.file import Results
from credstone.results.record import Footer, Header, Record
from credstone.suite.load import Suite, load_suite
from credstone.words.facts import Facts
from credstone.words.verdict import FAIL, PASS

CLAUSE = "opendoor(2)/stays-open"
OTHER = "opendoor(2)/EPERM-key"
LOCKS = """\
scenario key
  cites opendoor(2)/stays-open
  as    root, user
  via   syscall, libc
  with  gid in 7, 8

  setgid($gid)                     = 0
  getgid()                         = $gid

scenario late
  cites opendoor(2)/stays-open
  as    root, user
  via   libc

  child c: setgid(5)               = 0
  child c: getgroups()             = [100, 200]

scenario pair
  cites opendoor(2)/stays-open
  as    root
  via   libc

  setgid(5) = 0; getgid() = 5; setgid(6) = 0

scenario asked
  cites opendoor(2)/stays-open
  as    started
  via   libc

  setgroups($asked-groups)         = 0
  getgroups()                      contains $asked-gid
"""
STARTED = """
[started]
about        = "As a runtime started it."
as_started   = true
"""
KEY, LATE, PAIR, ASKED = (f"doors.2/locks/{name}" for name in ("key", "late", "pair", "asked"))
SMALL = "image:small"


def suite_in(folder: Path) -> Suite:
    """A suite with families, children, and a scenario on what was asked."""
    return load_suite(write_suite(folder / "suite", ACTORS + STARTED, locks=LOCKS))


def failed(name: str, seen: str = "EIO", target: str = SMALL, **other: Any) -> Record:
    """A cell whose first line failed, with 0 expected, unless said otherwise."""
    return passed(
        name, target, **{"verdict": FAIL, "wrong": 0, "expected": "0", "seen": seen, "clause": CLAUSE} | other
    )


def passed(name: str, target: str = SMALL, **other: Any) -> Record:
    """A cell that passed, unless said otherwise."""
    scenario, _, way = name.partition("@")
    actor, _, api = way.partition(":")
    usual: dict[str, Any] = {"verdict": PASS}
    return Record(
        id=name, scenario=scenario, page="doors.2", clauses=(CLAUSE,), actor=actor, api=api, target=target,
        **(usual | other),
    )  # fmt: skip


def results(*records: Record, whole: bool = True, told: Facts | None = None, spec: str = "linux") -> Results:
    """The results file with these records; ``told`` are the facts of all agents."""
    agents = {f"{record.target}:{record.agent}": told or facts() for record in records}
    footer = Footer({}, 1.0) if whole else None
    return Results(Header("0", "2026-01-02T03:04:05+00:00", "abc", ("run",), spec, agents), records, footer)


def written(folder: Path, faults: tuple[Fault, ...]) -> Path:
    """The file with these entries, the reasons written."""
    path = folder / "proposed.toml"
    path.write_text(with_reasons("\n".join(as_toml(faults, {})) + "\n"))
    return path


def with_reasons(text: str) -> str:
    """Proposed entries after a person has been there."""
    text = text.replace(f'reason = "{UNWRITTEN}"', 'reason = "It was built so."')
    text = text.replace(f'link   = "{UNWRITTEN}"', 'link   = "https://example.org/1"')
    return text.replace(f'sometimes = "{UNWRITTEN}"', 'sometimes = "Two have to meet."')


def outcomes(run: Results, suite: Suite, path: Path) -> dict[str, str]:
    """What becomes of the cells of a run when this file of deviations is known, by cell and target."""
    known = Known(read_deviations(path))

    def outcome(each: Shown) -> str:
        return known.attached(each.cell, each.verdict).outcome

    return {f"{each.record.id} {each.record.target}": outcome(each) for each in shown_in(run, SuiteCells(suite))}
