"""The cells of a run: every scenario with each of its actors, through each API that can express it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec

from credstone.calls.apis import apis_of
from credstone.words.actor import Actor
from credstone.words.cell import PYTHON, Cell
from credstone.words.scenario import Scenario


def cells_of(
    scenario: Scenario,
    actors: dict[str, Actor],
    targets: Iterable[str],
    only_apis: Collection[str] = (),
    only_actors: Collection[str] = (),
) -> list[Cell]:
    """The cells of one scenario, in an order that depends on nothing but the arguments."""
    return [
        Cell(scenario, actors[actor], api, target, scenario.abi)
        for target in targets
        for actor in scenario.actors
        if not only_actors or actor in only_actors
        for api in apis_of(scenario)
        if not only_apis or api in only_apis
    ]


def through_abi(abi: str, cells: Iterable[Cell]) -> list[Cell]:
    """The same cells through the agent for an ABI; none of Python's, and none of a scenario for another ABI."""
    return [
        msgspec.structs.replace(cell, abi=abi)
        for cell in cells
        if cell.agent != PYTHON and cell.scenario.abi in ("", abi)
    ]
