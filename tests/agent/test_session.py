"""How long an answer is waited for: by the silence before its next piece, and not for one without an end."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator

import msgspec
import pytest

from building import facts
from credstone.agent import session
from credstone.agent.channel import Lost
from credstone.agent.session import Session


class Piped:
    """A channel whose agent is a function of the test that writes into a pipe."""

    name = "of a test"

    def __init__(self) -> None:
        self.from_agent, self.tell = os.pipe()
        self.hear, self.to_agent = os.pipe()
        for end in (self.from_agent, self.to_agent):
            os.set_blocking(end, False)
        os.write(self.tell, msgspec.json.encode(facts()) + b"\n")

    def wrap(self, payload: bytes) -> bytes:
        return payload

    def unwrap(self, data: bytes) -> bytes:
        return data

    def gone(self) -> bool:
        return False

    def ended(self) -> str:
        return "it ended"

    def close(self) -> None:
        for end in (self.from_agent, self.tell, self.hear, self.to_agent):
            os.close(end)

    kill = close


@pytest.fixture
def agent() -> Iterator[Piped]:
    made = Piped()
    yield made
    made.close()


def in_pieces(agent: Piped, pieces: int, pause: float) -> Callable[[], None]:
    def tell() -> None:
        for _ in range(pieces):
            os.write(agent.tell, b" ")
            time.sleep(pause)
        os.write(agent.tell, b'[1,"done","",{},[]]\n')

    return tell


def test_an_answer_in_pieces_is_waited_for(agent: Piped) -> None:
    talk = Session(agent)
    telling = threading.Thread(target=in_pieces(agent, 8, 0.1))
    telling.start()
    assert talk.receive(0.4).cell == 1  # it takes twice as long
    telling.join()


def test_silence_is_not(agent: Piped) -> None:
    with pytest.raises(Lost, match="the agent said nothing for 0 s"):
        Session(agent).receive(0.2)


def test_an_answer_without_an_end_is_given_up(agent: Piped, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "LONGEST", 1000)
    talk = Session(agent)
    os.write(agent.tell, b" " * 900 + b"\n" + b" " * 900)
    with pytest.raises(Lost, match="not its protocol"):
        talk.receive(1)
    os.write(agent.tell, b" " * 200)
    with pytest.raises(Lost, match="the agent's answer has no end"):
        talk.receive(1)
