"""What goes wrong around a container: verdicts are kept, the cells concerned are broken with the cause, nothing is left."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from containers.engine import Engine
from credstone.targets.container.owner import LABEL
from host.launch import Ran, environment_for, hear_every_signal
from trial import make_suite, verdicts, waits, write_script

TARGET_NAME = "scratch"
TARGET = f"image:{TARGET_NAME}"


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    return make_suite(tmp_path)


def begin(folder: Path, engine: Engine, suite: Path, *arguments: str) -> subprocess.Popen[str]:
    """A run in the background."""
    command = [sys.executable, "-m", "credstone", "run", "--suites", str(suite), "--api", "syscall", "--target", TARGET]
    return subprocess.Popen(
        [*command, "--results", str(folder / "results.jsonl"), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**environment_for(folder), **engine.environment},
        preexec_fn=hear_every_signal,  # noqa: PLW1509 - no thread of a test is at work here
    )  # fmt: skip


def end(run: subprocess.Popen[str], folder: Path) -> Ran:
    out, _ = run.communicate(timeout=120)
    done = subprocess.CompletedProcess(run.args, run.returncode, out, "")
    return Ran(done, folder / "results.jsonl")


def wait_for_container(engine: Engine, patience: float = 90) -> str:
    """The container of a run whose first cell has its verdict."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with engine.client() as client:
            for each in client.containers.list(filters={"label": LABEL}):
                if len(each.top()["Processes"]) > 1:  # the agent, and the cell that waits
                    return str(each.id)
        time.sleep(0.1)
    raise AssertionError("no container has a cell that waits")


def containers(engine: Engine) -> int:
    with engine.client() as client:
        return len(client.containers.list(all=True))


AROUND = {"good-before": "pass", "waits": "broken", "good-after": "pass"}


def test_a_container_that_is_killed_costs_the_cell_that_ran(tmp_path: Path, suite: Path, engine: Engine) -> None:
    write_script(suite, waits(60), uid=0)
    run = begin(tmp_path, engine, suite)
    with engine.client() as client:
        client.containers.get(wait_for_container(engine)).kill()
    ran = end(run, tmp_path)
    assert (ran.status, verdicts(ran.cells)) == (1, AROUND)
    assert "the container's first process ended with status 137 (ended by signal 9) while this cell ran" in ran.out
    assert containers(engine) == 0


def test_a_container_that_somebody_removed(tmp_path: Path, suite: Path, engine: Engine) -> None:
    write_script(suite, waits(60), uid=0)
    run = begin(tmp_path, engine, suite)
    with engine.client() as client:
        client.containers.get(wait_for_container(engine)).remove(force=True)
    ran = end(run, tmp_path)
    assert (ran.status, verdicts(ran.cells)) == (1, AROUND)
    assert "somebody removed the container" in ran.out or "status 137 (ended by signal 9)" in ran.out


def test_a_container_that_never_answers(tmp_path: Path, suite: Path, engine: Engine) -> None:
    write_script(suite, waits(3), uid=0)
    run = begin(tmp_path, engine, suite)
    with engine.client() as client:
        client.containers.get(wait_for_container(engine)).pause()
    ran = end(run, tmp_path)
    assert (ran.status, verdicts(ran.cells)) == (1, AROUND)
    assert "the agent said nothing for 13 s while this cell ran" in ran.out
    assert containers(engine) == 0


def test_an_engine_that_is_stopped_and_started(tmp_path: Path, suite: Path, engine: Engine) -> None:
    write_script(suite, waits(60), uid=0)
    run = begin(tmp_path, engine, suite)
    wait_for_container(engine)
    engine.stop()
    engine.start()
    ran = end(run, tmp_path)
    assert (ran.status, verdicts(ran.cells)) == (1, AROUND)
    assert containers(engine) == 0


