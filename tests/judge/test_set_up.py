"""A set-up that was refused: whose fault that is."""

from __future__ import annotations

from typing import Any

import pytest

from building import credential, facts, scenario
from credstone.judge.judge import judge
from credstone.words.actor import Actor, Become, Enter, NewNamespace
from credstone.words.cell import Cell
from credstone.words.facts import Facts
from credstone.words.transcript import REFUSED, Transcript
from credstone.words.verdict import BROKEN, FAIL, PASS, UNSUPPORTED, Verdict

SETUP = (Become(credential(1000, 1000, (), 0)), Enter(NewNamespace("0 1000 1", "0 1000 1", "deny")))


def verdict(note: str, target: Facts, spec: str = "linux") -> Verdict:
    """The verdict on a cell in a user namespace whose set-up ended with this note."""
    cell = Cell(scenario("  getuid() = 0"), Actor(about="", name="inside"), "libc", "host")
    return judge(cell, SETUP, target, Transcript(1, REFUSED, note, {}, ()), spec)


@pytest.mark.parametrize("error", ["ENOMEM", "EIO", "EFAULT", "EINVAL", "ENOSPC", "EUSERS", "errno 0"])
@pytest.mark.parametrize("seccomp", [0, 2])
@pytest.mark.parametrize("spec", ["linux", "man"])
def test_a_namespace_that_cannot_be_made_is_a_failure_of_the_target(error: str, seccomp: int, spec: str) -> None:
    found = verdict(f"unshare(CLONE_NEWUSER): {error}", facts(seccomp=seccomp), spec)
    assert found.verdict == FAIL
    assert found.finding is not None
    assert (found.finding.line, found.finding.expected, found.finding.seen) == (-1, "0", error)
    assert found.finding.clause.startswith("unshare(2)/")
    assert found.reason == f"the set-up of the actor: unshare(CLONE_NEWUSER) = 0 expected, {error} seen"


@pytest.mark.parametrize("error", ["EPERM", "EACCES", "ENOSYS"])
def test_a_filter_may_refuse_it(error: str) -> None:
    assert verdict(f"unshare(CLONE_NEWUSER): {error}", facts(seccomp=2)).verdict == UNSUPPORTED
    assert verdict(f"unshare(CLONE_NEWUSER): {error}", facts()).verdict == FAIL


def test_what_the_pages_ask_for_is_no_failure() -> None:
    """The creator's ids have no mapping here: then EPERM is right."""
    without: dict[str, Any] = {"uid_map": "0 5000 1", "gid_map": "0 5000 1"}
    found = verdict("unshare(CLONE_NEWUSER): EPERM", facts(credential(65534, 65534, (), 0), **without))
    assert found.verdict == UNSUPPORTED
    assert "unshare(2)/EPERM-unmapped" in found.reason


@pytest.mark.parametrize("note", ["setgroups: ENOMEM", "setxattr helper: ENOSPC", "uid_map: EIO", "unshare: ENOMEM"])
def test_any_other_call_is_not_under_test(note: str) -> None:
    for seccomp in (0, 2):
        found = verdict(note, facts(seccomp=seccomp))
        assert (found.verdict, found.reason) == (BROKEN, f"the set-up was refused: {note}")


def test_a_filter_refuses_other_calls_too() -> None:
    found = verdict("setgroups: EPERM", facts(seccomp=2))
    assert (found.verdict, "a seccomp filter is active" in found.reason) == (UNSUPPORTED, True)


def test_a_mistake_of_the_agent_is_none_of_the_target() -> None:
    assert verdict("agent: there is no call", facts(seccomp=2)).verdict == BROKEN
    assert PASS not in {verdict("unshare(CLONE_NEWUSER): EPERM", facts(), spec).verdict for spec in ("linux", "man")}
