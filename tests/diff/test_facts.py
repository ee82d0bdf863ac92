"""Facts of two runs: which of them are changes, and which say nothing."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from building import EVERYTHING, credential, facts
from credstone.results.diff import FactChange
from credstone.results.diff.facts import changed_facts, fact_changes, run_changes
from credstone.results.record import Header
from credstone.words.container_start import Asked
from credstone.words.facts import Facts
from runs import header

HOST = ("host", "host")


def changed(was: Facts, now: Facts) -> list[tuple[str, str, str]]:
    return list(changed_facts(was, now))


def by_agent(**agents: Facts) -> Header:
    return header(facts={f"host:{name}": found for name, found in agents.items()})


@pytest.mark.parametrize(
    ("field", "was", "now", "told"),
    [
        ("kernel", "6.1.0", "6.12.3", ("kernel", "6.1.0", "6.12.3")),
        ("libc", "glibc 2.36", "musl 1.2.5", ("libc", "glibc 2.36", "musl 1.2.5")),
        ("python", "", "CPython 3.13.1", ("python", "none", "CPython 3.13.1")),
        ("overflow_uid", 65534, 99, ("kernel.overflowuid", "65534", "99")),
        ("ptrace_scope", 0, 1, ("kernel.yama.ptrace_scope", "0", "1")),
        ("ngroups_max", 65536, -1, ("kernel.ngroups_max", "65536", "none")),
        ("new_user_namespace", "", "EPERM", ("unshare(CLONE_NEWUSER)", "works", "EPERM")),
        ("refused", {}, {"ptrace": "EPERM"}, ("ptrace(2)", "works", "EPERM")),
        ("refused", {"ptrace": "EPERM"}, {"ptrace": "signal 31"}, ("ptrace(2)", "EPERM", "signal 31")),
        ("uid_map", "0 0 4294967295", "0 100000 65536", ("uid map", "0 0 4294967295", "0 100000 65536")),
        ("umask", 0o022, 0o077, ("umask", "0022", "0077")),
        ("initial_user_namespace", True, False, ("in the initial user namespace", "yes", "no")),
        ("process_limit", -1, 100, ("RLIMIT_NPROC", "unlimited", "100")),
        ("asked", None, Asked(), ("what a runtime was asked for", "nothing", "known")),
        ("asked", Asked(groups=(5,)), Asked(), ("asked groups", "[5]", "[]")),
        ("asked", Asked(capabilities=255), Asked(), ("asked capabilities", "0xff", "none")),
    ],
)
def test_a_fact_that_changed(field: str, was: Any, now: Any, told: tuple[str, str, str]) -> None:
    one, other = facts(**{field: was}), facts(**{field: now})
    assert changed(one, other) == [told]
    assert changed(other, one) == [(told[0], told[2], told[1])]


def test_capabilities_are_named() -> None:
    poorer = facts(credential(capabilities=EVERYTHING & ~(1 << 6)))
    assert changed(facts(), poorer) == [
        ("permitted capabilities", "CAP_SETGID", "not in the set"),
        ("effective capabilities", "CAP_SETGID", "not in the set"),
    ]
    assert ("real uid", "0", "1000") in changed(facts(), facts(credential(1000)))


@pytest.mark.parametrize(
    ("field", "was", "now"),
    [
        ("pid", 17, 4711),
        ("process_limit", 96365, 96359),
        ("process_limit", 96365, -1),
        ("security_label", "system_u:system_r:container_t:s0:c1,c2", "system_u:system_r:container_t:s0:c700,c900"),
    ],
)
def test_what_says_nothing_is_no_change(field: str, was: Any, now: Any) -> None:
    assert changed(facts(**{field: was}), facts(**{field: now})) == []


@pytest.mark.parametrize(
    ("field", "was", "now"),
    [
        ("process_limit", 96365, 999),
        ("process_limit", 100, 200),
        ("security_label", "system_u:system_r:container_t:s0:c1,c2", "system_u:system_r:spc_t:s0:c1,c2"),
    ],
)
def test_what_is_like_it_and_says_something(field: str, was: Any, now: Any) -> None:
    assert len(changed(facts(**{field: was}), facts(**{field: now}))) == 1


def test_every_fact_is_looked_at() -> None:
    """A new field of the facts is compared, or it is said why not."""
    other = {bool: True, int: 471, str: "other", dict: {"setgid": "EPERM"}, tuple: ("other",)}
    for field in Facts.__struct_fields__:
        if field in ("api_level", "pid", "credential", "asked"):
            continue
        was = getattr(facts(), field)
        now = not was if isinstance(was, bool) else other[type(was)]
        assert changed(facts(), replace(facts(), **{field: now})), field


def test_what_all_agents_tell_is_told_of_the_target() -> None:
    old, new = facts(kernel="6.1"), facts(kernel="6.12")
    assert list(fact_changes(by_agent(native=old, python=old), by_agent(native=new, python=new), HOST)) == [
        FactChange("host", (), "kernel", "6.1", "6.12")
    ]
    assert list(fact_changes(by_agent(native=old, python=old), by_agent(native=old, python=new), HOST)) == [
        FactChange("host", ("python",), "kernel", "6.1", "6.12")
    ]


def test_an_agent_that_one_run_did_not_ask_for_is_no_change() -> None:
    assert not list(fact_changes(by_agent(native=facts(), i386=facts()), by_agent(native=facts()), HOST))


def test_an_agent_that_cannot_be_had_any_more() -> None:
    old = by_agent(native=facts(), i386=facts())
    new = replace(by_agent(native=facts()), unreachable={"host:i386": "There is no compiler.\n  Install one."})
    assert list(fact_changes(old, new, HOST)) == [
        FactChange("host", ("i386",), "agent", "there", "There is no compiler.")
    ]
    assert list(fact_changes(new, old, HOST)) == [
        FactChange("host", ("i386",), "agent", "There is no compiler.", "there")
    ]


def test_a_target_that_has_another_name_now() -> None:
    old, new = header(["image:a+open"], facts(libc="a")), header(["image:b+open"], facts(libc="b"))
    assert list(fact_changes(old, new, ("image:a+open", "image:b+open"))) == [
        FactChange("image:b+open", (), "libc", "a", "b")
    ]
    assert not list(fact_changes(old, new, ("image:a", "image:b"))), "a name is no beginning of another"


def test_what_the_run_was_made_with() -> None:
    new = header(credstone="0.2.0", suite="def")
    assert list(run_changes(header(), new)) == [
        FactChange("", (), "credstone", "0.1.0", "0.2.0"), FactChange("", (), "suite", "abc", "def"),
    ]  # fmt: skip
