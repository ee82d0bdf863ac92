"""The model's reasoning about one line: which conditions it looked at, which held and why, and what followed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import msgspec

from credstone.explain.premises import Premise, premises
from credstone.judge.difference import differences
from credstone.model.perform import NotModelled, perform_line
from credstone.model.rules import Performed, Refusal, Rule
from credstone.model.subjects import Subject
from credstone.model.world import World
from credstone.words.credential import Credential
from credstone.words.scenario import MAIN, Line

_Key: TypeAlias = tuple[str, int]
_MANY = 4
"""From so many premises of one kind on they are told as one."""


class Reason(msgspec.Struct, frozen=True):
    """One rule that the model went through.

    A condition has an ``answer`` (an errno, an exception, a signal) and ``holds`` or not; a decision has none and always
    holds, unless it is about whether something is so.  ``because`` are the premises without which it would be otherwise.
    """

    clause: str
    answer: str
    holds: bool
    because: tuple[str, ...] = ()
    plain: bool = True
    """Whether ``holds`` says something: a condition, or a decision about whether something is so."""


class Reasoned(msgspec.Struct, frozen=True):
    """A line as the model performs it.

    ``decided_by`` are the premises without which the answer would be another, ``follows`` is what is otherwise after the
    line, and ``followed_by`` are the premises without which, with the same answer, something else would follow.
    """

    performed: Performed
    reasons: tuple[Reason, ...]
    decided_by: tuple[str, ...]
    follows: tuple[str, ...]
    followed_by: tuple[str, ...]

    @property
    def does_something(self) -> bool:
        """Whether the line changes something or is refused; all others only look."""
        return bool(self.follows) or self.performed.outcome.answer.failed


_ANSWER, _EFFECT = ("", 0), ("", 1)
"""What can be otherwise besides a rule."""


def reasoned(world: World, line: Line, api: str) -> Reasoned:
    """The reasoning about a line in this world.  Raises NotModelled."""
    performed = perform_line(world, line, api)
    rules = _numbered(performed.applied)

    def turned(other: World) -> set[_Key]:
        """The rules that say the contrary in another world, and whether answer and effect are another there."""
        try:
            there = perform_line(other, line, api)
        except NotModelled:
            return set()
        elsewhere = _numbered(there.applied)
        found = {key for key, rule in rules.items() if key in elsewhere and _so(elsewhere[key]) != _so(rule)}
        if there.outcome.answer != performed.outcome.answer:
            found.add(_ANSWER)
        elif _effects_differ((world, performed.outcome.world), (other, there.outcome.world)):
            found.add(_EFFECT)
        return found

    because: dict[_Key, list[Premise]] = {}
    for premise in premises(world, line, lambda other: bool(turned(other))):
        for key in {key: None for other in premise.otherwise for key in turned(other)}:
            because.setdefault(key, []).append(premise)
    return Reasoned(
        performed,
        tuple(_reason(rule, because.get(key, [])) for key, rule in rules.items()),
        _told(because.get(_ANSWER, [])),
        tuple(_followed(world, performed)),
        _told([each for each in because.get(_EFFECT, []) if each not in because.get(_ANSWER, [])]),
    )


def _effects_differ(here: tuple[World, World], there: tuple[World, World]) -> bool:
    """Whether a line does something else there than here, each with the worlds before and after it.

    Only what the line changed in one of them counts: what was another before stays another.
    """
    names = [{task.who for task in after.reporting} for _, after in (here, there)]
    if names[0] != names[1]:
        return True
    known = {task.who for task in here[0].tasks} & {task.who for task in there[0].tasks}
    for who in names[0] & known:
        seen = [[_flat(world.seen(who)) for world in pair] for pair in (here, there)]
        (before, after), (other_before, other_after) = seen
        for field, value in after.items():
            other = other_after[field]
            if isinstance(value, int) and isinstance(other, int):  # of a set the bits that were changed
                changed = value ^ before[field] | other ^ other_before[field]
                if field.startswith("capabilities") and not (value ^ other) & changed:
                    continue
            if value != other and (value != before[field] or other != other_before[field]):
                return True
    return False


def _flat(credential: Credential) -> dict[str, Any]:
    """The fields of a credential, those of its parts by themselves."""
    found: dict[str, Any] = {}
    for field, value in msgspec.structs.asdict(credential).items():
        parts = msgspec.structs.asdict(value) if isinstance(value, msgspec.Struct) else {"": value}
        found.update({f"{field} {part}": each for part, each in parts.items()})
    return found


def _numbered(applied: tuple[Rule, ...]) -> dict[_Key, Rule]:
    """The rules by their clause, and how often that came before: rules of the same name in two worlds belong together."""
    met: Counter[str] = Counter()
    found: dict[_Key, Rule] = {}
    for rule in applied:
        found[rule.clause, met[rule.clause]] = rule
        met[rule.clause] += 1
    return {key: rule for key, rule in found.items() if key[0]}


def _so(rule: Rule) -> bool | None:
    """Whether a rule says that something is so; None where it says something else."""
    if isinstance(rule, Refusal):
        return rule.holds
    return rule.value if isinstance(rule.value, bool) else None


def _reason(rule: Rule, because: list[Premise]) -> Reason:
    so = _so(rule)
    answer = (rule.errno or rule.exception or rule.killed) if isinstance(rule, Refusal) else ""
    return Reason(rule.clause, answer, so is not False, _told(because), so is not None)


def _told(found: list[Premise]) -> tuple[str, ...]:
    """Premises in words; of many that are about the same the first, and how many more there are."""
    by_field: dict[str, list[str]] = {}
    for premise in found:
        by_field.setdefault(premise.field, []).append(premise.words)
    told: list[str] = []
    for words in by_field.values():
        told += [f"{words[0]} and {len(words) - 1} more"] if len(words) > _MANY else words
    return tuple(told)


def _followed(before: World, performed: Performed) -> Iterator[str]:
    """What is otherwise after the line, in words."""
    after = performed.outcome.world
    known = {task.who for task in before.tasks}
    for task in after.reporting:
        if task.who not in known:
            yield f"{task.who} begins"
            continue
        whose = "" if task.who == MAIN else f"{task.who}: "
        changes = list(differences(before.seen(task.who), after.seen(task.who)))
        yield from (whose + each for each in (*_ids(changes), *_others(changes)))
    yield from (f"{who} ends" for who in known - {task.who for task in after.tasks})


_Changes: TypeAlias = Sequence[tuple[Subject, str, str]]
"""Fields of a credential with their old and new values, as ``differences`` tells them."""


def _ids(changes: _Changes) -> Iterator[str]:
    """The ids that are others; those that go from the same to the same are told together."""
    together: dict[tuple[str, str, str], list[str]] = {}
    for field, old, new in changes:
        name, _, half = field.rpartition(" ")
        if half in ("uid", "gid"):
            together.setdefault((half, old, new), []).append(name)
    for (half, old, new), names in together.items():
        which = "all four" if len(names) == 4 else ", ".join(names)
        yield f"{which} {half}{'s' if len(names) > 1 else ''} {old} become{'' if len(names) > 1 else 's'} {new}"


def _others(changes: _Changes) -> Iterator[str]:
    for field, old, new in changes:
        if field.endswith("capabilities"):
            if new == "not in the set":
                yield f"{field} lose {_few(old)}"
            else:
                yield f"{field} gain {_few(old.removeprefix('no '))}"
        elif not field.endswith(("uid", "gid")):
            yield f"{field} {old} {'become' if field == 'groups' else 'becomes'} {new}"


def _few(names: str) -> str:
    """Names of capabilities; of many their number."""
    count = names.count(",") + 1
    return names if count <= _MANY else f"{count} capabilities"
