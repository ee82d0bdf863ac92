"""The agent that the tests drive: compiled once, and nothing of it may be left when they are done."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.driving import Agent
from agent.left import await_queues_gone, message_queues
from agent.python_agent import PythonAgent, start_python
from credstone.agent.build import build_agent
from credstone.agent.process import Process
from credstone.agent.session import Session


@pytest.fixture(scope="module", params=["syscall", "libc", "python"])
def agent(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    """The C agent of this machine, asked for raw calls and for those of the C library; and the Python agent."""
    if request.param != "python" and shutil.which("cc") is None:
        pytest.skip("needs a C compiler (cc)")
    folder = tmp_path_factory.mktemp("agent")
    for path in (folder, *folder.parents[:2]):
        path.chmod(0o711)
    session = (
        start_python(folder) if request.param == "python" else Session(Process([str(build_agent(folder))], folder))
    )
    mounts = _mounts(folder)
    queues = message_queues()
    try:
        yield Agent(session, request.param)
    finally:
        session.close()
    assert [path.name for path in folder.iterdir() if path.name.startswith("cell")] == []
    assert _mounts(folder) == mounts
    await_queues_gone(queues)
    assert not [process for process in Path("/proc").glob("[0-9]*") if _works_in(process, folder)]


def _mounts(folder: Path) -> list[str]:
    """What is mounted where cells mount something; engines come and go elsewhere meanwhile."""
    points = [line.split(" ")[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    return [point for point in points if point.startswith((str(folder), "/etc", "/run/nscd", "/var/run/nscd"))]


@pytest.fixture(scope="module")
def root(agent: Agent) -> Agent:
    """The same, where it is root with every right."""
    effective = agent.facts.credential.capabilities.effective
    if os.geteuid() != 0 or effective != agent.facts.credential.capabilities.bounding or not effective >> 21 & 1:
        pytest.skip("needs root with all capabilities")
    return agent


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PythonAgent]:
    """The Python agent, started once, where it is root."""
    if os.geteuid() != 0:
        pytest.skip("needs root: the cells take other ids, and mount")
    folder = tmp_path_factory.mktemp("python")
    for path in (folder, *folder.parents[:2]):
        path.chmod(0o711)
    python = PythonAgent(folder)
    try:
        yield python
    finally:
        python.session.close()
    assert [path.name for path in folder.iterdir() if not path.name.startswith("stderr.")] == []
    assert not [process for process in Path("/proc").glob("[0-9]*") if _works_in(process, folder)]


def _works_in(process: Path, folder: Path) -> bool:
    try:
        return (process / "cwd").readlink().is_relative_to(folder)
    except OSError:
        return False