def test_an_engine_that_does_not_come_back(tmp_path: Path, suite: Path, engine: Engine) -> None:
    write_script(suite, waits(60), uid=0)
    run = begin(tmp_path, engine, suite)
    wait_for_container(engine)
    engine.stop(signal.SIGKILL)
    try:
        ran = end(run, tmp_path)
    finally:
        engine.start()
    assert (ran.status, verdicts(ran.cells)) == (1, {**AROUND, "good-after": "broken"})
    assert "The container engine has not answered for 20 s" in ran.out
    with engine.client() as client:
        for each in client.containers.list(all=True):
            each.remove(force=True)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_ended_removes_its_container(
    tmp_path: Path, suite: Path, engine: Engine, ending: signal.Signals
) -> None:
    write_script(suite, waits(60), uid=0)
    run = begin(tmp_path, engine, suite)
    wait_for_container(engine)
    run.send_signal(ending)
    ran = end(run, tmp_path)
    assert ran.status == 2
    assert ran.footer is None, "a file without a footer is known as cut off"
    assert containers(engine) == 0


def test_what_a_killed_run_left_is_swept_by_the_next(tmp_path: Path, suite: Path, engine: Engine) -> None:
    write_script(suite, waits(5), uid=0)
    run = begin(tmp_path, engine, suite)
    left = wait_for_container(engine)
    run.kill()
    run.communicate()
    with engine.client() as client:
        client.containers.get(left).wait(timeout=30)  # the agent ends with its cell: nobody listens any more
    write_script(suite, uid=0)
    ran = end(begin(tmp_path, engine, suite), tmp_path)
    assert (ran.status, containers(engine)) == (0, 0)


def test_two_runs_at_once_leave_each_other_alone(tmp_path: Path, suite: Path, engine: Engine) -> None:
    write_script(suite, waits(3), uid=0)
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    runs = [begin(folder, engine, suite) for folder in folders]
    for ran in [end(run, folder) for run, folder in zip(runs, folders, strict=True)]:
        assert verdicts(ran.cells) == {**AROUND, "waits": "fail"}
    assert containers(engine) == 0


@pytest.mark.usefixtures("engine")
def test_a_full_disk(tmp_path: Path, suite: Path) -> None:
    write_script(suite, uid=0)
    small = Engine(size=900)
    try:
        small.take(TARGET_NAME)
        (small.disk / "filler").write_bytes(b"\0" * (1 << 20))
        with (small.disk / "filler").open("ab") as filler:
            try:
                while True:
                    filler.write(b"\0" * (1 << 16))
                    filler.flush()
            except OSError:
                pass
        ran = end(begin(tmp_path, small, suite, "--target", "host"), tmp_path)
        assert ran.status == 3
        assert {cell["target"]: cell["verdict"] for cell in ran.cells} == {TARGET: "broken", "host": "pass"}
        assert "no space left on device" in " ".join(ran.out.split())
        (small.disk / "filler").unlink()
        ran = end(begin(tmp_path, small, suite), tmp_path)
        assert ran.status == 0
        assert containers(small) == 0
    finally:
        small.close()


def test_no_engine_is_one_sentence_and_the_other_targets_go_on(tmp_path: Path, suite: Path) -> None:
    write_script(suite)
    command = [sys.executable, "-m", "credstone", "run", "--suites", str(suite), "--api", "syscall"]
    done = subprocess.run(
        [*command, "--target", TARGET, "--target", "host"],
        capture_output=True, text=True, check=False, timeout=60,
        env={**environment_for(tmp_path), "DOCKER_HOST": f"unix://{tmp_path}/nobody.sock"},
    )  # fmt: skip
    assert done.returncode == 3
    said = " ".join(done.stdout.split())
    assert f"No container engine answers at unix://{tmp_path}/nobody.sock: there is no such socket." in said
    assert re.search(r"^host +2 +2 ", done.stdout, re.MULTILINE)
    assert re.search(rf"^{re.escape(TARGET.partition(':')[2])} +2 +2 ", done.stdout, re.MULTILINE)
    assert "Traceback" not in done.stdout + done.stderr
