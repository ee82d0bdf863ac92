"""Whether a process has a capability in a user namespace: the rules of user_namespaces(7), "Capabilities"."""

from __future__ import annotations

from credstone.model.moment import Moment
from credstone.model.rules import Choosing, rule
from credstone.model.world import World

PAGE = "user_namespaces(7)/"


def has_over(now: Moment, number: int, capability: int) -> Choosing:
    """Whether the caller has this capability in the user namespace with this number."""
    here, held = now.task.namespace, now.capable(capability)
    if number == here:
        return (yield rule(PAGE + "capability-of-a-member", held))
    way = path_down(now.world, here, number)
    if not way:
        return (yield rule(PAGE + "none-in-the-parent", False))
    if held:
        return (yield rule(PAGE + "capability-in-descendants", True))
    owner = now.world.namespaces[way[0]].owner == now.credential.uid.effective
    owner = yield rule(PAGE + "owner-has-all", owner)
    if len(way) > 1:
        owner = yield rule(PAGE + "owner-has-all-below", owner)
    return owner


def path_down(world: World, above: int, below: int) -> tuple[int, ...]:
    """The namespaces from the child of ``above`` down to ``below``; nothing if ``below`` is no descendant."""
    way: list[int] = []
    while below != above:
        if below < 0:
            return ()
        way.append(below)
        below = world.namespaces[below].parent
    return tuple(reversed(way))
