"""A results file, as it is read, in which everything has happened that can happen to a cell."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from building import facts
from credstone.results.file import Results
from credstone.results.record import ClauseLine, Footer, Header, Record, ScenarioLine, ScriptLine
from credstone.words.verdict import (
    BROKEN,
    CHANGED,
    DEVIATION,
    FAIL,
    GONE,
    KNOWN,
    OUTCOMES,
    PASS,
    UNSUPPORTED,
    Deviated,
)

HOST, IMAGE = "host", "image:musl-1.2.5+open"
CLAUSE = ClauseLine("opendoor(2)/EPERM-key", "doors.2", "ERRORS", "Opening takes a <key> & a \x1bhinge.")
SCENARIO = ScenarioLine(
    id="doors.2/hinges/looks[gid=7]",
    page="doors.2",
    path="suites/doors.2/hinges.scn",
    number=3,
    cites=(CLAUSE.id,),
    lines=(ScriptLine(7, "setgid(7)", "= 0"), ScriptLine(8, "getgid()", "= 7"), ScriptLine(9, "getuid()", "= 0")),
)
PASSED = Record(
    id=f"{SCENARIO.id}@root:libc",
    scenario=SCENARIO.id,
    page="doors.2",
    clauses=(CLAUSE.id,),
    actor="root",
    api="libc",
    target=HOST,
    verdict=PASS,
    steps=(("setgid(7)", "0"), ("getgid()", "7"), ("getuid()", "0")),
    seconds=0.00214,
)
NASTY = "a | b `c` ``` <d> & ]]> \x00\x1b[31m\x85\ufffe # SKIP *e* _f_ @g"


S = TypeVar("S", bound=msgspec.Struct)


def changed(value: S, **other: Any) -> S:
    """The record, or any other frozen value, with something else in it."""
    return msgspec.structs.replace(value, **other)


def cell(name: str, outcome: str, target: str = HOST, **other: Any) -> Record:
    """A cell of the scenario that came to this; its deviation, if it has one, is known."""
    wrong: dict[str, Any] = {
        "wrong": 1, "line": 8, "expected": "7", "seen": "0", "clause": CLAUSE.id, "verdict": FAIL,
        "steps": (("setgid(7)", "0"), ("getgid()", "0"), ("getuid()", "0")), "privilege": "CAP_SETGID effective",
        "reason": "getgid() = 7 expected, 0 seen",
    }  # fmt: skip
    of: dict[str, dict[str, Any]] = {
        PASS: {},
        FAIL: wrong,
        DEVIATION: {**wrong, "deviation": Deviated("rust", KNOWN, "The hinge is known to be rusty.", "https://a.b/c")},
        UNSUPPORTED: {"verdict": UNSUPPORTED, "reason": "needs root: uid 1000 has no CAP_SETGID", "steps": ()},
        BROKEN: {"verdict": BROKEN, "reason": "The agent is gone.\n  Start it again.", "steps": ()},
    }
    actor, _, api = name.partition(":")
    identity = {"id": f"{SCENARIO.id}@{name}", "actor": actor, "api": api, "target": target}
    return changed(PASSED, **identity, **(of[outcome] | other))


GONE_NOW = cell("gone:libc", PASS, IMAGE, deviation=Deviated("rust", GONE, "deviation gone: rust, remove the entry"))
OTHERWISE = cell("other:libc", FAIL, IMAGE, deviation=Deviated("rust", CHANGED, "deviation changed: 0 is seen now"))
HANGS = cell("hangs:libc", FAIL, IMAGE, reason="hang: getgid() did not return in time", seen="none")
STRANGE = cell("strange:libc", FAIL, IMAGE, seen=NASTY, reason=f"7 expected, {NASTY} seen",
               steps=(("setgid(7)", "0"), ("getgid()", NASTY), ("getuid()", "0")))  # fmt: skip
ELSEWHERE = changed(cell("user:python", UNSUPPORTED), page="recipes", id="recipes/leave/for-good@user:python")

RECORDS = (
    *(cell(f"{outcome}:libc", outcome) for outcome in OUTCOMES),
    *(cell(f"{outcome}:libc", outcome, IMAGE) for outcome in OUTCOMES),
    GONE_NOW, OTHERWISE, HANGS, STRANGE, ELSEWHERE,
)  # fmt: skip


def results(*records: Record, whole: bool = True) -> Results:
    """A file with these records, or with all there are."""
    told = records or RECORDS
    header = Header(
        credstone="0.1.0",
        started="2026-01-02T03:04:05+00:00",
        suite="15ca",
        command=("credstone", "run"),
        spec="linux",
        facts={
            f"{HOST}:native": facts(),
            f"{HOST}:python": facts(python="CPython 3.11.2"),
            f"{IMAGE}:native": facts(libc="musl 1.2.5", engine="Docker 20.10.24"),
        },
        unreachable={f"{IMAGE}:python": "There is no python3 in musl-1.2.5."},
    )
    counts = {outcome: sum(record.outcome == outcome for record in told) for outcome in OUTCOMES}
    return Results(
        header, tuple(told), Footer(counts, 1.5) if whole else None, {CLAUSE.id: CLAUSE}, {SCENARIO.id: SCENARIO}
    )
