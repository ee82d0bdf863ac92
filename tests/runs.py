"""Runs that never ran: records, headers and whole files for tests of what is made from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from building import facts
from credstone.results.file import Results, footer_of
from credstone.results.record import ClauseLine, Header, Record, ScenarioLine, ScriptLine
from credstone.words.facts import Facts
from credstone.words.verdict import BROKEN, FAIL, KNOWN, PASS, STATES, UNSUPPORTED, VERDICTS, Deviated

CLAUSE = "opendoor(2)/EPERM-key"
LINES = ("setgid(7)", "getgid()", "getuid()")
RECORD = Record(
    id="doors.2/hinges/looks@root:libc",
    scenario="doors.2/hinges/looks",
    page="doors.2",
    clauses=("opendoor(2)/stays-open", CLAUSE),
    actor="root",
    api="libc",
    target="host",
    verdict=PASS,
    steps=tuple(zip(LINES, ("0", "7", "0"), strict=True)),
    seconds=0.25,
)


def passed(name: str = "looks", *answers: str, target: str = "host", **other: Any) -> Record:
    """A cell that passed; ``answers`` are its first ones."""
    answered = (*answers, *("0", "7", "0")[len(answers) :])
    scenario = f"doors.2/hinges/{name}"
    cell = replace(RECORD, id=f"{scenario}@root:libc", scenario=scenario, target=target)
    return replace(cell, **({"steps": tuple(zip(LINES, answered, strict=True))} | other))


def failed(name: str = "looks", seen: str = "EPERM", *, target: str = "host", **other: Any) -> Record:
    """A cell whose first answer is wrong."""
    wrong = {"verdict": FAIL, "wrong": 0, "line": 5, "expected": "0", "seen": seen, "clause": CLAUSE,
             "reason": f"setgid(7) = 0 expected, {seen} seen"}  # fmt: skip
    return passed(name, seen, target=target, **(wrong | other))


def deviating(name: str = "looks", seen: str = "EPERM", *, state: str = KNOWN, **other: Any) -> Record:
    """A cell that fails as it is recorded of its target, unless another state is given."""
    return failed(name, seen, deviation=Deviated("stiff", state, "The hinge is stiff."), **other)


def unsupported(name: str = "looks", reason: str = "needs root", **other: Any) -> Record:
    """A cell that cannot apply."""
    return replace(passed(name, verdict=UNSUPPORTED, reason=reason, **other), steps=())


def broken(name: str = "looks", reason: str = "the agent has gone", **other: Any) -> Record:
    """A cell that gave way."""
    return replace(passed(name, verdict=BROKEN, reason=reason, **other), steps=())


def scenario_line(name: str, number: int = 3, expected: str = "= 0", **other: Any) -> ScenarioLine:
    """What a file says of a scenario."""
    lines = tuple(ScriptLine(number + at, call, expected) for at, call in enumerate(LINES, 1))
    return ScenarioLine(name, "doors.2", "suites/doors.2/hinges.scn", number, (CLAUSE,), lines, **other)


def header(targets: Iterable[str] = ("host",), found: Facts | None = None, **other: Any) -> Header:
    """A header with facts for the native agent of each target."""
    told: dict[str, Any] = {
        "credstone": "0.1.0",
        "started": "2026-01-02T03:04:05+00:00",
        "suite": "abc",
        "command": ("credstone", "run"),
        "spec": "linux",
        "facts": {f"{target}:native": found or facts() for target in targets},
        "actors": {"root": "User 0."},
    }
    return Header(**(told | other))


def run(*records: Record, path: str = "", head: Header | None = None, whole: bool = True, **other: Any) -> Results:
    """A run with these cells, and what it says of them; one that is not ``whole`` was cut off."""
    targets = list(dict.fromkeys(record.target for record in records)) or ["host"]
    counts = {target: sum(record.target == target for record in records) for target in targets}
    footer = footer_of(records, sum(record.seconds for record in records), counts, other.pop("all_shards", None))
    names = dict.fromkeys(record.scenario for record in records)
    return Results(
        header=head or header(targets, **other),
        records=records,
        footer=footer if whole else None,
        clauses={CLAUSE: ClauseLine(CLAUSE, "doors.2", "ERRORS", "Opening takes a key.")},
        scenarios={name: scenario_line(name, number) for number, name in enumerate(names, 3)},
        path=path,
    )


# for properties

ANSWERS = st.sampled_from(("0", "7", "EPERM", "[1, 2]", "-1"))
NAMES = st.sampled_from([f"scenario-{letter}" for letter in "abcdefgh"])


@st.composite
def records(draw: st.DrawFn, names: st.SearchStrategy[str] = NAMES, targets: Sequence[str] = ("host",)) -> Record:
    """A record as a run makes it: what belongs to its verdict is there."""
    name, target = draw(names), draw(st.sampled_from(targets))
    verdict = draw(st.sampled_from(VERDICTS))
    if verdict == UNSUPPORTED:
        return unsupported(name, draw(st.sampled_from(("needs root", "needs a door"))), target=target)
    if verdict == BROKEN:
        return broken(name, target=target)
    if verdict == PASS:
        return passed(name, draw(ANSWERS), draw(ANSWERS), target=target)
    recorded = draw(st.none() | st.builds(Deviated, st.just("stiff"), st.sampled_from(STATES), st.just("Stiff.")))
    return failed(name, draw(ANSWERS), target=target, deviation=recorded)


def runs(targets: Sequence[str] = ("host",), **other: Any) -> st.SearchStrategy[Results]:
    """A run in which each cell is there once."""
    cells = st.lists(records(targets=targets), max_size=12, unique_by=lambda record: (record.target, record.id))
    return cells.map(lambda found: run(*found, head=header(targets, **other)))
