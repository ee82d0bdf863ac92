"""How a page is written as code.

A call is a generator function.  It yields its conditions in the order in which Linux looks at them, each with the
clause that states it, then the decisions that make up its success, and returns what is the case afterwards::

    yield refuse("EPERM", "setgid(2)/EPERM", gid not in permitted)
    new = yield rule("setgid(2)/sets-effective", gid)

Because every condition and every decision passes through the one who runs the generator, a run can be explained line by
line (which condition held, which did not), and one rule can be replaced without touching the page: that is a mutant.
The first refusal that holds is Linux's answer; all that hold are what the page allows.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeAlias

import msgspec

from credstone.model.world import Task, World
from credstone.words.answer import Answer
from credstone.words.credential import Credential


class Refusal(msgspec.Struct, frozen=True):
    """A condition under which the call fails with ``errno``, stated by ``clause``.

    A refusal of Python's own, made before any call, has an ``exception`` in place of the errno; one that the process
    does not survive, the signal by which it is ``killed``.
    """

    errno: str
    clause: str
    holds: bool
    exception: str = ""
    killed: str = ""


class Decision(msgspec.Struct, frozen=True):
    """A value that the page fixes, stated by ``clause``."""

    clause: str
    value: Any


class Outcome(msgspec.Struct, frozen=True):
    """What a call answers, and the world after it.

    ``also`` are other answers that the page leaves open.  An outcome that is not ``decided`` is one of which the pages
    say nothing (a process ID, the content of a file that the model does not know).
    """

    answer: Answer
    world: World
    also: tuple[Answer, ...] = ()
    decided: bool = True


class Page(msgspec.Struct, frozen=True):
    """What a page says of every answer of a call, and so need not be repeated in the call's body.

    ``success`` and ``failure`` are the clauses of RETURN VALUE: they fix the answer.  ``order`` are those that say
    which of several refusals is answered, ``unchanged`` those that say that a failed call left the world as it was.
    """

    success: tuple[str, ...] = ()
    failure: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


Rule: TypeAlias = Refusal | Decision
Rules: TypeAlias = Generator[Rule, Any, Outcome]
Choosing: TypeAlias = Generator[Rule, Any, Any]
"""A part of a page that several calls share; it returns a value, not an outcome."""


refuse = Refusal
"""A condition of the ERRORS section: the call fails with this errno, says this clause, where it holds."""

rule = Decision
"""A decision of the DESCRIPTION: where the clause holds, the value is this one."""


def accept(clause: str, errno: str) -> Refusal:
    """What the page takes and others have refused, with this errno: a condition that never holds."""
    return Refusal(errno, clause, False)


def reject(exception: str, clause: str, holds: bool) -> Refusal:
    """A condition under which Python raises an exception of its own and makes no call."""
    return Refusal("", clause, holds, exception)


class Context(msgspec.Struct, frozen=True):
    """What a mutant may look at: the call that runs, who performs it, through which API, and the world before it."""

    name: str
    who: str
    api: str
    world: World
    arguments: tuple[Any, ...] = ()

    @property
    def task(self) -> Task:
        return self.world.task(self.who)

    @property
    def credential(self) -> Credential:
        return self.task.credential


class Mutant(msgspec.Struct, frozen=True):
    """A variant of the model in which one rule is broken.

    ``name`` and ``about`` say what is broken and which real system broke it; ``clause`` is the clause that no longer
    holds.  ``change`` gets each rule of that clause as it is reached, and what it may look at, and gives the rule that
    stands in its place.
    """

    name: str
    clause: str
    about: str
    change: Callable[[Rule, Context], Rule]


class Performed(msgspec.Struct, frozen=True):
    """One call as the model performed it.

    ``outcome`` is Linux's answer.  ``allowed`` are the answers that the pages leave open: for a refusal all errnos
    whose condition holds; it is empty where the model does not decide the answer.  ``applied`` are the rules in their
    order, as they were reached; ``clause`` the one that decided the answer (empty where a call has no rule of its own).
    """

    outcome: Outcome
    allowed: tuple[Answer, ...]
    applied: tuple[Rule, ...]
    clause: str


class Run:
    """One call under way: every rule passes through here.

    Python is ``raising`` where C answers an errno.
    """

    __slots__ = ("applied", "context", "mutant", "raising")

    def __init__(self, context: Context, mutant: Mutant | None = None, raising: bool = False) -> None:
        self.applied: list[Rule] = []
        self.context = context
        self.mutant = mutant
        self.raising = raising

    def changed(self, current: Rule) -> Rule:
        """The rule that the mutant puts in the place of this one, if it is the one that it breaks."""
        mutant = self.mutant
        if mutant is None or current.clause != mutant.clause:
            return current
        return mutant.change(current, self.context)

    def decide(self, clauses: tuple[str, ...], value: Any) -> Any:
        """The value as these clauses, one after the other, fix it."""
        for clause in clauses:
            current: Any = self.changed(Decision(clause, value))
            self.applied.append(current)
            value = current.value
        return value

    def choose(self, choosing: Choosing) -> Any:
        """Runs a part that only decides, and gives its value."""
        reply: Any = None
        while True:
            try:
                current: Any = self.changed(choosing.send(reply))
            except StopIteration as stop:
                return stop.value
            self.applied.append(current)
            reply = current.value

    def finish(self, rules: Rules, page: Page) -> Performed:
        """Runs a call to its end.

        After a refusal that holds, the further conditions are still looked at, up to the first decision: they are the
        other errnos that the page allows.
        """
        held: list[Refusal] = []
        reply: Any = None
        send, note, changes = rules.send, self.applied.append, self.mutant is not None
        while True:
            try:
                current: Any = send(reply)
            except StopIteration as stop:
                if held:
                    break
                return self.succeeded(stop.value, page)
            refuses = type(current) is Refusal
            if held and not refuses:
                break
            if changes:
                current = self.changed(current)
            note(current)
            if not refuses:
                reply = current.value
            else:
                reply = None
                if current.holds:
                    held.append(current)
        rules.close()
        return self.failed(held, page)

    def succeeded(self, outcome: Outcome, page: Page) -> Performed:
        """The end of a call that nothing refused."""
        answer = self.decide(page.success, outcome.answer)
        if answer is not outcome.answer:
            outcome = Outcome(answer, outcome.world, outcome.also, outcome.decided)
        clause = ""
        for current in reversed(self.applied):
            if type(current) is Decision:
                clause = current.clause
                break
        allowed = (answer, *outcome.also) if outcome.decided else ()
        return Performed(outcome, allowed, tuple(self.applied), clause)

    def failed(self, held: list[Refusal], page: Page) -> Performed:
        """The end of a call that at least one condition refused."""
        refusals = tuple(held)
        if len(refusals) > 1:
            refusals = self.decide(page.order, refusals)
        answers = [_answer(refusal, self.raising) for refusal in refusals]
        answers[0] = self.decide(page.failure, answers[0])
        world = self.decide(page.unchanged, self.context.world)
        allowed = tuple(dict.fromkeys(answers))
        return Performed(Outcome(answers[0], world), allowed, tuple(self.applied), refusals[0].clause)


CLASSES = {
    "EPERM": "PermissionError",
    "EACCES": "PermissionError",
    "ENOENT": "FileNotFoundError",
    "ESRCH": "ProcessLookupError",
    "EEXIST": "FileExistsError",
    "EAGAIN": "BlockingIOError",
    "EINTR": "InterruptedError",
}
"""The subclasses of OSError that Python picks by errno; all other errnos are a plain OSError."""


def _answer(refusal: Refusal, raising: bool) -> Answer:
    if refusal.killed:
        return Answer("", -1, killed=refusal.killed)
    if refusal.exception:
        return Answer("", -1, refusal.exception)
    return Answer(refusal.errno, -1, CLASSES.get(refusal.errno, "OSError") if raising else "")
