"""How mutants are written: small functions that break one rule in one way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from credstone.model.rules import Context, Decision, Mutant, Refusal, Rule
from credstone.model.world import World

Change = Callable[[Rule, Context], Rule]
replace = msgspec.structs.replace


def mutant(name: str, clause: str, change: Change, about: str) -> Mutant:
    """A mutant; its name starts with the call, its sentence names the real system that did so, if any."""
    return Mutant(name=name, clause=clause, about=about, change=change)


def when(condition: Callable[[Context], bool]) -> Change:
    """The call is refused exactly where this holds."""
    return lambda rule, now: replace(rule, holds=condition(now)) if isinstance(rule, Refusal) else rule


def never() -> Change:
    """What should be refused is not."""
    return when(lambda now: False)


def always() -> Change:
    """What should be accepted is refused."""
    return when(lambda now: True)


def answering(errno: str) -> Change:
    """It is refused, with another errno."""
    return lambda rule, now: replace(rule, errno=errno) if isinstance(rule, Refusal) else rule


def raising(exception: str) -> Change:
    """It is refused, with another exception."""
    return lambda rule, now: replace(rule, exception=exception) if isinstance(rule, Refusal) else rule


def deciding(value: Callable[[Any, Context], Any]) -> Change:
    """The rule gives another value."""
    return lambda rule, now: Decision(rule.clause, value(rule.value, now)) if isinstance(rule, Decision) else rule


def giving(value: Any) -> Change:
    """The rule always gives this value."""
    return deciding(lambda _, now: value)


def looking_first(*clauses: str) -> Change:
    """Of several refusals, one of these is answered."""

    def sort(refusals: tuple[Refusal, ...], now: Context) -> tuple[Refusal, ...]:
        return tuple(sorted(refusals, key=lambda refusal: refusal.clause not in clauses))

    return deciding(sort)


def having(change: Callable[[Any], dict[str, Any]]) -> Change:
    """The credential (a value of a rule) has other fields: those that the function gives."""
    return deciding(lambda credential, now: replace(credential, **change(credential)))


def world_with(change: Callable[[Any, Context], dict[str, Any]]) -> Change:
    """The world after a failure: the caller's credential has other fields."""

    def changed(world: World, now: Context) -> World:
        task = world.task(now.who)
        return world.with_tasks(replace(task, credential=replace(task.credential, **change(task.credential, now))))

    return deciding(changed)


def asked(now: Context) -> tuple[Any, ...]:
    """The arguments of the call, whichever API they came through."""
    first = now.arguments[0] if now.arguments else ()
    return first if isinstance(first, tuple) else now.arguments


def privileged(now: Context, capability: int) -> bool:
    """Whether the caller has a capability."""
    return bool(now.credential.capabilities.effective & capability)


def is_root(now: Context) -> bool:
    """Whether the caller's effective uid is that of root in its own user namespace."""
    namespace = now.world.namespaces[now.task.namespace]
    return now.credential.uid.effective == namespace.uid(0)


def only_caller(tasks: tuple[Any, ...], now: Context) -> tuple[Any, ...]:
    """The thread that called, and no other."""
    return tuple(task for task in tasks if task.who == now.who)


def every_thread(tasks: tuple[Any, ...], now: Context) -> tuple[Any, ...]:
    """All threads of the caller's process."""
    return now.world.threads(now.task.process)


def but_the_last(tasks: tuple[Any, ...], now: Context) -> tuple[Any, ...]:
    """All threads but the one that was created last."""
    return tasks if len(tasks) == 1 else tasks[:-1]
