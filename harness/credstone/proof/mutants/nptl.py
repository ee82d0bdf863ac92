"""Ways to get nptl(7) wrong: who moves with whom when the ids of a process change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from credstone.model.rules import Context
from credstone.model.threads import COMES_AND_GOES
from credstone.model.world import Task, World
from credstone.proof.mutants.build import (
    Change,
    always,
    answering,
    arguments,
    but_the_last,
    deciding,
    every_thread,
    giving,
    having,
    mutant,
    never,
    only_caller,
    replace,
    when,
)
from credstone.words.answer import Answer
from credstone.words.credential import Ids
from credstone.words.scenario import MAIN

PAGE = "nptl(7)/"
LINUX = "nptl(7)/linux/"


def missing(left_out: Callable[[Task, Context], bool]) -> Change:
    """Of the threads that are to be moved some are left out; the caller never is."""
    return deciding(lambda tasks, now: tuple(task for task in tasks if task.who == now.who or not left_out(task, now)))


def one_for(call: str) -> Change:
    """One of the calls is not wrapped."""
    return deciding(lambda tasks, now: only_caller(tasks, now) if now.name.removeprefix("os.") == call else tasks)


def parents_threads(tasks: tuple[Any, ...], now: Context) -> tuple[Any, ...]:
    """The threads of the parent beside the caller itself."""
    return (*tasks, *now.world.threads(MAIN))


def spread(world: World, now: Context) -> World:
    """What a call did to its caller is done to all threads of the process."""
    after = world.task(now.who).credential
    threads = world.threads(now.task.process)
    return world.with_tasks(*(replace(task, credential=after) for task in threads))


def of_first(world: World, now: Context) -> World:
    """The process goes on with the credentials of its first thread."""
    first = now.world.task(now.task.process).credential
    here = world.task(now.task.process)
    return world.with_tasks(replace(here, credential=replace(here.credential, uid=first.uid, gid=first.gid)))


def with_old_threads(world: World, now: Context) -> World:
    """The others live on in the new program."""
    here = world.task(now.task.process)
    others = [task for task in now.world.threads(now.task.process) if task.who not in (now.who, here.who)]
    return world.with_tasks(*(replace(task, silent=True) for task in others))


def moved_before_refusal(world: World, now: Context) -> World:
    """The other threads have another effective gid after a refusal."""
    others = [task for task in world.threads(now.task.process) if task.who != now.who]
    return world.with_tasks(
        *(
            replace(task, credential=replace(task.credential, gid=replace(task.credential.gid, effective=7)))
            for task in others
        )
    )


MUTANTS = (
    mutant("nptl-raw-moves-all", PAGE + "kernel-per-thread", deciding(every_thread),
           "The raw call moves all threads: credentials belong to the process (many young kernels)."),
    mutant("nptl-raw-moves-the-first", PAGE + "kernel-per-thread",
           deciding(lambda tasks, now: (now.world.task(now.task.process),) if now.who == now.task.process else
                    (*tasks, now.world.task(now.task.process))),
           "A raw call of a thread moves the first thread as well."),
    mutant("nptl-moves-the-caller-only", PAGE + "all-threads", deciding(only_caller),
           "The wrappers make the raw call (glibc and musl for setgroups; Go; bionic)."),
    mutant("nptl-forgets-the-first-thread", PAGE + "all-threads", missing(lambda task, now: task.who == task.process),
           "The first thread is left out when another one calls."),
    mutant("nptl-forgets-the-last-thread", PAGE + "all-threads", deciding(but_the_last),
           "The thread that was created last is left out."),
    mutant("nptl-eight-threads", PAGE + "all-threads", deciding(lambda tasks, now: tasks[:8]),
           "There is room for eight threads."),
    *(
        mutant(f"nptl-{call}-is-not-wrapped", PAGE + "wrapped-calls", one_for(call),
               f"{call} moves the calling thread alone.")
        for call in ("setuid", "setgid", "seteuid", "setegid", "setreuid", "setregid", "setresuid", "setresgid",
                     "setgroups")
    ),
    mutant("nptl-copies-credentials", PAGE + "same-call-in-each-thread",
           deciding(lambda credential, now: replace(credential, capabilities=now.credential.capabilities)),
           "The other threads get the caller's capabilities along with the ids."),
    mutant("nptl-fsgid-of-its-own-stays", PAGE + "same-call-in-each-thread",
           deciding(lambda credential, now: replace(credential, gid=replace(credential.gid, filesystem=3000))),
           "A filesystem gid that was set apart stays in its thread."),
    mutant("nptl-all-three-gids-everywhere", PAGE + "same-call-in-each-thread",
           deciding(lambda credential, now: replace(credential, gid=Ids.all(credential.gid.effective))),
           "The other threads get all three gids, privileged or not."),
    mutant("nptl-blocked-signals-hide", PAGE + "cannot-be-blocked", missing(lambda task, now: bool(task.blocked)),
           "A thread that blocks all signals is not reached (a library with an ordinary signal)."),
    mutant("nptl-blocking-works", PAGE + "blocking-is-ignored",
           deciding(lambda mask, now: mask | (1 << arguments(now)[1] - 1 if arguments(now)[1] in (32, 33) else 0)),
           "The internal signals can be blocked."),
    mutant("nptl-full-set-has-all", PAGE + "full-set", giving(2**64 - 1),
           "A full set has the internal signals too."),
    mutant("nptl-full-set-is-empty", PAGE + "full-set", giving(0),
           "A full set is empty."),
    mutant("nptl-handlers-for-all", PAGE + "EINVAL", never(),
           "A program can take the internal signals for itself."),
    mutant("nptl-handler-EPERM", PAGE + "EINVAL", answering("EPERM"),
           "The internal signals are refused with EPERM."),
    mutant("nptl-34-is-internal", PAGE + "EINVAL", when(lambda now: arguments(now)[0] in (32, 33, 34)),
           "Three signals are internal (musl)."),
    mutant("nptl-SIGRTMIN-35", PAGE + "SIGRTMIN", giving(35),
           "SIGRTMIN is 35 (musl)."),
    mutant("nptl-SIGRTMIN-32", PAGE + "SIGRTMIN", giving(32),
           "SIGRTMIN is the kernel's 32."),
    mutant("nptl-waiting-threads-are-missed", LINUX + "threads-in-calls",
           missing(lambda task, now: task.silent and not task.who.startswith(COMES_AND_GOES)),
           "A thread that waits in a call is not reached."),
    mutant("nptl-EINTR", LINUX + "threads-in-calls", always(),
           "The call that a thread waits in fails with EINTR (musl before 1.1.17)."),
    mutant("nptl-misses-the-coming-and-going", LINUX + "threads-that-come-and-go",
           missing(lambda task, now: task.who.startswith(COMES_AND_GOES)),
           "Threads that come and go are missed (musl before 1.1.7 and before 1.1.22)."),
    mutant("nptl-misses-one-that-comes", LINUX + "threads-that-come-and-go",
           missing(lambda task, now: task.who == f"{COMES_AND_GOES}1"),
           "One of the threads that come and go is missed."),
    mutant("nptl-small-stack", LINUX + "alternate-stack", always(),
           "A thread on a small stack is killed by the frame of the signal (glibc before 2.34, musl; Go programs)."),
    mutant("nptl-later-threads-old-gid", LINUX + "later-threads", having(lambda old: {"gid": Ids.all(0)}),
           "A later thread has the gid that the process began with."),
    mutant("nptl-later-threads-old-uid", LINUX + "later-threads", having(lambda old: {"uid": Ids.all(0)}),
           "A later thread has the uid that the process began with."),
    mutant("nptl-later-threads-no-groups", LINUX + "later-threads", having(lambda old: {"groups": ()}),
           "A later thread has no groups."),
    mutant("nptl-mixture", LINUX + "no-mixture", never(),
           "Threads that may not follow keep their ids, and the call succeeds (musl before 1.1.6; .NET; rustix)."),
    mutant("nptl-suicide", LINUX + "no-mixture",
           lambda rule, now: replace(rule, holds=True, killed="SIGABRT"),
           "The process is ended wherever threads differ, also where all are refused alike."),
    mutant("nptl-refusal-moves-others", LINUX + "refusal-moves-nobody", deciding(moved_before_refusal),
           "The other threads have moved when the caller is refused."),
    mutant("nptl-answers-1", LINUX + "zero-or-minus-one", giving(Answer("", 1)),
           "A success with several threads answers 1 (musl before 1.2.5)."),
    mutant("nptl-answers-EAGAIN", LINUX + "zero-or-minus-one", giving(Answer("EAGAIN", -1)),
           "A thread that cannot be signalled makes the call fail, though the others have moved."),
    mutant("nptl-lone-calls-move-all", LINUX + "others-move-one", deciding(spread),
           "Capabilities, securebits and filesystem ids belong to the process."),
    mutant("nptl-fork-moves-the-parent", LINUX + "after-fork", deciding(parents_threads),
           "A forked child moves the threads that its parent had."),
    mutant("nptl-vfork-moves-the-parent", LINUX + "after-vfork", deciding(parents_threads),
           "A process of vfork moves the threads of its parent (musl before 1.2.2 signalled them)."),
    mutant("nptl-somebody-is-behind-the-caller", LINUX + "caller-last", giving(1),
           "Another thread still has the old ids when the caller has the new ones (musl before 1.2.5)."),
    mutant("nptl-exec-has-the-first-threads-ids", LINUX + "exec-ends-the-others", deciding(of_first),
           "The program has the ids of the first thread, not of the one that executed it."),
    mutant("nptl-exec-leaves-threads", LINUX + "exec-ends-the-others", deciding(with_old_threads),
           "The other threads live on beside the new program."),
)  # fmt: skip
