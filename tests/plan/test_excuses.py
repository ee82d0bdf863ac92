"""Which answers of a probe excuse a target: those that a page or a known restriction allows, and no others."""

from __future__ import annotations

import errno
from typing import Any

import pytest

from building import facts
from credstone.plan import excuses
from credstone.words.facts import Facts

REFUSALS = {"EPERM", "EACCES", "ENOSYS", "signal 31"}
NOT_SUPPORTED = {"EOPNOTSUPP", "ENOTSUP"}
EVERY = [*errno.errorcode.values(), *NOT_SUPPORTED, "signal 31", "signal 11", "errno 0", "fork"]
FILTERED: dict[str, Any] = {"seccomp": 2}


def excused(fact: str, why: Any, **others: Any) -> set[str]:
    """The answers of a probe that excuse a target with these other facts."""
    return {error for error in EVERY if why(facts(**({fact: error} | others)))}


def namespace(**others: Any) -> set[str]:
    return excused("new_user_namespace", excuses.refused_user_namespace, **others)


def test_what_works_needs_no_excuse() -> None:
    for why in (
        excuses.refused_user_namespace, excuses.refused_mount_namespace, excuses.refused_queue,
        excuses.without_file_capabilities, excuses.not_executed, excuses.only_short_maps,
    ):  # fmt: skip
        assert why(facts(**FILTERED, max_user_namespaces=0, max_mnt_namespaces=0, threads=2, runtime="x")) == ""
    assert excuses.refused_call("setgroups", facts(**FILTERED)) == ""


@pytest.mark.parametrize(
    ("others", "allowed"),
    [
        ({}, {"EPERM"}),
        (FILTERED, REFUSALS),
        ({"security_label": "unconfined"}, {"EPERM", "EACCES"}),
        ({"max_user_namespaces": 0}, {"EPERM", "ENOSPC"}),
        ({"max_user_namespaces": 3}, {"EPERM", "ENOSPC"}),
        ({"max_user_namespaces": 31_000}, {"EPERM"}),
        ({"initial_user_namespace": False}, {"EPERM", "ENOSPC"}),
        ({"initial_user_namespace": False, "kernel": "4.8.1"}, {"EPERM", "ENOSPC", "EUSERS"}),
        ({"kernel": "4.8.1"}, {"EPERM"}),
        ({"user_namespaces": False}, {"EPERM", "EINVAL", "ENOSYS"}),
        ({"threads": 2}, {"EPERM", "EINVAL"}),
    ],
)
def test_user_namespaces(others: dict[str, Any], allowed: set[str]) -> None:
    assert namespace(**others) == allowed


def test_the_fact_that_explains_it_is_named() -> None:
    def told(error: str, **others: Any) -> str:
        return excuses.refused_user_namespace(facts(new_user_namespace=error, **others))

    assert told("ENOSPC", max_user_namespaces=0).endswith(" (ENOSPC): user.max_user_namespaces is 0")
    assert "there is no /proc/self/ns/user" in told("EINVAL", user_namespaces=False)
    assert "the process has 2 threads, of which the agent made one" in told("EINVAL", threads=2)
    assert told("EPERM", **FILTERED).endswith(" (EPERM): a seccomp filter is active")
    assert told("EACCES", security_label="docker (enforce)").endswith(": the process is confined as docker (enforce)")


def test_mount_namespaces() -> None:
    def mounts(**others: Any) -> set[str]:
        return excused("new_mount_namespace", excuses.refused_mount_namespace, **others)

    assert mounts() == mounts(**FILTERED) == mounts(max_mnt_namespaces=5000) == REFUSALS
    assert mounts(max_mnt_namespaces=0) == mounts(initial_user_namespace=False) == {*REFUSALS, "ENOSPC"}


def test_calls_that_were_tried() -> None:
    def why(target: Facts) -> str:
        return excuses.refused_call("setgroups", target)

    assert {error for error in EVERY if why(facts(refused={"setgroups": error}))} == REFUSALS
    assert excuses.refused_call("setgroups", facts(refused={"setgid": "EPERM"})) == ""


def test_queues_files_and_programs() -> None:
    assert excused("message_queues", excuses.refused_queue) == REFUSALS
    assert excused("file_capabilities", excuses.without_file_capabilities) == {*REFUSALS, *NOT_SUPPORTED}
    assert excused("execution", excuses.not_executed) == REFUSALS
    assert excused("execution", excuses.not_executed, runtime="qemu-s390x 7.2") == {*REFUSALS, "ENOEXEC"}


def test_maps_have_few_lines_on_old_kernels_alone() -> None:
    assert excused("long_map", excuses.only_short_maps, kernel="6.1.0") == REFUSALS
    assert excused("long_map", excuses.only_short_maps, kernel="4.14.9") == {*REFUSALS, "EINVAL"}
