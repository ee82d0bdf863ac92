"""The model as a target: the answers of the executable man pages, in the form in which an agent gives them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from credstone.model.container_start import DUE, found_by_agent, hand_over
from credstone.model.perform import NotModelled, beyond_the_model, perform_line
from credstone.model.rules import Context, Mutant, Performed, Run
from credstone.model.start import begin, start
from credstone.model.world import World
from credstone.words.actor import Setup
from credstone.words.asked import Asked
from credstone.words.capability import MASKS, NAMES
from credstone.words.cell import NATIVE, PYTHON, Cell
from credstone.words.constants import CONSTANTS
from credstone.words.credential import Capabilities, Credential, Ids
from credstone.words.facts import Facts
from credstone.words.scenario import MAIN
from credstone.words.transcript import DONE, Step, Transcript

_ALL = (1 << len(NAMES)) - 1

_BARE = Facts(
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


def started(asked: Asked) -> Facts:
    """The machine of the model where a runtime did what it was asked."""
    run = Run(Context("start", MAIN, "", start((), _BARE)))
    due = hand_over(run, found_by_agent(_BARE), asked, DUE)
    return msgspec.structs.replace(
        _BARE,
        credential=due.credential,
        umask=due.umask,
        uid_map=due.uid_map,
        gid_map=due.gid_map,
        setgroups=due.setgroups,
        initial_user_namespace=not asked.uid_map,
        asked=asked,
    )


FACTS = msgspec.structs.replace(
    started(Asked(groups=(2000, 3000), capabilities=_ALL, uid_map=_BARE.uid_map, gid_map=_BARE.gid_map)),
    initial_user_namespace=True,
)
"""A machine on which everything can be tried, started as root."""

_NAMES = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "NET_RAW")
_SOME = sum(MASKS[f"CAP_{name}"] for name in _NAMES)
_RANGE = "0 100000 65536"

MACHINES = (
    FACTS,
    started(Asked(uid=1000, gid=1000, groups=(2000, 3000), capabilities=_SOME)),
    started(Asked(gid=1000, capabilities=_SOME, umask=0o077)),
    started(Asked(uid=1000, gid=1000, capabilities=0, no_new_privs=True)),
    started(Asked(uid=1000, gid=1000, groups=(2000,), capabilities=_SOME, ambient=MASKS["CAP_NET_RAW"])),
    started(Asked(groups=(2000, 3000), capabilities=_SOME, uid_map=_RANGE, gid_map=_RANGE)),
    started(Asked(uid=1000, gid=1000, groups=(2000,), capabilities=_SOME, uid_map=_RANGE, gid_map=_RANGE)),
)
"""What runtimes are asked for, as far as it makes a difference; the first is the machine of everything else."""


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


def transcribe(
    number: int, cell: Cell, setup: Setup, mutant: Mutant | None = None, facts: Facts = FACTS
) -> Transcript | str:
    """The transcript of a cell as the model performs it, or a sentence that names the line that it cannot perform."""
    first = _seen(begin(setup, facts, cell.scenario, mutant).world)
    steps: list[Step] = []
    try:
        for performed in performances(cell, setup, mutant, facts):
            if killed := performed.outcome.answer.killed:
                return Transcript(number, f"signal {CONSTANTS[killed]}", "", first, tuple(steps))
            steps.append(Step(performed.outcome.answer, _seen(performed.outcome.world)))
    except NotModelled as error:
        return beyond_the_model(cell.scenario.lines[len(steps)], error)
    return Transcript(number, DONE, "", first, tuple(steps))


def performances(cell: Cell, setup: Setup, mutant: Mutant | None = None, facts: Facts = FACTS) -> Iterator[Performed]:
    """The lines of a cell, one after the other, as the model performs them.  Raises NotModelled."""
    world = begin(setup, facts, cell.scenario, mutant).world
    for line in cell.scenario.lines:
        performed = perform_line(world, line, cell.api, mutant)
        yield performed
        if performed.outcome.answer.killed:
            return
        world = performed.outcome.world


def clauses_at_stake(cell: Cell, setup: Setup, facts: Facts = FACTS) -> set[str]:
    """The clauses of all rules that were looked at while the model began and performed a cell."""
    found = {rule.clause for rule in begin(setup, facts, cell.scenario).applied}
    return found | {rule.clause for performed in performances(cell, setup, facts=facts) for rule in performed.applied}


def _seen(world: World) -> dict[str, Credential]:
    return {task.who: world.seen(task.who) for task in world.reporting}
