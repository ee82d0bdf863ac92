"""The engine against the floor, in one run on this machine.

The benchmark times three things over the same cells, in turn, several times: the bare loop (``floor.py``); the engine (cells sent,
run in the agent with the whole credential reported after every line, transcripts received and decoded); the engine with
the judge.  It prints the medians as cells per second and as ratios to the floor.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from floor import build_floor, is_plain

from credstone.plan.cells import cells_of
from credstone.plan.setup import plan_actor
from credstone.runner import AHEAD, Runner
from credstone.suite.load import default_folder, load_suite
from credstone.targets.host import Host
from credstone.words.actor import Setup
from credstone.words.cell import NATIVE, Cell
from credstone.words.verdict import PASS

TURNS = 7
ROUNDS = 10
LIMIT_ENGINE, LIMIT_JUDGED = 2.0, 3.0


def main() -> int:
    suite = load_suite(default_folder())
    host = Host()
    facts = host.facts(NATIVE)
    cells: list[tuple[Cell, Setup]] = []
    for scenario in suite.scenarios:
        for cell in cells_of(scenario, suite.actors, ["host"], ["syscall"]):
            plan = plan_actor(cell.actor, suite.actors, facts)
            if not plan.missing and is_plain(cell, plan.setup):
                cells.append((cell, plan.setup))
    count = len(cells) * ROUNDS
    lines = sum(len(cell.scenario.lines) for cell, _ in cells) / max(len(cells), 1)
    if not cells:
        print("No cell of the suite can be timed here: the bench needs root.")
        return 3
    print(f"{len(cells)} cells of {lines:.1f} lines each, {ROUNDS} times over, {TURNS} turns")
    runner = Runner(suite.actors, opener=lambda name: host)
    with tempfile.TemporaryDirectory() as folder:
        program = build_floor(cells, Path(folder))
        ways: dict[str, Callable[[], float]] = {
            "floor": lambda: float(subprocess.run([program, str(ROUNDS)], capture_output=True, check=True).stdout),
            "engine": lambda: _timed(lambda: _engine(host, cells)),
            "engine and judge": lambda: _timed(lambda: _judged(runner, cells)),
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(TURNS):
            for name, way in ways.items():
                times[name].append(way())
    runner.close()
    floor = statistics.median(times["floor"])
    status = 0
    for name, limit in (("floor", 1.0), ("engine", LIMIT_ENGINE), ("engine and judge", LIMIT_JUDGED)):
        median = statistics.median(times[name])
        ratio = median / floor
        status |= ratio > limit
        told = "" if name == "floor" else f"   {ratio:.2f} of the floor's time (at most {limit})"
        print(f"{name:<17} {count / median:8.0f} cells/s   {median / count * 1e6:6.0f} µs/cell{told}")
    return status


def _timed(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _engine(host: Host, cells: list[tuple[Cell, Setup]]) -> None:
    """Sends cells ahead of the awaited one, as a run does."""
    asked = [each for _ in range(ROUNDS) for each in cells]
    sent = 0
    for number, (cell, _) in enumerate(asked):
        while sent < len(asked) and sent < number + AHEAD:
            host.submit(sent, *asked[sent])
            sent += 1
        transcript = host.result(number, cell)
        assert not isinstance(transcript, str) and transcript.end == "done", transcript


def _judged(runner: Runner, cells: list[tuple[Cell, Setup]]) -> None:
    asked = [cell for _ in range(ROUNDS) for cell, _ in cells]
    runner.expect(asked)
    for cell in asked:
        verdict = runner.verdict(cell)
        assert verdict.verdict == PASS, verdict


if __name__ == "__main__":
    sys.exit(main())
