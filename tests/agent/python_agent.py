"""A Python agent for tests, and cells for it in the words of the protocol."""

from __future__ import annotations

import os
import sys
from importlib import resources
from pathlib import Path

from agent.driving import Agent
from credstone.agent.process import Process
from credstone.agent.session import Session
from credstone.words.answer import Value
from credstone.words.transcript import Transcript

AGENT = Path(str(resources.files("credstone.agent"))) / "python"
_SET_UP = ("file", "etc", "as", "namespace", "load", "watch", "nosuid")


PYTHON = os.environ.get("CREDSTONE_PYTHON", sys.executable)
"""The Python that runs the agent: any from 3.6 on."""


def start_python(folder: Path, python: str = PYTHON) -> Session:
    """The agent."""
    return Session(Process([python, "-I", "-B", str(AGENT)], folder))


class PythonAgent(Agent):
    """A running agent."""

    skips = False

    def __init__(self, folder: Path, python: str = PYTHON) -> None:
        super().__init__(start_python(folder, python), "python")

    def perform(self, *lines: str) -> Transcript:
        """What comes of a cell; its set-up stands before its lines."""
        setup = tuple(line for line in lines if line.split(" ", 1)[0] in _SET_UP)
        return self.transcript(*lines[len(setup) :], setup=setup)

    def values(self, *lines: str) -> list[Value]:
        """The answers of a cell that is performed to its end: a value, or the errno or the exception."""
        transcript = self.perform(*lines)
        assert [transcript.end, transcript.note] == ["done", ""], transcript
        return [step.answer.errno or step.answer.exception or step.answer.value for step in transcript.steps]


def as_user(uid: int = 1000, capabilities: int = 0, groups: str = "[]") -> str:
    """The line that makes main this user, with these capabilities."""
    ids = f"[{uid},{uid},{uid},{uid}]"
    return f"as {ids} {ids} {groups} [0,{capabilities},{capabilities},{{all}},0] 0 0"
