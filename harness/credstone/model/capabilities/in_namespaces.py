"""Whether a process has a capability in a user namespace: the rules of user_namespaces(7), "Capabilities"."""

from __future__ import annotations

from credstone.model.caller import Moment
from credstone.model.world import World


def has_over(now: Moment, number: int, capability: int) -> bool:
    """Whether the caller has this capability in the user namespace with this number."""
    here, held = now.task.namespace, now.capable(capability)
    if number == here:
        return now.rule(held, "user_namespaces(7)/capability-of-a-member", of="answer")
    way = path_down(now.world, here, number)
    if not way:
        return now.rule(False, "user_namespaces(7)/none-in-the-parent", of="answer")
    if held:
        return now.rule(True, "user_namespaces(7)/capability-in-descendants", of="answer")
    owner = now.world.namespaces[way[0]].owner == now.credential.uid.effective
    owner = now.rule(owner, "user_namespaces(7)/owner-has-all", of="answer")
    if len(way) > 1:
        owner = now.rule(owner, "user_namespaces(7)/owner-has-all-below", of="answer")
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
