"""Who moves when a process of several threads changes its credentials: nptl(7).

For the kernel credentials belong to a thread.  The C library's wrappers make the same call in all threads of the
process; whatever it does not wrap stays with the thread that calls.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from credstone.calls.table import declarations
from credstone.model.arguments import NotModelled
from credstone.model.caller import Moment, moment
from credstone.model.rules import Calling, Outcome, Page, Performed
from credstone.model.world import Task
from credstone.words.credential import Credential
from credstone.words.scenario import MAIN, VFORKED

WRAPPED = frozenset(call.name for call in declarations().values() if call.moves == "process")
"""The calls that the C library makes in all threads; Python's functions of the same names go through it."""
LONE = frozenset(call.name for call in declarations().values() if call.moves == "thread")
"""The calls that change a credential and that no C library wraps."""
COMES_AND_GOES = "thread #"
"""How the names of the threads begin that a cell is loaded with."""
WATCHES = "thread *"
"""How the names of the threads begin that watch each other."""

replace = msgspec.structs.replace


def has_other_threads(now: Moment) -> bool:
    """Whether the caller's process has other threads."""
    return len(now.world.tasks) > 1 and len(now.world.threads(now.task.process)) > 1


def wrapped(name: str, api: str) -> bool:
    """Whether a call goes through a wrapper that reaches all threads."""
    return api != "syscall" and name.removeprefix("os.") in WRAPPED


def with_threads(name: str, now: Moment, call: Calling, page: Page) -> tuple[Calling, Page]:
    """A call and its page, with what nptl(7) adds where the caller is not alone."""
    if wrapped(name, now.api):
        page = replace(
            page,
            success=(*page.success, "nptl(7)/linux/zero-or-minus-one"),
            unchanged=(*page.unchanged, "nptl(7)/linux/refusal-moves-nobody"),
        )
        return lambda: _together(now, call), page
    if name == "exec":
        return lambda: _in_a_thread(now, call), page
    if name in LONE:
        return lambda: _alone(now, call), page
    return call, page


def movers(now: Moment, library: str, kernel: str) -> tuple[Task, ...]:
    """The threads that a successful call moves: ``library`` and ``kernel`` are the clauses of its own page."""
    if now.api == "syscall":
        moved: tuple[Task, ...] = now.rule((now.task,), kernel, of="others")
        return now.rule(moved, "nptl(7)/kernel-per-thread", of="others") if has_other_threads(now) else moved
    moved = now.rule(now.world.threads(now.task.process), library, of="others")
    if has_other_threads(now):
        moved = now.rule(
            moved,
            "nptl(7)/wrapped-calls",
            "nptl(7)/all-threads",
            "nptl(7)/linux/threads-in-calls",
            "nptl(7)/linux/threads-that-come-and-go",
            "nptl(7)/cannot-be-blocked",
            of="others",
        )
    elif now.who == VFORKED:
        moved = now.rule(moved, "nptl(7)/linux/after-vfork", of="others")
    elif now.task.process != MAIN:
        moved = now.rule(moved, "nptl(7)/linux/after-fork", of="others")
    return moved


def credential_of_follower(now: Moment, task: Task, after: Credential) -> Credential:
    """What another thread becomes when the library repeats the call in it.

    One whose credentials are the caller's becomes the same; another makes the same call with what it is itself.
    """
    if task.credential == now.credential or now.again is None:
        return after
    made = _repeated(now, task)
    own = task.credential if made.outcome.answer.failed else made.outcome.world.task(task.who).credential
    return now.rule(own, "nptl(7)/same-call-in-each-thread", of="others")


def _together(now: Moment, call: Calling) -> Outcome:
    """A call that all threads repeat: where it would succeed in some and fail in others, nobody is left in between."""
    if any(task.inside == "on-a-small-stack" for task in now.world.threads(now.task.process)):
        now.kill("SIGSEGV", "nptl(7)/linux/alternate-stack", False)
    apart = [task for task in now.world.threads(now.task.process) if task.credential != now.credential]
    if apart:
        errno, signal = _disagreement(now)
        now.run.refuse(errno, "nptl(7)/linux/no-mixture", bool(errno or signal), killed=signal)
    return call()


def _disagreement(now: Moment) -> tuple[str, str]:
    """The errno that is answered, or the signal that ends the process, where threads are not answered alike.

    glibc compares the answers of all threads and aborts.  musl asks one after the other, the caller last: the first
    refusal is the answer as long as nobody has moved, and afterwards the process is killed.  Of other libraries no more
    is known than that a refusal must not move any thread.
    """
    answers = [_repeated(now, task).outcome.answer.errno for task in _in_turn(now)]
    if len(set(answers)) == 1:
        return "", ""
    if now.system.libc == "musl":
        return ("", "SIGKILL") if not answers[0] else (answers[0], "")
    if now.system.libc != "glibc":
        return next(answer for answer in answers if answer), ""
    return "", "SIGABRT"


def _in_turn(now: Moment) -> Iterator[Task]:
    """The threads as musl has them: a ring in which a new thread stands right behind the one that made it."""
    threads = now.world.threads(now.task.process)
    ring = [*(task for task in threads if task.who == MAIN), *(task for task in reversed(threads) if task.who != MAIN)]
    place = next(number for number, task in enumerate(ring) if task.who == now.who)
    yield from (*ring[place + 1 :], *ring[: place + 1])


def _repeated(now: Moment, task: Task) -> Performed:
    """The same call, made by another thread alone."""
    assert now.again is not None
    again, then = now.again, moment(now.world, task.who)
    return then.run.finish(lambda: again(then), Page())


def left_behind(now: Moment) -> Outcome:
    """Whether a thread that watches has seen another one with the old ids, where the caller had the new ones."""
    if not any(task.who.startswith(WATCHES) for task in now.world.tasks):
        raise NotModelled("no threads watch each other in this cell")
    return now.answers(now.rule(0, "nptl(7)/linux/caller-last", of="answer"))


def _in_a_thread(now: Moment, call: Calling) -> Outcome:
    """A new program, executed by one of several threads."""
    outcome = call()
    world = now.rule(outcome.world, "nptl(7)/linux/exec-ends-the-others", of="others")
    return replace(outcome, world=world)


def _alone(now: Moment, call: Calling) -> Outcome:
    """A call that no library repeats."""
    outcome = call()
    world = now.rule(outcome.world, "nptl(7)/linux/others-move-one", of="others")
    return replace(outcome, world=world)
