"""The rules that explain what a target did: with one of them otherwise, the model does the same."""

from __future__ import annotations

import pytest

from building import credential, facts, line
from credstone.judge.suspects import Here
from credstone.model.perform import perform_line
from credstone.model.rules import Mutant
from credstone.model.start import start
from credstone.model.variant import Change, always, deciding, giving, never, replace
from credstone.words.actor import Become
from credstone.words.answer import Answer
from credstone.words.capability import CAP_SETGID
from credstone.words.credential import Credential
from credstone.words.transcript import Step

ROOT = credential(capabilities=CAP_SETGID)
USER = credential(1000, 1000, capabilities=0)


def suspects(text: str, own: Credential, clause: str, change: Change) -> tuple[str, ...]:
    """The suspects of a line of a target that has this variant of one rule."""
    world, written = start((Become(own),), facts()), line(text)
    there = perform_line(world, written, "syscall", Mutant("", clause, "", change)).outcome
    here = perform_line(world, written, "syscall")
    assert there != here.outcome, "the target does what the model does"
    seen = {task.who: there.world.seen(task.who) for task in there.world.reporting}
    return Here(world, written, "syscall", facts(), Step(there.answer, seen)).suspects(here)


@pytest.mark.parametrize(
    ("text", "own", "clause", "change"),
    [
        ("setgid(7) = 0", ROOT, "setgid(2)/EPERM", always()),
        ("setgid(7) = EPERM", USER, "setgid(2)/EPERM", never()),
        ("setgid(7) = 0", ROOT, "setgid(2)/privilege-is-the-capability", giving(False)),
        ("setgid(7) = EPERM", USER, "setgid(2)/error-minus-one", giving(Answer("errno 0", -1))),
        ("setgid(7) = 0", ROOT, "setgid(2)/returns-zero", giving(Answer("", 1))),
        ("setgid(7) = 0", ROOT, "setgid(2)/linux/fsgid-follows", giving(0)),
        ("setgid(7) = 0", ROOT, "setgid(2)/privileged-sets-all", giving((7, 0))),
        ("setgid(7) = 0", ROOT, "setgid(2)/linux/nothing-else", deciding(lambda own, now: replace(own, groups=(7,)))),
        ("getgid() = 0", ROOT, "getgid(2)/real", giving(5)),
    ],
)
def test_the_rule_that_is_broken_is_a_suspect(text: str, own: Credential, clause: str, change: Change) -> None:
    assert clause in suspects(text, own, clause, change)


def test_a_rule_about_another_field_is_none() -> None:
    found = suspects("setgid(7) = 0", ROOT, "setgid(2)/linux/fsgid-follows", giving(0))
    assert "setgid(2)/sets-effective" not in found
    assert "setgid(2)/returns-zero" not in found


def test_an_errno_without_a_name_is_no_other_refusal() -> None:
    found = suspects("setgid(7) = EPERM", USER, "setgid(2)/error-minus-one", giving(Answer("errno 0", -1)))
    assert "setgid(2)/EPERM" not in found
