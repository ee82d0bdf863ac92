"""Which rules of the model explain what a target did: if one of these alone were otherwise, the model would do the same.

Each rule that a line applied is changed in turn, to what was seen: a condition holds that did not, an ID is the one that
was reported.  The line is performed again, and a rule is a suspect if the answer and every credential are then as the
target has them.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product

import msgspec
from msgspec.structs import replace

from credstone.judge.difference import as_told
from credstone.model.perform import perform_line
from credstone.model.rules import Context, Decision, Mutant, Outcome, Performed, Refusal, Rule
from credstone.model.subjects import CAPABILITIES, FLAGS, GIDS, UIDS, Subject
from credstone.model.world import Namespace, Task, World
from credstone.words.answer import Answer
from credstone.words.credential import Capabilities, Credential, Ids
from credstone.words.facts import Facts
from credstone.words.scenario import MAIN, Line
from credstone.words.transcript import Step

_LONGEST = 3
"""Tuples up to this length are tried with every combination of the values that were seen."""


class Here(msgspec.Struct, frozen=True):
    """A line of a cell, the world before it, and what the target did in it."""

    world: World
    line: Line
    api: str
    facts: Facts
    step: Step

    def suspects(self, performed: Performed) -> tuple[str, ...]:
        """The clauses whose rules explain this step, in the order in which the model reached them."""
        clauses = dict.fromkeys(rule.clause for rule in performed.applied)
        return tuple(clause for clause in clauses if any(map(self._explains, self._variants(performed, clause))))

    def _explains(self, variant: Mutant) -> bool:
        """Whether the model with this variant of a rule does in this line what the target did."""
        try:
            return self._is_seen(perform_line(self.world, self.line, self.api, variant).outcome)
        except Exception:  # noqa: BLE001 -- a value that was seen may be one that the rules after it cannot take
            return False

    def _is_seen(self, outcome: Outcome) -> bool:
        """Whether the target did this."""
        if outcome.decided and not self.line.unfinished and outcome.answer != self.step.answer:
            return False
        after, seen = outcome.world, self.step.seen
        if {task.who for task in after.reporting} != seen.keys():
            return False
        return all(as_told(after.seen(who), own, self.facts) == after.seen(who) for who, own in seen.items())

    def _variants(self, performed: Performed, clause: str) -> Iterator[Mutant]:
        """The model with other values of the rules of one clause."""
        for rule in performed.applied:
            if rule.clause == clause:
                for other in _others(self.world, self.line, self.step, rule):
                    yield Mutant("", clause, "", partial(_put, other))


def _put(other: Rule, given: Rule, _: Context) -> Rule:
    """The other rule in place of the one that was given, if it is of the same kind."""
    return other if type(given) is type(other) else given


def _others(world: World, line: Line, step: Step, rule: Rule) -> Iterator[Rule]:
    """A rule as it would have to be."""
    if isinstance(rule, Refusal):
        if rule.holds:
            yield replace(rule, holds=False)
        answer = step.answer
        named = answer.killed or answer.exception or answer.errno in errno.errorcode.values()
        own = (rule.errno, rule.killed) == (answer.errno, answer.killed)  # a refusal that does not hold keeps its errno
        if named and (rule.holds or own):
            python = answer.exception if not answer.errno else ""
            yield Refusal(answer.errno, rule.clause, True, python, answer.killed)
        return
    for value in _values(world, line, step, rule):
        if value != rule.value and (type(value) is type(rule.value) or None in (value, rule.value)):
            yield replace(rule, value=value)


def _values(world: World, line: Line, step: Step, rule: Decision) -> Iterator[object]:
    value = rule.value
    seen = step.seen.get(line.who)
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, Answer):
        if value.failed == step.answer.failed:  # a refusal that is missing is no matter of how a refusal is answered
            yield step.answer
    elif isinstance(value, tuple) and value and isinstance(value[0], Refusal):
        yield from ((each, *(other for other in value if other is not each)) for each in value)
    elif isinstance(value, tuple) and value and isinstance(value[0], Task):
        caller = _caller(world, line)
        threads = world.threads(caller.process)
        yield from ((caller,), threads, (caller, *(task for task in threads[:-1] if task.who != caller.who)))
    elif isinstance(value, World):
        yield _as_seen(value, step)
    elif seen is not None:
        yield from _of_the_caller(world.namespaces[_caller(world, line).namespace], seen, step, rule)


def _caller(world: World, line: Line) -> Task:
    """The task that performs a line; main for one that main makes in this line."""
    return next((task for task in world.tasks if task.who == line.who), world.task(MAIN))


def _of_the_caller(namespace: Namespace, seen: Credential, step: Step, rule: Decision) -> Iterator[object]:
    """Values that were seen in the caller's credential, or in the answer."""
    value, kernel = rule.value, _in_kernel_ids(namespace, seen)
    if isinstance(value, Credential):
        yield kernel
    elif isinstance(value, Capabilities):
        yield kernel.capabilities
    elif isinstance(value, Ids):
        yield from (kernel.uid, kernel.gid)
    else:
        fields = _fields(kernel)
        subjects: tuple[Subject, ...] = rule.of if isinstance(rule.of, tuple) else (rule.of,)
        known = [fields[subject] for subject in subjects if subject in fields]
        yield from (step.answer.value, kernel.groups, None, ())
        yield from known
        if isinstance(value, tuple) and len(value) <= _LONGEST:
            yield from product(dict.fromkeys(known), repeat=len(value))
        if isinstance(value, list):
            yield list(kernel.groups)


def _fields(own: Credential) -> dict[Subject, int]:
    ids = (*_four(own.uid), *_four(own.gid))
    sets = own.capabilities
    masks = (sets.inheritable, sets.permitted, sets.effective, sets.bounding, sets.ambient)
    flags = (own.securebits, own.no_new_privs, own.keep_caps, own.dumpable, own.parent_death_signal)
    return dict(zip((*UIDS, *GIDS, *CAPABILITIES, *FLAGS), (*ids, *masks, *flags), strict=True))


def _four(ids: Ids) -> tuple[int, int, int, int]:
    return ids.real, ids.effective, ids.saved, ids.filesystem


def _in_kernel_ids(namespace: Namespace, seen: Credential) -> Credential:
    """The kernel ids behind those that a task reports; an id without one stays as it is."""

    def of(find: Callable[[int], int | None], ids: Ids) -> Ids:
        return Ids(*(number if (kernel := find(number)) is None else kernel for number in _four(ids)))

    groups = tuple(gid if (kernel := namespace.gid(gid)) is None else kernel for gid in seen.groups)
    return replace(seen, uid=of(namespace.uid, seen.uid), gid=of(namespace.gid, seen.gid), groups=groups)


def _as_seen(world: World, step: Step) -> World:
    """The world in which every task is as the target reported it."""
    tasks = [task for task in world.reporting if task.who in step.seen]
    return world.with_tasks(
        *(
            replace(task, credential=_in_kernel_ids(world.namespaces[task.namespace], step.seen[task.who]))
            for task in tasks
        )
    )
