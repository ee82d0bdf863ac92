"""What is asked of a program that only pretends to be root, and what is not."""

from __future__ import annotations

import pytest

from building import facts, scenario
from credstone.plan.missing import missing_for
from credstone.plan.setup import plan_actor
from credstone.words.actor import Actor, NewNamespace, Without
from credstone.words.cell import Cell

EVERYBODYS = facts(pretends_to="syscall", runtime="proot 5.1.0")
THE_LIBRARYS = facts(pretends_to="libc", runtime="fakeroot 1.31")
ACTOR = Actor(about="", name="somebody")
NO_CAPABILITIES = (
    "proot 5.1.0 knows no capabilities: who has effective uid 0 may do everything, and nobody else anything"
)


def needs(body: str, api: str = "libc", told: object = EVERYBODYS) -> list[str]:
    return missing_for(Cell(scenario(body), ACTOR, api, "proot"), told)  # type: ignore[arg-type]


def test_ids_and_groups_are_pretended() -> None:
    assert needs("  setresuid(1, 2, 3) = 0\n  getgroups() = []\n  child c: setgid(5) = EPERM") == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("  setuid(5)\n  kill($pid, 0)", "proot 5.1.0 pretends ids and groups, and not what kill tells or changes"),
        ("  file door\n  setuid(5)", "proot 5.1.0 was not asked about files: here its ids are"),
        ("  all threads: getuid() = 0", "proot 5.1.0 pretends to who asks, and not to who looks from outside"),
    ],
)
def test_the_rest_is_not(body: str, reason: str) -> None:
    assert needs(body) == [reason]


def test_a_raw_call_goes_past_the_library() -> None:
    reason = "fakeroot 1.31 stands before the C library: a raw system call goes past it"
    assert needs("  getuid() = 0", "syscall", THE_LIBRARYS) == [reason]
    assert needs("  getuid() = 0", "libc", THE_LIBRARYS) == []
    assert needs("  getuid() = 0", "syscall") == []


def test_its_root_has_everything_and_nobody_else_anything() -> None:
    def missing(**of: object) -> tuple[str, ...]:
        return plan_actor(Actor(about="", **of), {}, EVERYBODYS).missing  # type: ignore[arg-type]

    assert missing(uid=0, capabilities="all") == missing(uid=1000, capabilities="none") == ()
    assert missing(uid=(1000, 0, 1000), capabilities="all") == ()
    assert missing(uid=0, capabilities="none") == missing(uid=1000, capabilities="all") == (NO_CAPABILITIES,)
    assert missing(uid=0, capabilities=Without(("CAP_SETGID",))) == (NO_CAPABILITIES,)


def test_it_knows_no_namespaces() -> None:
    actor = Actor(about="", creator=("self",), namespace=NewNamespace("0 $uid 1", "0 $gid 1"))
    assert plan_actor(actor, {}, EVERYBODYS).missing == ("proot 5.1.0 knows no user namespaces",)
