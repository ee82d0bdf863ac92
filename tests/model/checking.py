"""Scripts held against the model: every declared expectation must be what the model answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from credstone.calls.apis import apis_of
from credstone.judge.matching import meets
from credstone.model.machine import FACTS
from credstone.model.perform import perform, perform_line
from credstone.model.rules import Mutant, Performed
from credstone.model.start import start
from credstone.model.world import World
from credstone.notation.script import read_script
from credstone.notation.show import show_answer, show_line
from credstone.plan.setup import plan_actor
from credstone.suite.actors import read_actors
from credstone.words.actor import Actor
from credstone.words.call import Argument, Call
from credstone.words.facts import Facts
from credstone.words.scenario import Scenario

ACTORS = {
    **read_actors(Path(__file__).parents[2] / "suites" / "actors.toml"),
    "user-in-group-500": Actor(about="", uid=1000, gid=1000, groups=(500,), capabilities="none"),
    "user-setuid-0": Actor(about="", uid=(1000, 0, 0), gid=1000, groups=(), capabilities="none"),
}


def scenarios(text: str) -> list[Scenario]:
    """The scenarios of a script."""
    return read_script(text, "page.2", "script", "script.scn")


def world_of(actor: str, scenario: Scenario | None = None, facts: Facts = FACTS) -> World:
    """The world in which an actor of the suite starts."""
    plan = plan_actor(ACTORS[actor], ACTORS, facts)
    assert not plan.missing, plan.missing
    return start(plan.setup, facts, scenario)


def wrong_lines(text: str, mutant: Mutant | None = None) -> list[str]:
    """The lines of a script whose declared expectation the model does not meet, each with what it answers."""
    return [line for scenario in scenarios(text) for line in _wrong(scenario, mutant)]


def _wrong(scenario: Scenario, mutant: Mutant | None) -> Iterator[str]:
    for actor in scenario.actors:
        for api in apis_of(scenario):
            world = world_of(actor, scenario)
            for line in scenario.lines:
                performed = perform_line(world, line, api, mutant)
                world = performed.outcome.world
                answer = performed.outcome.answer
                if line.expected and not meets(line.expected, answer):
                    shown = show_answer(answer, line.call)
                    yield f"{scenario.id} {actor} {api}: {show_line(line)} answers {shown}"
                if not line.expected and answer.failed:
                    yield f"{scenario.id} {actor} {api}: {show_line(line)} is set-up and answers {answer.errno}"


def call(world: World, name: str, *arguments: Argument, who: str = "main", api: str = "syscall") -> Performed:
    """One call with plain arguments."""
    return perform(world, who, api, Call(name, arguments))


def privileged(world: World) -> World:
    """The same world; main may do everything in its namespace."""
    task = world.task("main")
    everything = world.system.all_capabilities
    sets = msgspec.structs.replace(task.credential.capabilities, permitted=everything, effective=everything)
    credential = msgspec.structs.replace(task.credential, capabilities=sets)
    return world.with_tasks(msgspec.structs.replace(task, credential=credential))
