"""Calls that wait, and what keeps others from waking them: pause(2), a pipe of the cell, the signal mask of a thread.

They stand for whatever a thread may be doing while another one changes the credentials of the process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from credstone.model.arguments import NotModelled, as_int
from credstone.model.caller import OK, Moment
from credstone.model.commit import replace
from credstone.model.processes.ends import end
from credstone.model.processes.signals import LAST_SIGNAL, UNBLOCKABLE
from credstone.model.rules import Outcome
from credstone.words.answer import Answer
from credstone.words.call import Word
from credstone.words.constants import CONSTANTS
from credstone.words.scenario import MAIN

HOW: dict[int, Callable[[int, int], int]] = {
    CONSTANTS["SIG_BLOCK"]: lambda old, asked: old | asked,
    CONSTANTS["SIG_UNBLOCK"]: lambda old, asked: old & ~asked,
    CONSTANTS["SIG_SETMASK"]: lambda old, asked: asked,
}
"""What becomes of the mask of a thread."""
HIDDEN = {"glibc": (32, 33), "musl": (32, 33, 34)}
"""The signals that a C library keeps for itself."""
DEFAULT, IGNORE = CONSTANTS["SIG_DFL"], CONSTANTS["SIG_IGN"]


def pause(now: Moment, stack: str = "") -> Outcome:
    """int pause(void): nothing that a cell does ends it."""
    raise NotModelled("pause never returns: the line must be left unfinished")


def read_pipe(now: Moment) -> Outcome:
    """ssize_t read(int fd, void *buf, size_t count) of one byte, which a line must have written before."""
    if not now.world.piped:
        raise NotModelled("no line has written a byte, so the call would wait for ever")
    now.accept("nptl(7)/linux/threads-in-calls", "EINTR")
    return Outcome(Answer("", 1), replace(now.world, piped=now.world.piped - 1))


def write_pipe(now: Moment) -> Outcome:
    """ssize_t write(int fd, const void *buf, size_t count) of one byte."""
    return Outcome(Answer("", 1), replace(now.world, piped=now.world.piped + 1))


def sigprocmask(now: Moment, how: int, signal: str | int) -> Outcome:
    """int pthread_sigmask(int how, const sigset_t *set, sigset_t *oldset) for one signal, or for ``all``."""
    how, hidden = as_int(how), hidden_signals(now)
    if signal != "all":
        _refuse_none(int(signal))
    if signal in hidden and now.api == "python":
        raise NotModelled(f"whether Python takes the signal {signal} depends on its C library")
    now.refuse("EINVAL", "sigprocmask(2)/EINVAL", how not in HOW)
    if signal == "all":
        full = now.rule(_mask(set(range(1, LAST_SIGNAL + 1)) - hidden), "nptl(7)/full-set", of="world")
        asked = full
    else:
        asked = _mask({int(signal)})
    asked &= ~_mask(UNBLOCKABLE)
    if now.api != "syscall" and now.system.libc != "musl":
        asked = now.rule(asked & ~_mask(hidden), "nptl(7)/blocking-is-ignored", of="world")
    old = now.task.blocked
    blocked = HOW.get(how, HOW[0])(old, asked)
    return Outcome(OK, now.world.with_tasks(replace(now.task, blocked=blocked)))


def sigaction(now: Moment, signal: int, disposition: int) -> Outcome:
    """int sigaction(int signum, const struct sigaction *act, struct sigaction *oldact): SIG_IGN or SIG_DFL."""
    signal = as_int(signal)
    if disposition not in (DEFAULT, IGNORE):
        raise NotModelled("it knows the dispositions SIG_DFL and SIG_IGN only")
    if now.api != "syscall":
        now.refuse("EINVAL", "nptl(7)/EINVAL", signal in hidden_signals(now))
    fixed = not 1 <= signal <= LAST_SIGNAL or signal in UNBLOCKABLE
    now.refuse("EINVAL", "sigaction(2)/EINVAL", fixed)
    bit = 0 if fixed else 1 << signal - 1
    threads = now.world.threads(now.task.process)
    ignored = {True: now.task.ignored | bit, False: now.task.ignored & ~bit}[disposition == IGNORE]
    world = now.world.with_tasks(*(replace(task, ignored=ignored) for task in threads))
    dropped = (now.task.process, signal) if disposition == IGNORE else None
    pending = tuple(each for each in world.pending if (each.process, each.signal) != dropped)
    return Outcome(OK, replace(world, pending=pending))


def pthread_kill(now: Moment, signal: int) -> Outcome:
    """int pthread_kill(pthread_t thread, int sig) to the calling thread itself."""
    signal = as_int(signal)
    if 1 <= signal <= LAST_SIGNAL and signal not in hidden_signals(now):
        raise NotModelled(f"it does not know what signal {signal} does to a thread")
    now.refuse("EINVAL", "nptl(7)/EINVAL", signal != 0)
    return now.answers()


def abort(now: Moment) -> Outcome:
    """void abort(void): the process does not survive it, nor does its cell."""
    now.kill("SIGABRT", "abort(3)/ends-the-process", True)
    return now.answers()


def leave(now: Moment, status: int) -> Outcome:
    """The thread or child ends by itself; a child stays for its parent to wait for, and reports no more."""
    if now.who == MAIN:
        raise NotModelled("main cannot end before its cell")
    kept = tuple(task for task in now.world.tasks if task.who != now.who)
    if now.who == now.task.process:
        return Outcome(Answer("", 0), end(now.world, now.who))
    return Outcome(Answer("", 0), replace(now.world, tasks=kept))


def _refuse_none(signal: int) -> None:
    if not 1 <= signal <= LAST_SIGNAL:
        raise NotModelled(f"there is no signal {signal}, and what a set of signals makes of it is open")


def hidden_signals(now: Moment) -> set[int]:
    """The signals that the C library of this target keeps for itself."""
    return set(HIDDEN.get(now.system.libc, HIDDEN["glibc"]))


def signal_or_all(argument: object) -> str | int:
    """A signal by its number or name, or the word ``all``."""
    if isinstance(argument, Word):
        return argument.word if argument.word == "all" else CONSTANTS[argument.word]
    if isinstance(argument, int):
        return argument
    raise NotModelled(f"{argument!r} is not a signal")


def _mask(signals: Iterable[int]) -> int:
    return sum(1 << signal - 1 for signal in signals)
