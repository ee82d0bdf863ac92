"""Driving the real agent through small cells, written as the protocol writes them."""

from __future__ import annotations

import itertools

import pytest

from credstone.agent.session import Session
from credstone.words.answer import Answer, Value
from credstone.words.credential import Credential
from credstone.words.facts import Facts
from credstone.words.transcript import Transcript

ROOT = "as [0,0,0,0] [0,0,0,0] [] [0,{all},{all},{all},0] 0 0"
USER = "as [1000,1000,1000,1000] [1000,1000,1000,1000] [] [0,0,0,{all},0] 0 0"


class Agent:
    """A running agent.  ``api`` is the one that lines without an API go through."""

    skips = True  # a test of what this agent does not promise

    def __init__(self, session: Session, api: str) -> None:
        self.session = session
        self.api = api
        self._numbers = itertools.count(1)

    @property
    def facts(self) -> Facts:
        return self.session.facts

    def transcript(self, *lines: str, setup: tuple[str, ...] = (), limit: int = 5000) -> Transcript:
        """One cell.  A line is ``who call arguments`` with the verb ``do`` before it where it has none."""
        number = next(self._numbers)
        everything = self.facts.credential.capabilities.bounding
        text = [f"cell {number} {limit}", *(line.format(all=everything) for line in setup)]
        text += map(self._line, lines)
        self.session.send("\n".join([*text, "end\n"]).encode())
        return self.session.receive(limit / 1000 + 5)

    def answers(self, *lines: str, setup: tuple[str, ...] = ()) -> list[Answer]:
        """The answers of a cell that runs to its end."""
        transcript = self.transcript(*lines, setup=setup)
        assert (transcript.end, transcript.note) == ("done", ""), transcript
        assert len(transcript.steps) == len(lines)
        return [step.answer for step in transcript.steps]

    def last(self, *lines: str, setup: tuple[str, ...] = ()) -> Value:
        """What the last line answered: its value, or its errno where it failed; the lines before it succeed."""
        *before, last = self.answers(*lines, setup=setup)
        assert not [answer for answer in before if answer.failed], before
        assert not last.stray
        return last.errno or last.value

    def seen(self, *lines: str, setup: tuple[str, ...] = ()) -> dict[str, Credential]:
        """The credentials after the last line."""
        return self.transcript(*lines, setup=setup).steps[-1].seen

    def _line(self, line: str) -> str:
        verb, _, rest = line.partition(" ")
        if verb == "await":
            return line
        if verb != "begin":
            verb, rest = "do", line
        who, _, call = rest.partition(" ")
        if self.skips and self.api == "python" and call.startswith(("exec ", "getauxval ")):
            pytest.skip("only the C agent executes")
        return f"{verb} {who} {self.api} {call}"
