"""One call at one moment: who makes it, through which API, and what the pages ask about the caller."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from credstone.model.rules import Calling, Context, Decision, Outcome, Refusal, Run
from credstone.model.subjects import Subjects
from credstone.model.world import NO_ID, Namespace, System, Task, World
from credstone.words.answer import Answer, Value
from credstone.words.credential import Credential

OK = Answer()
T = TypeVar("T")


class Moment(msgspec.Struct, frozen=True):
    """The world before a call, and the one who calls.

    ``task``, ``credential`` and ``namespace`` are the caller's, taken out once because every rule asks for them.
    ``run`` records the rules that are stated.  ``again`` makes the same call at another moment: as another thread, say.
    """

    world: World
    who: str
    api: str
    task: Task
    credential: Credential
    namespace: Namespace
    run: Run
    again: Callable[[Moment], Outcome] | None = None

    def rule(self, value: T, *clauses: str, of: Subjects) -> T:
        """The value, as these clauses fix it; ``of`` is what it determines."""
        run = self.run
        if run.held or run.mutant is not None:
            return run.rule(value, *clauses, of=of)
        for clause in clauses:  # as Run.rule does it: nearly all rules go this way
            run.applied.append(Decision(clause, value, of, clauses[0]))
        return value

    def refuse(self, errno: str, clause: str, holds: bool) -> None:
        """The call fails with this errno if the condition holds."""
        run = self.run
        if run.silent or run.mutant is not None:
            run.refuse(errno, clause, holds)
            return
        current = Refusal(errno, clause, holds)
        run.applied.append(current)
        if holds:
            run.held.append(current)

    def accept(self, clause: str, errno: str) -> None:
        """What the page takes and others have refused, with this errno: a condition that never holds."""
        self.run.refuse(errno, clause, False)

    def reject(self, exception: str, clause: str, holds: bool) -> None:
        """Python raises an exception of its own, and makes no call, if the condition holds."""
        self.run.refuse("", clause, holds, exception=exception)

    def kill(self, signal: str, clause: str, holds: bool) -> None:
        """The process does not survive the call if the condition holds."""
        self.run.refuse("", clause, holds, killed=signal)

    def sure(self, value: T | None) -> T:
        """A value that a call has if none of the conditions so far holds; otherwise the call ends here."""
        return self.run.sure(value)

    def succeeds(self, call: Calling) -> bool:
        """Whether another call, made within this one, succeeds."""
        return self.run.succeeds(call)

    @property
    def system(self) -> System:
        return self.world.system

    def capable(self, capability: int) -> bool:
        """Whether the caller has this capability in effect in its own user namespace."""
        return bool(self.credential.capabilities.effective & capability)

    def capable_in(self, number: int, capability: int) -> bool:
        """Whether the caller has this capability in a user namespace: user_namespaces(7), "Capabilities".

        It has it where it is a member and has the capability in effect, in all descendants of such a namespace, and
        in those that a process with its effective uid made from its own namespace, with their descendants.
        """
        while number != self.task.namespace:
            namespace = self.world.namespaces[number]
            if namespace.parent < 0:
                return False
            if namespace.parent == self.task.namespace and namespace.owner == self.credential.uid.effective:
                return True
            number = namespace.parent
        return self.capable(capability)

    def gid(self, number: int) -> int | None:
        """The kernel gid for a gid that the caller names; None if it is not valid in its namespace."""
        number &= NO_ID
        return None if number == NO_ID else self.namespace.gid(number)

    def uid(self, number: int) -> int | None:
        """The kernel uid for a uid that the caller names; None if it is not valid in its namespace."""
        number &= NO_ID
        return None if number == NO_ID else self.namespace.uid(number)

    @property
    def seen(self) -> Credential:
        """The caller's credential as it sees it itself."""
        return self.world.seen(self.who)

    def answers(self, value: Value = 0) -> Outcome:
        """The call succeeds and changes nothing."""
        return Outcome(Answer("", value), self.world)

    def undecided(self, value: Value = 0) -> Outcome:
        """The call succeeds and changes nothing; what it answers the model does not know."""
        return Outcome(Answer("", value), self.world, decided=False)


def moment(
    world: World,
    who: str,
    api: str = "syscall",
    *,
    run: Run | None = None,
    again: Callable[[Moment], Outcome] | None = None,
) -> Moment:
    """The moment at which this task is about to call; without a recorder, what it states is written down nowhere."""
    task = world.task(who)
    recorder = run or Run(Context("", who, api, world))
    return Moment(world, who, api, task, task.credential, world.namespaces[task.namespace], recorder, again)


def given(number: int) -> bool:
    """Whether an argument of a call with several ids is an id, not -1 for "leave it"."""
    return number & NO_ID != NO_ID
