"""How mutants are written: small functions that break one rule in one way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from credstone.model.rules import Context, Mutant, Refusal
from credstone.model.variant import (
    Change,
    always,
    answering,
    asked,
    deciding,
    giving,
    named_file,
    never,
    raising,
    refusing,
    replace,
    when,
)
from credstone.model.world import World

__all__ = [
    "Change",
    "always",
    "answering",
    "arguments",
    "asked",
    "but_the_last",
    "deciding",
    "every_thread",
    "giving",
    "having",
    "is_root",
    "looking_first",
    "mutant",
    "named_file",
    "never",
    "only_caller",
    "privileged",
    "raising",
    "refusing",
    "replace",
    "when",
    "world_with",
]
"""The ways of the model to change a rule among them: a mutant needs no other import for it."""


def mutant(name: str, clause: str, change: Change, about: str) -> Mutant:
    """A mutant; its name starts with the call, its sentence names the real system that did so, if any."""
    return Mutant(name=name, clause=clause, about=about, change=change)


def arguments(now: Context) -> tuple[Any, ...]:
    """The arguments of the call as the model has them: a mutant knows the call, and so their types."""
    return now.arguments


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
