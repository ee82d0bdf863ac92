"""What a header tells of agents, by target: its keys are ``TARGET:AGENT`` (``image:debian-12:python``), taken apart here alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from credstone.results.file import Results

T = TypeVar("T")


def by_target(told: Mapping[str, T]) -> dict[str, dict[str, T]]:
    """What is told, by target and agent, both in the order in which they came."""
    found: dict[str, dict[str, T]] = {}
    for key, value in told.items():
        target, _, agent = key.rpartition(":")
        found.setdefault(target, {})[agent] = value
    return found


def of_target(told: Mapping[str, T], target: str) -> dict[str, T]:
    """What is told of one target, by agent."""
    return by_target(told).get(target, {})


def targets_of(run: Results) -> list[str]:
    """The targets of a run: those with facts or without an agent, also where it was cut off before it came to them, and those
    that only cells name.
    """
    header = run.header
    named = (*by_target(header.facts), *by_target(header.unreachable), *(record.target for record in run.records))
    return list(dict.fromkeys(named))
