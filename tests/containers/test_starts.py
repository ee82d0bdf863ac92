"""How often a container is started: once for each target and each process that asks it, however many cells there are."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

from containers.engine import Engine
from credstone.targets.container.container import MARK
from host.launch import credstone
from trial import make_suite, write_script

TARGETS = ("image:scratch", "image:scratch+open", "image:scratch+no-capabilities")


@pytest.mark.parametrize(("workers", "each"), [("0", 1), ("2", 2)])
def test_one_start_for_each_target_and_worker(tmp_path: Path, engine: Engine, workers: str, each: int) -> None:
    """With workers there is one more: the controller asks for the facts before they begin."""
    suite = make_suite(tmp_path)
    write_script(
        suite, *(f"\nscenario more-{n}\n  cites works\n  as    me\n\n  getuid() = 0\n" for n in range(40)), uid=0
    )
    named = [part for target in TARGETS for part in ("--target", target)]
    with engine.client() as client:
        begun = time.time()
        ran = credstone(
            tmp_path, "-n", workers, "--api", "syscall", *named, suites=suite, environment=engine.environment
        )
        events = client.api.events(  # type: ignore[call-overload]  # an engine takes fractions of a second
            since=f"{begun:.9f}", until=f"{time.time():.9f}", filters={"event": "start", "label": MARK}, decode=True
        )
        starts = Counter(event["Actor"]["Attributes"][MARK] for event in events)
    assert ran.status == 0, ran.out
    assert len(ran.of("pass")) == 42 * len(TARGETS)
    assert list(starts.values()) == [1] * len(TARGETS) * each
