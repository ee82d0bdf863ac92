"""The model against this kernel: a machine of hypothesis walks through both, and they must not part.

``CREDSTONE_WALK_STEPS`` is how many steps are taken together (2,000 if it is not set).  What fails is shrunk to the
shortest walk that still shows it, and printed as a scenario.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from credstone.judge.judge import judge
from credstone.model.perform import perform_line
from credstone.model.start import start
from credstone.model.world import World
from credstone.notation.show import show_expectations, show_line
from credstone.plan.setup import Plan, plan_actor
from credstone.suite.load import default_folder, load_suite
from credstone.targets.host import Host
from credstone.words.answer import Answer
from credstone.words.call import Call
from credstone.words.cell import NATIVE, Cell
from credstone.words.facts import Facts
from credstone.words.scenario import MAIN, Expectation, Fails, Is, Killed, Line, Scenario
from credstone.words.verdict import FAIL, PASS
from walks.walk import CAPABILITY_CALLS, GETTERS, NAMESPACE_CALLS, SETTERS

LENGTH = 40
STEPS = int(os.environ.get("CREDSTONE_WALK_STEPS", "2000"))
ACTORS = load_suite(default_folder(), scripts=()).actors
CHILD, THREAD = "child c", "thread t"
ANYBODY = st.sampled_from((MAIN, MAIN, MAIN, CHILD, THREAD))


class Ground:
    """What all walks of a run share: the target, its facts, the actors that can be had there."""

    def __init__(self) -> None:
        self.target = Host()
        self.facts: Facts = self.target.facts(NATIVE)
        plans = {name: plan_actor(actor, ACTORS, self.facts) for name, actor in ACTORS.items()}
        self.plans: dict[str, Plan] = {name: plan for name, plan in plans.items() if not plan.missing}
        self.cells = 0
        self.answers: Counter[str] = Counter()


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    here = Ground()
    yield here
    here.target.close()


def machine(ground: Ground) -> type[RuleBasedStateMachine]:
    """The machine that walks on this ground."""
    names = sorted(ground.plans)

    class Walk(RuleBasedStateMachine):
        """One walk: the lines so far, and the world as the model has it after them."""

        def __init__(self) -> None:
            super().__init__()
            self.lines: list[Line] = []
            self.world: World | None = None
            self.goes_on = False

        @initialize(name=st.sampled_from(names), api=st.sampled_from(("syscall", "libc")))
        def begin(self, name: str, api: str) -> None:
            self.actor, self.api, self.plan = ACTORS[name], api, ground.plans[name]
            self.world = start(self.plan.setup, ground.facts, scenario_of([Line(Call("getuid"), CHILD)]))
            self.goes_on = True

        @precondition(lambda self: self.goes_on)
        @rule(call=SETTERS, who=ANYBODY)
        def change_ids(self, call: Call, who: str) -> None:
            self.walk(call, who)

        @precondition(lambda self: self.goes_on)
        @rule(call=CAPABILITY_CALLS, who=ANYBODY)
        def change_capabilities(self, call: Call, who: str) -> None:
            self.walk(call, who)

        @precondition(lambda self: self.goes_on and len(self.world.namespaces) < 6)
        @rule(call=NAMESPACE_CALLS, who=ANYBODY)
        def change_namespaces(self, call: Call, who: str) -> None:
            self.walk(call, who)

        @precondition(lambda self: self.goes_on)
        @rule(call=GETTERS, who=ANYBODY)
        def look(self, call: Call, who: str) -> None:
            self.walk(call, who)

        @precondition(lambda self: not self.goes_on)
        @rule()
        def rest(self) -> None:
            """The process has been killed: that was the last step."""

        def walk(self, call: Call, who: str) -> None:
            assert self.world is not None
            line = Line(call, who)
            performed = perform_line(self.world, line, self.api)
            self.world = performed.outcome.world
            self.lines.append(Line(call, who, (expectation(performed.outcome.answer),)))
            self.goes_on = not performed.outcome.answer.killed

        def teardown(self) -> None:
            if not self.lines:
                return
            cell = Cell(scenario_of(self.lines), self.actor, self.api, "host")
            ground.cells += 1
            ground.answers.update(outcome(line.expected[0]) for line in self.lines)
            ground.target.submit(ground.cells, cell, self.plan.setup)
            transcript = ground.target.result(ground.cells, cell)
            verdict = judge(cell, self.plan.setup, ground.facts, transcript)
            if verdict.verdict != PASS:
                kind = "" if verdict.verdict == FAIL else f"{verdict.verdict}: "
                raise AssertionError(f"{kind}{verdict.reason}\n{printed(cell)}")

    return Walk


def expectation(answer: Answer) -> Expectation:
    """What the model answers, as what a line expects."""
    if answer.killed:
        return Killed(answer.killed)
    return Fails(answer.errno) if answer.errno else Is(answer.value)


def outcome(expected: Expectation) -> str:
    """What became of a step, for the count."""
    return expected.errno if isinstance(expected, Fails) else getattr(expected, "signal", "success")


def scenario_of(lines: list[Line]) -> Scenario:
    """A walk as a scenario."""
    numbered = [Line(line.call, line.who, line.expected, number=number) for number, line in enumerate(lines, 1)]
    return Scenario("walks", "walk", "walk", ("walk/walk",), ("somebody",), tuple(numbered))


def printed(cell: Cell) -> str:
    """A walk as somebody would write it."""
    head = f"as {cell.actor.name}\nvia {cell.api}\n"
    return head + "\n".join(f"  {show_line(line):<60} {show_expectations(line)}" for line in cell.scenario.lines)


def test_model_and_kernel_do_not_part(ground: Ground) -> None:
    walks = settings(
        max_examples=max(1, STEPS // LENGTH * 2),
        stateful_step_count=LENGTH,
        deadline=None,
        derandomize="CREDSTONE_WALK_STEPS" not in os.environ,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine(ground), settings=walks)
    told = ", ".join(f"{count} {answer}" for answer, count in ground.answers.most_common())
    print(f"{ground.answers.total()} steps in {ground.cells} walks of {len(ground.plans)} actors: {told}")
    assert {"success", "EPERM", "EINVAL"} <= set(ground.answers), (
        "a walk that never succeeds, or never fails, sees little"
    )
