"""Runs cells: plans each one for its target, sends it, judges what comes back.

Cells are sent ahead of the one whose verdict is asked for, so agent and judge work side by side.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from credstone.deviations.file import Deviation, read_deviations
from credstone.deviations.known import Known
from credstone.judge.crosscheck import mistake
from credstone.judge.judge import judge
from credstone.plan.container_start import as_asked
from credstone.plan.missing import missing_for
from credstone.plan.setup import Plan, plan_actor
from credstone.plan.unknown_rules import unknown_for
from credstone.targets import Target, open_target
from credstone.words.actor import Actor
from credstone.words.cell import NATIVE, Cell
from credstone.words.errors import LackingError, MachineError
from credstone.words.facts import Facts
from credstone.words.transcript import NotRun
from credstone.words.verdict import BROKEN, FAIL, PAGE, PASS, UNSUPPORTED, Verdict

AHEAD = 128
"""How many cells of a target are planned and sent ahead: of one whose cells another worker runs, none."""


class Runner:
    """Runs cells on their targets; opens each target when it is first needed."""

    def __init__(
        self,
        actors: dict[str, Actor],
        spec: str = "linux",
        opener: Callable[[str], Target] = open_target,
        deviations: Mapping[str, Sequence[Deviation]] | None = None,
    ) -> None:
        """``deviations`` are known ones by target, besides those that are recorded beside the targets."""
        self._actors = actors
        self._spec = spec
        self._opener = opener
        self._given = deviations or {}
        self._known: dict[str, Known] = {}
        self._targets: dict[str, Target | MachineError] = {}
        self._plans: dict[tuple[str, str, str], Plan] = {}
        self._facts: dict[tuple[str, str], Facts | MachineError] = {}
        self._coming: defaultdict[str, deque[Cell]] = defaultdict(deque)
        self._planned: dict[tuple[str, str], deque[tuple[int, Cell, Plan]]] = {}
        self._ahead: Counter[str] = Counter()
        self._number = 0

    def expect(self, cells: Iterable[Cell]) -> None:
        """Announces cells that will be asked for, in this order on each target."""
        for cell in cells:
            self._coming[cell.target].append(cell)

    def verdict(self, cell: Cell) -> Verdict:
        """The verdict on a cell, running it if that has not begun yet."""
        key = (cell.target, cell.id)
        coming = self._coming[cell.target]
        while coming and (self._ahead[cell.target] < AHEAD or not self._planned.get(key)):
            self._send(coming.popleft())
        if not self._planned.get(key):
            self._send(cell)
        asked, (number, cell, plan) = cell, self._planned[key].popleft()
        self._ahead[cell.target] -= 1
        facts = self.facts_of(cell)
        if isinstance(facts, MachineError):
            if must_be_had(cell.agent, facts):
                return Verdict(BROKEN, str(facts), not_run=True)
            return Verdict(UNSUPPORTED, str(facts))
        if plan.missing:
            return Verdict(UNSUPPORTED, "; ".join(plan.missing))
        result = self._target(cell.target).result(number, cell)
        if isinstance(result, NotRun):
            return Verdict(BROKEN, str(result), not_run=True)
        verdict = judge(cell, plan.setup, facts, result, self._spec)
        if _may_be_a_mistake(verdict, self._spec) and (wrong := mistake(asked, self._actors)):
            return msgspec.structs.replace(wrong, transcript=verdict.transcript)
        return self.known(cell.target).attached(cell, verdict, self._spec)

    def known(self, target: str) -> Known:
        """What is recorded of a target.  Raises CredstoneError where its file cannot be read as it stands."""
        if target not in self._known:
            beside = self._target(target).deviations
            recorded = read_deviations(beside) if beside and beside.is_file() else ()
            self._known[target] = Known([*recorded, *self._given.get(target, ())])
        return self._known[target]

    def facts(self, target: str, agent: str) -> Facts | MachineError:
        """The facts of a target as one of its agents (``Cell.agent``) told them, or why that agent cannot be had."""
        key = (target, agent)
        if key not in self._facts:
            try:
                self._facts[key] = self._target(target).facts(agent)
            except MachineError as error:
                self._facts[key] = error
        return self._facts[key]

    def knows(self, target: str) -> bool:
        """Whether any agent of a target has been asked for its facts."""
        return any(name == target for name, _ in self._facts)

    def facts_of(self, cell: Cell) -> Facts | MachineError:
        """The facts under which a cell runs."""
        return self.facts(cell.target, cell.agent)

    def as_run(self, cell: Cell) -> Cell:
        """The cell as it runs on its target: with what a runtime was asked for there in its place."""
        facts = self.facts_of(cell)
        return cell if isinstance(facts, MachineError) else _as_asked(cell, facts)[0]

    def close(self) -> None:
        """Closes all targets."""
        for target in self._targets.values():
            if not isinstance(target, MachineError):
                target.close()
        self._targets.clear()

    def _send(self, cell: Cell) -> None:
        self._number += 1
        cell, plan = self.plan(cell)
        self._planned.setdefault((cell.target, cell.id), deque()).append((self._number, cell, plan))
        self._ahead[cell.target] += 1
        if not plan.missing:
            self._target(cell.target).submit(self._number, cell, plan.setup)

    def plan(self, cell: Cell) -> tuple[Cell, Plan]:
        """The cell as it runs on its target, and its plan.  Nothing is sent."""
        facts = self.facts_of(cell)
        if isinstance(facts, MachineError):
            return cell, Plan((), (str(facts),))
        if facts.raw_calls:
            return cell, Plan((), tuple(missing_for(cell, facts)))
        key = (cell.target, cell.actor.name, cell.agent)
        if key not in self._plans:
            self._plans[key] = plan_actor(cell.actor, self._actors, facts)
        plan = self._plans[key]
        cell, unasked = _as_asked(cell, facts)
        if unasked:
            return cell, Plan(plan.setup, unasked)
        missing = tuple(reason for reason in missing_for(cell, facts) if reason not in plan.missing)
        missing = plan.missing + missing or tuple(unknown_for(cell, plan.setup, facts))
        return cell, Plan(plan.setup, missing) if missing else plan

    def _target(self, name: str) -> Target:
        """The open target; one that could not be opened is not tried again.  Raises MachineError."""
        if name not in self._targets:
            try:
                self._targets[name] = self._opener(name)
            except MachineError as error:
                self._targets[name] = error
        target = self._targets[name]
        if isinstance(target, MachineError):
            raise target
        return target


def _may_be_a_mistake(verdict: Verdict, spec: str) -> bool:
    """Whether a verdict rests on what the author or the model says, and the two may part.

    After a pass by what Linux does they agree about every line, unless the target took a page's side.
    """
    if verdict.verdict == PASS:
        return spec != "linux" or any(side == PAGE for _, side in verdict.errata)
    return verdict.verdict == FAIL or verdict.finding is not None


def must_be_had(agent: str, error: MachineError) -> bool:
    """Whether an agent that cannot be had is a fault of the machine, so that its cells are broken.

    A target without its native agent cannot be tested.  It may lack Python, or programs for another ABI: the cells of such
    an agent are unsupported.
    """
    return agent == NATIVE or not isinstance(error, LackingError)


def _as_asked(cell: Cell, facts: Facts) -> tuple[Cell, tuple[str, ...]]:
    """A cell with what its target's runtime was asked for in its place, and what of it nobody asked for."""
    scenario, unasked = as_asked(cell.scenario, facts.asked)
    return cell if scenario is cell.scenario else msgspec.structs.replace(cell, scenario=scenario), unasked
