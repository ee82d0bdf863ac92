"""The model as a target: the answers of the executable man pages, in the form in which an agent gives them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from credstone.model.perform import NotModelled, perform_line
from credstone.model.rules import Mutant, Performed
from credstone.model.start import start
from credstone.model.world import World
from credstone.words.actor import Setup
from credstone.words.capability import NAMES
from credstone.words.cell import NATIVE, PYTHON, Cell
from credstone.words.constants import CONSTANTS
from credstone.words.credential import Capabilities, Credential, Ids
from credstone.words.facts import Facts
from credstone.words.transcript import DONE, REFUSED, Step, Transcript

_ALL = (1 << len(NAMES)) - 1

FACTS = Facts(
    kernel="model",
    machine="model",
    abi="model",
    libc="glibc",
    credential=Credential(
        uid=Ids.all(0),
        gid=Ids.all(0),
        groups=(),
        capabilities=Capabilities(permitted=_ALL, effective=_ALL, bounding=_ALL),
    ),
    uid_map="0 0 4294967295",
    gid_map="0 0 4294967295",
    setgroups="allow",
    ngroups_max=65536,
    sysconf_ngroups_max=65536,
    last_capability=len(NAMES) - 1,
)
"""A machine on which everything can be tried, started as root."""


class ModelTarget:
    """Performs cells in the model, or in one of its mutants."""

    name = "model"
    deviations: Path | None = None

    def __init__(self, mutant: Mutant | None = None) -> None:
        self._mutant = mutant
        self._setups: dict[int, Setup] = {}

    def facts(self, agent: str) -> Facts:
        return FACTS if agent in (NATIVE, PYTHON) else msgspec.structs.replace(FACTS, abi=agent)

    def submit(self, number: int, cell: Cell, setup: Setup) -> None:
        self._setups[number] = setup

    def result(self, number: int, cell: Cell) -> Transcript | str:
        return transcribe(number, cell, self._setups.pop(number), self._mutant)

    def close(self) -> None:
        self._setups.clear()


def transcribe(number: int, cell: Cell, setup: Setup, mutant: Mutant | None = None) -> Transcript:
    """The transcript of a cell as the model performs it."""
    begin = _seen(start(setup, FACTS, cell.scenario))
    steps: list[Step] = []
    try:
        for performed in performances(cell, setup, mutant):
            if killed := performed.outcome.answer.killed:
                return Transcript(number, f"signal {CONSTANTS[killed]}", "", begin, tuple(steps))
            steps.append(Step(performed.outcome.answer, _seen(performed.outcome.world)))
    except NotModelled as error:
        return Transcript(number, REFUSED, str(error), begin, tuple(steps))
    return Transcript(number, DONE, "", begin, tuple(steps))


def performances(cell: Cell, setup: Setup, mutant: Mutant | None = None) -> Iterator[Performed]:
    """The lines of a cell, one after the other, as the model performs them.  Raises NotModelled."""
    world = start(setup, FACTS, cell.scenario)
    for line in cell.scenario.lines:
        performed = perform_line(world, line, cell.api, mutant)
        yield performed
        if performed.outcome.answer.killed:
            return
        world = performed.outcome.world


def clauses_at_stake(cell: Cell, setup: Setup) -> set[str]:
    """The clauses of all rules that were looked at while the model performed a cell."""
    return {rule.clause for performed in performances(cell, setup) for rule in performed.applied}


def _seen(world: World) -> dict[str, Credential]:
    return {task.who: world.seen(task.who) for task in world.reporting}
