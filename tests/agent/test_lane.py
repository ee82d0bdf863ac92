"""A lane over several lives of an agent: what hangs, what is lost, and when the agent is given up."""

from __future__ import annotations

from collections import deque

import pytest

from building import facts, scenario
from credstone.agent.channel import Lost
from credstone.agent.lane import HANGS, LOSSES, Lane
from credstone.agent.session import Session
from credstone.agent.stuck import Stuck
from credstone.words.actor import Actor
from credstone.words.cell import Cell
from credstone.words.errors import MachineError
from credstone.words.facts import Facts
from credstone.words.transcript import DONE, HANG, NotRun, Transcript

TRIAL = 0
LOSES = "loses"


class Agent:
    """An agent that does with each cell what is planned for its number, and otherwise answers it."""

    def __init__(self, plan: dict[int, str]) -> None:
        self.plan = plan
        self.performed: list[int] = []
        self.lives = 0
        self.starts = True

    def launch(self) -> Session:
        if not self.starts:
            raise MachineError("There is no room.", "Make some.")
        self.lives += 1
        return Talk(self)


class Talk(Session):
    """A life of it."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.facts: Facts = facts()
        self.sent: deque[int] = deque()

    def send(self, payload: bytes) -> None:
        self.sent.append(int(payload.split()[1]))

    def receive(self, patience: float) -> Transcript:
        number = self.sent.popleft()
        self.agent.performed.append(number)
        end = self.agent.plan.get(number, DONE)
        if end == LOSES:
            raise Lost("the agent said nothing for 40 s")
        return Transcript(number, end, "", {"main": self.facts.credential}, ())

    def close(self) -> None:
        self.sent.clear()

    kill = close


def cell(number: int) -> Cell:
    """A cell that has nothing in common with any other: each is of a page of its own, and calls what no other does."""
    one = scenario(f"  file door{number}\n  open(door{number}, O_RDONLY)")
    return Cell(one, Actor(about="", name=f"a{number}"), "libc", "host")


def results(agent: Agent, count: int) -> list[Transcript | str]:
    """What comes of so many cells, all of which are queued before the first is asked for."""
    lane = Lane(agent.launch, Apart())
    lane.facts()
    for number in range(1, count + 1):
        lane.submit(number, f"cell {number} 1\nend\n".encode(), 1, cell(number))
    return [lane.result(number) for number in range(1, count + 1)]


class Apart(Stuck):
    """A memory that takes no hang for a sign of another."""

    def why_not(self, cell: Cell) -> str:
        return ""


def ends(found: list[Transcript | str]) -> list[str]:
    return [each.end if isinstance(each, Transcript) else type(each).__name__ for each in found]


def test_cells_that_hang_now_and_then_cost_nothing_else() -> None:
    agent = Agent(dict.fromkeys(range(1, 200, 2), HANG))
    assert ends(results(agent, 200)) == [HANG, DONE] * 100
    assert agent.lives == 1


def test_a_lost_cell_is_blamed_and_the_others_are_given_to_a_new_agent() -> None:
    agent = Agent({2: LOSES})
    found = results(agent, 4)
    assert ends(found) == [DONE, "str", DONE, DONE]
    assert found[1] == "the agent said nothing for 40 s while this cell ran"
    assert agent.lives == 2
    assert agent.performed == [1, 2, 3, 4], "no cell runs twice"


@pytest.mark.parametrize(("end", "enough"), [(HANG, HANGS), (LOSES, LOSSES)])
def test_an_agent_that_answers_nothing_is_given_up(end: str, enough: int) -> None:
    agent = Agent(dict.fromkeys(range(300), end))
    found = results(agent, 300)
    assert ends(found) == [HANG if end == HANG else "str"] * enough + ["NotRun"] * (300 - enough)
    assert len({str(each) for each in found[enough:]}) == 1, "one reason"
    assert "The agent is given up: " in str(found[-1])
    assert agent.performed == [*range(1, enough + 1), TRIAL]


@pytest.mark.parametrize(("end", "enough"), [(HANG, HANGS), (LOSES, LOSSES)])
def test_one_that_still_answers_is_not(end: str, enough: int) -> None:
    agent = Agent(dict.fromkeys(range(1, 100), end))
    found = results(agent, 200)
    assert "NotRun" not in ends(found)
    assert ends(found)[99:] == [DONE] * 101
    assert agent.performed.count(TRIAL) == 99 // enough


def test_an_agent_that_does_not_start_again_is_given_up() -> None:
    agent = Agent({1: LOSES})
    lane = Lane(agent.launch, Stuck())
    lane.facts()
    for number in (1, 2, 3):
        lane.submit(number, f"cell {number} 1\nend\n".encode(), 1, cell(number))
    agent.starts = False
    assert ends([lane.result(number) for number in (1, 2, 3)]) == ["str", "NotRun", "NotRun"]
    lane.submit(4, b"cell 4 1\nend\n", 1, cell(4))
    assert lane.result(4) == NotRun(
        "The agent is given up, because it does not start again: There is no room.\n  Make some."
    )


def test_cells_on_their_way_are_called_back_when_they_are_not_worth_it() -> None:
    """All 40 are sent at once; two hang in the same scenario, and none of the others is performed."""
    one = Cell(scenario("  getuid()"), Actor(about="", name="somebody"), "libc", "host")
    agent = Agent(dict.fromkeys(range(1, 41), HANG))
    lane = Lane(agent.launch, Stuck())
    lane.facts()
    for number in range(1, 41):
        lane.submit(number, f"cell {number} 1\nend\n".encode(), 1, one)
    assert ends([lane.result(number) for number in range(1, 41)]) == [HANG] * 2 + ["NotRun"] * 38
    assert agent.performed == [1, 2]
