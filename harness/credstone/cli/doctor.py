"""``credstone doctor``: what this machine can run, and what the rest needs."""

from __future__ import annotations

import contextlib
from collections import Counter

import msgspec

from credstone.cli.options import AsJson, Suites, open_suite, report_unread
from credstone.doctor.checks import checks, tools
from credstone.doctor.engines import READY, Engine, look_at_engines
from credstone.doctor.facts import Looked
from credstone.doctor.machine import look_around
from credstone.doctor.needs import asked_capabilities, examine
from credstone.doctor.other_targets import others
from credstone.doctor.terminal import show_checks, show_engines, show_outcome
from credstone.runner import Runner
from credstone.targets.container.settings import KIND
from credstone.words.errors import MachineError

TARGET = "host"
USUAL = "debian-12"
"""The image that is named where any would do."""


def doctor(*, json: AsJson = False, suites: Suites = None) -> int:
    """Report what this machine, its container engines and this user can run. Nothing is run.

    For each missing thing, doctor prints how many cells need it and the command that provides it. The status is 0 if the
    host can run cells, 3 if it cannot.
    """
    suite, here = open_suite(suites), look_around()
    report_unread(suite)
    with contextlib.closing(Runner(suite.actors)) as runner:
        examined = examine(suite, runner, TARGET)
    facts = examined.facts
    looked = Looked(examined, here, asked_capabilities(suite, facts) if facts else Counter())
    engines = look_at_engines(here, facts)
    found, other = [*checks(looked, _image(engines)), *tools(here, facts)], [*others(looked)]
    if json:
        whole = {"target": TARGET, "cells": examined.cells, "can_run": examined.can_run, "system": here.system}
        print(msgspec.json.encode(whole | {"checks": [*found, *other], "engines": engines}).decode())
    else:
        lines = (*show_checks(found), "", *show_engines(engines), *show_checks(other), "", show_outcome(examined))
        print("\n".join(lines))
    return 0 if examined.can_run else MachineError.status


def _image(engines: list[Engine]) -> str:
    """The target by which a container runtime can be asked here; empty without an engine."""
    there = next((each for each in engines if each.there), None)
    if there is None:
        return ""
    ready = [name for name, state in there.images.items() if state == READY]
    name = USUAL if USUAL in ready or not ready else ready[0]
    return KIND + "+".join([name, *(there.postures[:1] if there.address else [])])
