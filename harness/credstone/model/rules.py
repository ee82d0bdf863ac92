"""How a page is written as code.

A call is a function of the moment (``now``) at which it is made.  It states its conditions in the order in which Linux
looks at them, each with the clause that says so, then the decisions that make up its success, and returns what is the
case afterwards::

    now.refuse("EPERM", "setgid(2)/EPERM", gid not in permitted)
    new = now.rule(gid, "setgid(2)/sets-effective", of="effective gid")

Every condition and every decision passes through the recorder of the call (``Run``).  So a call can be explained line by
line (which condition held, which did not), and one rule can be replaced without a change of the page: that is a mutant.
The first refusal that holds is Linux's answer; all that hold are what the page allows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, TypeVar, cast

import msgspec

from credstone.model.subjects import EVERYTHING, Subject, Subjects
from credstone.model.world import Task, World
from credstone.words.answer import Answer
from credstone.words.credential import Credential

Value = TypeVar("Value")


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
    """A value that the page fixes, stated by ``clause``, and what it determines.

    ``main`` is the clause that the statement names first, of those that say the same.
    """

    clause: str
    value: object
    of: Subjects
    main: str = ""

    def determines(self, subject: Subject) -> bool:
        """Whether this subject is among those that the decision determines."""
        return subject in self.of if isinstance(self.of, tuple) else subject == self.of


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
Calling: TypeAlias = Callable[[], Outcome]
"""A call with its arguments, ready to be made."""


Pick: TypeAlias = Callable[[str, str], str]
"""Which of two clauses is meant, where two pages say the same of what their calls share: the one of the caller's page."""


def first(clause: str, _: str) -> str:
    """The clause of the page that is named first."""
    return clause


def second(_: str, clause: str) -> str:
    """The clause of the page that is named second."""
    return clause


class Context(msgspec.Struct, frozen=True):
    """What a mutant may look at: the call that runs, who performs it, through which API, and the world before it."""

    name: str
    who: str
    api: str
    world: World
    arguments: tuple[object, ...] = ()

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
    replaces it.
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


class _Refused(Exception):
    """The end of a call that a condition has refused."""


class Run:
    """The recorder of one call under way: every rule passes through here.

    Python is ``raising`` where C answers an errno.
    """

    __slots__ = ("applied", "context", "held", "mutant", "raising", "silent")

    def __init__(self, context: Context, mutant: Mutant | None = None, raising: bool = False) -> None:
        self.applied: list[Rule] = []
        self.held: list[Refusal] = []
        self.context = context
        self.mutant = mutant
        self.raising = raising
        self.silent = False

    def rule(self, value: Value, *clauses: str, of: Subjects) -> Value:
        """The value as these clauses fix it.  After a refusal that holds, the call ends here."""
        if self.held:
            raise _Refused
        mutant, note = self.mutant, self.applied.append
        for clause in clauses:
            current = Decision(clause, value, of, clauses[0])
            if mutant is not None and mutant.clause == clause:
                current = cast(Decision, mutant.change(current, self.context))
                value = cast(Value, current.value)
            note(current)
        return value

    def refuse(self, errno: str, clause: str, holds: bool, *, exception: str = "", killed: str = "") -> None:
        """A condition of the ERRORS section: the call fails with this errno if it holds, says this clause.

        Further conditions are still looked at, up to the first decision: they are the other errnos that the page allows.
        """
        if self.silent:
            if holds:
                raise _Refused
            return
        current = Refusal(errno, clause, holds, exception, killed)
        if self.mutant is not None and self.mutant.clause == clause:
            current = cast(Refusal, self.mutant.change(current, self.context))
        self.applied.append(current)
        if current.holds:
            self.held.append(current)

    def sure(self, value: Value | None) -> Value:
        """A value that is there if no refusal holds.  After one that does, the call ends here."""
        if self.held:
            raise _Refused
        return cast(Value, value)

    def succeeds(self, call: Calling) -> bool:
        """Whether another call, made within this one, succeeds.  Its errno reaches nothing and no process."""
        self.silent = True
        try:
            call()
        except _Refused:
            return False
        finally:
            self.silent = False
        return True

    def finish(self, call: Calling, page: Page) -> Performed:
        """Makes the call, to its end."""
        try:
            outcome = call()
        except _Refused:
            return self._failed(page)
        return self._failed(page) if self.held else self._succeeded(outcome, page)

    def _succeeded(self, outcome: Outcome, page: Page) -> Performed:
        """The end of a call that nothing refused."""
        answer = self.rule(outcome.answer, *page.success, of="answer")
        if answer is not outcome.answer:
            outcome = Outcome(answer, outcome.world, outcome.also, outcome.decided)
        clause = ""
        for current in reversed(self.applied):
            if type(current) is Decision:
                clause = current.clause
                break
        allowed = (answer, *outcome.also) if outcome.decided else ()
        return Performed(outcome, allowed, tuple(self.applied), clause)

    def _failed(self, page: Page) -> Performed:
        """The end of a call that at least one condition refused."""
        refusals, self.held = tuple(self.held), []
        if len(refusals) > 1:
            refusals = self.rule(refusals, *page.order, of="answer")
        answers = [_answer(refusal, self.raising) for refusal in refusals]
        answers[0] = self.rule(answers[0], *page.failure, of="answer")
        world = self.rule(self.context.world, *page.unchanged, of=EVERYTHING)
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
