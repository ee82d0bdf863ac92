"""Fabricated transcripts, and the verdicts on them."""

from __future__ import annotations

from typing import Any

from building import credential, facts, scenario
from credstone.judge.judge import judge
from credstone.words.actor import Actor, Become
from credstone.words.answer import Answer, Value, refused
from credstone.words.cell import Cell
from credstone.words.credential import Credential
from credstone.words.facts import Facts
from credstone.words.transcript import Step, Transcript
from credstone.words.verdict import FAIL, Verdict

ROOT = credential(groups=(100,))
USER = credential(1000, 1000, (100,), 0)
AS_GROUP_7 = credential(0, 7, (100,), dumpable=0)
"""Root after setgid(7): a change of the effective id takes the core dump away."""


def gave(value: Value, seen: Credential, **others: Credential) -> Step:
    return Step(Answer("", value), {"main": seen, **others})


def failed(errno: str, seen: Credential) -> Step:
    return Step(refused(errno), {"main": seen})


class Told:
    """What an agent told of a cell with these lines."""

    def __init__(self, body: str, *steps: Step, start: Credential = ROOT, end: str = "done", note: str = "") -> None:
        self.cell = Cell(scenario(body), Actor(about="", name="trial"), "libc", "host")
        self.setup = (Become(start),)
        self.facts = facts()
        self.transcript = Transcript(1, end, note, {"main": start}, steps)

    def on(self, target: Facts) -> Told:
        self.facts = target
        return self

    def verdict(self, spec: str = "linux") -> Verdict:
        return judge(self.cell, self.setup, self.facts, self.transcript, spec)

    def finding(self, **expected: Any) -> Verdict:
        """The verdict, which must be a failure that was found there."""
        verdict = self.verdict()
        assert verdict.verdict == FAIL
        assert verdict.finding is not None
        assert {name: getattr(verdict.finding, name) for name in expected} == expected
        return verdict
