"""A verdict held against what is recorded: strict both ways."""

from __future__ import annotations

from pathlib import Path

import pytest

from building import family
from credstone.deviations.file import Deviation
from credstone.deviations.known import Known
from credstone.words.actor import Actor
from credstone.words.cell import Cell
from credstone.words.scenario import Scenario
from credstone.words.verdict import (
    AMBIGUOUS,
    BROKEN,
    CHANGED,
    DEVIATION,
    FAIL,
    GONE,
    KNOWN,
    PASS,
    UNSUPPORTED,
    Deviated,
    Finding,
    Verdict,
)

SEVEN, EIGHT = family("  with gid in 7, 8\n  getuid() = 0\n  setgid($gid) = 0")
CLAUSE = "setgid(2)/root-sets-all"
FAILED = Verdict(FAIL, "so", Finding(1, "0", "-1", CLAUSE))


def recorded(**other: object) -> Deviation:
    usual: dict[str, object] = {
        "name": "no-gid",
        "reason": "It does not do it at all.",
        "link": "https://example.org/1",
        "no_link": "",
        "cells": ("doors.2/hinges/something*@*:libc",),
        "clause": CLAUSE,
        "line": "setgid(*)",
        "expected": "0",
        "seen": "-1",
        "path": Path("known.toml"),
        "number": 5,
        "index": 0,
    }
    return Deviation(**(usual | other))  # type: ignore[arg-type]


def cell(scenario: Scenario = SEVEN, api: str = "libc", target: str = "image:small") -> Cell:
    return Cell(scenario, Actor(about="", name="root"), api, target)


def attached(verdict: Verdict, *deviations: Deviation, at: Cell | None = None, spec: str = "linux") -> Verdict:
    return Known(deviations or (recorded(),)).attached(at or cell(), verdict, spec)


def told(verdict: Verdict) -> Deviated:
    assert verdict.deviation is not None
    return verdict.deviation


def test_a_fail_that_is_recorded_stays_a_fail_and_is_known() -> None:
    verdict = attached(FAILED)
    assert (verdict.verdict, verdict.outcome) == (FAIL, DEVIATION)
    assert told(verdict) == Deviated("no-gid", KNOWN, "It does not do it at all.", "https://example.org/1")


def test_one_that_is_gone_is_red() -> None:
    verdict = attached(Verdict(PASS))
    assert (verdict.verdict, verdict.outcome, told(verdict).state) == (PASS, FAIL, GONE)
    assert told(verdict).says == ("deviation gone: no-gid does not show here any more, remove the entry (known.toml:5)")


@pytest.mark.parametrize(
    ("finding", "says"),
    [
        (Finding(1, "0", "ENOMEM", CLAUSE), "setgid(7): ENOMEM is seen now, where -1 is recorded"),
        (Finding(0, "0", "-1", CLAUSE), "getuid() is the wrong line now, where setgid(*) is recorded"),
        (Finding(-1, "0", "-1", CLAUSE), "the set-up is the wrong line now, where setgid(*) is recorded"),
        (Finding(1, "saved gid 7", "-1", CLAUSE), "setgid(7): saved gid 7 is expected now, where 0 is recorded"),
        (Finding(1, "0", "-1", "a(2)/b"), f"setgid(7) breaks a(2)/b now, where {CLAUSE} is recorded"),
    ],
)
def test_one_that_shows_otherwise_is_red(finding: Finding, says: str) -> None:
    verdict = attached(Verdict(FAIL, "so", finding))
    assert (verdict.outcome, told(verdict).state) == (FAIL, CHANGED)
    assert told(verdict).says == f"deviation changed: {says} (no-gid, known.toml:5)"


def test_a_cell_belongs_to_one_fault() -> None:
    for verdict in (FAILED, Verdict(PASS)):
        twice = attached(verdict, recorded(), recorded(name="other", number=9))
        assert (twice.outcome, told(twice).state) == (FAIL, AMBIGUOUS)
        assert told(twice).says == (
            "deviation ambiguous: no-gid (known.toml:5) and other (known.toml:9) are both recorded for this cell"
        )


def test_cells_that_are_not_named_are_as_they_are() -> None:
    for verdict in (FAILED, Verdict(PASS)):
        assert attached(verdict, at=cell(api="python")) is verdict
        assert attached(verdict, recorded(cells=("doors.2/hinges/some@*:libc",))) is verdict


def test_a_cell_that_was_not_judged_says_nothing() -> None:
    for verdict in (Verdict(UNSUPPORTED, "why"), Verdict(BROKEN, "why")):
        assert attached(verdict) is verdict


def test_a_family_stands_in_brackets_that_are_no_pattern() -> None:
    only = recorded(cells=("doors.2/hinges/something[gid=7]@root:libc",))
    assert attached(FAILED, only).outcome == DEVIATION
    assert attached(FAILED, only, at=cell(EIGHT)).outcome == FAIL


def test_the_value_of_a_family() -> None:
    by_value = recorded(line="setgid($gid)", expected="groups [$gid, *]", seen="[$gid, $other]")
    finding = Finding(1, "groups [8, 9]", "[8, $other]", CLAUSE)
    assert attached(Verdict(FAIL, "so", finding), by_value, at=cell(EIGHT)).outcome == DEVIATION
    assert attached(Verdict(FAIL, "so", finding), by_value, at=cell(SEVEN)).outcome == FAIL


def test_what_shows_only_sometimes_may_be_absent_but_not_otherwise() -> None:
    rare = recorded(sometimes="Two threads have to meet in it.")
    assert attached(Verdict(PASS), rare).outcome == PASS
    assert attached(FAILED, rare).outcome == DEVIATION
    assert attached(Verdict(FAIL, "so", Finding(1, "0", "1", CLAUSE)), rare).outcome == FAIL


def test_postures() -> None:
    def outcome(target: str, *postures: str) -> str:
        return attached(FAILED, recorded(postures=postures), at=cell(target=target)).outcome

    assert outcome("image:small+open", "open") == DEVIATION
    assert outcome("image:small+crun+open", "user", "open+crun") == DEVIATION
    assert outcome("image:small+crun+open", "user", "open") == FAIL
    assert outcome("image:small", "open") == FAIL
    assert outcome("image:small", "defaults") == DEVIATION
    assert outcome("image:small+open", "defaults") == FAIL
    assert outcome("image:small+user+groups", "groups+user") == DEVIATION
    assert outcome("image:small+user", "groups+user") == FAIL


def test_by_the_pages_alone_what_they_do_not_say_does_not_show() -> None:
    silent = recorded(clause="setgid(2)/linux/so")
    assert attached(Verdict(PASS), silent, spec="man").outcome == PASS
    assert attached(Verdict(PASS), silent).outcome == FAIL
    assert attached(Verdict(PASS), spec="man").outcome == FAIL


def test_a_way_of_one_abi_of_an_emulator() -> None:
    for_one = recorded(postures=("i386", "arm"))
    assert attached(FAILED, for_one, at=cell(target="qemu-user:i386")).outcome == DEVIATION
    assert attached(FAILED, for_one, at=cell(target="qemu-user:s390x")).outcome == FAIL
    assert attached(FAILED, recorded(), at=cell(target="qemu-user:s390x")).outcome == DEVIATION
