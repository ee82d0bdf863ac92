"""How processes end, what stays of them, and what a signal says of its sender: waitid(2), sigwaitinfo(2)."""

from __future__ import annotations

import msgspec

from credstone.model.arguments import NotModelled
from credstone.model.caller import Moment
from credstone.model.fork import CHILD
from credstone.model.processes.signals import FATAL, HARMLESS, LAST_SIGNAL
from credstone.model.rules import Outcome
from credstone.model.world import Pending, World
from credstone.words.answer import Answer
from credstone.words.scenario import MAIN

replace = msgspec.structs.replace


def end(world: World, process: str) -> World:
    """The world in which a process has ended and waits to be reaped: of its threads the first one stays."""
    first = world.task(process)
    kept = tuple(task for task in world.tasks if task.process != process)
    return replace(world, tasks=kept, ended=(*world.ended, replace(first, silent=True)))


def waitid(now: Moment, name: str) -> Outcome:
    """int waitid(P_PID, pid, siginfo_t *infop, WEXITED): the si_uid of a child that has ended; it is reaped."""
    who = CHILD + name.removeprefix("$")
    gone = next((task for task in now.world.ended if task.who == who), None)
    if now.task.process != MAIN:
        raise NotModelled(f"the children of a cell are those of main, not of {now.who}")
    now.refuse("ECHILD", "waitid(2)/ECHILD", who in now.world.reaped)
    if gone is None and who not in now.world.reaped:
        raise NotModelled(f"{name} has not ended, so waitid(2) would wait for ever")
    gone = now.sure(gone)
    uid = now.rule(gone.credential.uid.real, "waitid(2)/si_uid", of="answer")
    left = tuple(task for task in now.world.ended if task.who != who)
    world = replace(now.world, ended=left, reaped=(*now.world.reaped, who))
    shown = now.rule(now.world.shown_uid(uid, now.namespace), "user_namespaces(7)/overflow-waitid", of="answer")
    return Outcome(Answer("", shown), world)


def sigwaitinfo(now: Moment, signal: int) -> Outcome:
    """int sigwaitinfo(const sigset_t *set, siginfo_t *info) for one signal: the si_uid of its sender."""
    if not 1 <= signal <= LAST_SIGNAL or not now.task.blocked & 1 << signal - 1:
        raise NotModelled(f"it waits for signals that the caller blocks, and {signal} is none of them")
    mine = [each for each in now.world.pending if (each.process, each.signal) == (now.task.process, signal)]
    now.refuse("EAGAIN", "sigwaitinfo(2)/none", not mine)
    first = now.rule(mine[0].uid if mine else 0, "sigwaitinfo(2)/si_uid", of="answer")
    left = tuple(each for each in now.world.pending if each not in mine[:1])
    shown = now.rule(now.world.shown_uid(first, now.namespace), "user_namespaces(7)/overflow-siginfo", of="answer")
    return Outcome(Answer("", shown), replace(now.world, pending=left))


def deliver(world: World, process: str, signal: int, uid: int) -> World:
    """The world after a signal was sent to a living process, with this kernel uid as that of its sender.

    A standard signal that is pending already is not queued again.
    """
    bit = 1 << signal - 1
    if all(task.blocked & bit for task in world.threads(process)):
        known = any((each.process, each.signal) == (process, signal) for each in world.pending)
        return world if known else replace(world, pending=(*world.pending, Pending(process, signal, uid)))
    if signal in HARMLESS or all(task.ignored & bit for task in world.threads(process)):
        return world
    if signal not in FATAL or process == MAIN:
        raise NotModelled(f"it does not know what signal {signal} does to {process}")
    return end(world, process)
