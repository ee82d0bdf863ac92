"""A cell that shows how its process was started: what the agent and a fork change is as it was before."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.driving import Agent
from agent.python_agent import AGENT, PYTHON
from credstone.agent.build import build_agent
from credstone.agent.process import Process
from credstone.agent.session import Session

SIGUSR1 = 10


@pytest.fixture(scope="module", params=["syscall", "python"])
def late(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    """An agent that was started with another umask, by somebody whose end it wants to hear of."""
    if request.param == "syscall" and shutil.which("cc") is None:
        pytest.skip("needs a C compiler (cc)")
    if shutil.which("setpriv") is None:
        pytest.skip("needs setpriv (util-linux)")
    folder = tmp_path_factory.mktemp("late")
    command = [str(build_agent(folder))] if request.param == "syscall" else [PYTHON, "-I", "-B", str(AGENT)]
    umask = ["sh", "-c", 'umask 027; exec "$@"', "sh"]
    session = Session(Process([*umask, "setpriv", "--pdeathsig", "USR1", *command], folder))
    try:
        yield Agent(session, request.param)
    finally:
        session.close()


def test_the_facts_say_how_it_was_started(late: Agent) -> None:
    assert late.facts.umask == 0o027
    assert late.facts.credential.parent_death_signal == SIGUSR1


def test_a_cell_begins_so_where_it_asks_for_it(late: Agent) -> None:
    transcript = late.transcript("main umask 0", "main prctl PR_GET_PDEATHSIG", setup=("started",))
    assert [step.answer.value for step in transcript.steps] == [0o027, SIGUSR1]
    assert transcript.start["main"] == late.facts.credential


def test_all_other_cells_have_the_umask_022(late: Agent) -> None:
    assert late.last("main umask 0") == 0o022


def test_a_program_goes_on_so(late: Agent) -> None:
    if late.api == "python":
        pytest.skip("only the C agent executes")
    setup = ("file program agent -1 -1 0755", "started")
    assert late.last("main exec program", "main umask 0", setup=setup) == 0o027


def test_the_agent_changes_nothing_else(agent: Agent, tmp_path: Path) -> None:
    """No limit of the agent's own work shows in what a process was started with."""
    transcript = agent.transcript("main getuid", setup=("started",))
    assert transcript.start["main"] == agent.facts.credential
    assert agent.facts.credential.dumpable == 1
