"""How a rule is changed: functions that put another refusal or another decision in its place.

A page's side of an erratum is such a change, and so is each way in which a system got a rule wrong.  What both look up
about the call stands here too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, cast

import msgspec

from credstone.model.files.paths import lookup
from credstone.model.rules import Context, Decision, Refusal, Rule
from credstone.words.scenario import File

Change: TypeAlias = Callable[[Rule, Context], Rule]
Whatever: TypeAlias = Any
"""The value of a rule: its type is that of the rule to which a change is applied, and no other place knows it."""
replace = msgspec.structs.replace


def when(condition: Callable[[Context], bool]) -> Change:
    """The call is refused exactly where this holds."""
    return lambda rule, now: replace(rule, holds=condition(now)) if isinstance(rule, Refusal) else rule


def also_when(condition: Callable[[Context], bool]) -> Change:
    """The call is refused where it was, and where this holds."""
    return lambda rule, now: replace(rule, holds=rule.holds or condition(now)) if isinstance(rule, Refusal) else rule


def never() -> Change:
    """What should be refused is not."""
    return when(lambda now: False)


def always() -> Change:
    """What should be accepted is refused."""
    return when(lambda now: True)


def answering(errno: str) -> Change:
    """It is refused, with another errno."""
    return lambda rule, now: replace(rule, errno=errno) if isinstance(rule, Refusal) else rule


def refusing(errno: str) -> Change:
    """What should be accepted is refused, with this errno."""
    return lambda rule, now: replace(rule, holds=True, errno=errno) if isinstance(rule, Refusal) else rule


def raising(exception: str) -> Change:
    """It is refused, with another exception."""
    return lambda rule, now: replace(rule, exception=exception) if isinstance(rule, Refusal) else rule


def deciding(value: Callable[[Whatever, Context], Whatever]) -> Change:
    """The rule gives another value."""
    return lambda rule, now: replace(rule, value=value(rule.value, now)) if isinstance(rule, Decision) else rule


def giving(value: object) -> Change:
    """The rule always gives this value."""
    return deciding(lambda _, now: value)


def asked(now: Context) -> tuple[int, ...]:
    """The numbers that are the arguments of the call, whichever API they came through."""
    first = now.arguments[0] if now.arguments else ()
    return cast(tuple[int, ...], first if isinstance(first, tuple) else now.arguments)


def named_file(now: Context) -> File:
    """The file that a call names first; one without anything where the cell has none of that name."""
    return lookup(now.world, str(now.arguments[0])) or File("")
