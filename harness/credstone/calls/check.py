"""Mistakes in a call of a script, found before anything runs."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from credstone.calls.kinds import KINDS, Place
from credstone.calls.names import meant
from credstone.calls.table import Declaration, Form, declarations
from credstone.words.call import Argument, Call, Word

OF_PYTHON = ("os.", "pwd.", "grp.", "subprocess")
"""How the names of Python's own functions begin: what they take, Python decides, and it is what is tested."""


class Wrong(msgspec.Struct, frozen=True):
    """What is wrong with a call, as a sentence; ``argument`` is the place of the wrong argument, None for the call."""

    says: str
    argument: int | None = None


def mistakes(call: Call, place: Place) -> Iterator[Wrong]:
    """What is wrong with a call: its name, the number of its arguments, or their kinds."""
    if call.name.startswith(OF_PYTHON):
        return
    known = declarations()
    declared = known.get(call.name)
    if declared is None:
        hint = meant(call.name, known)
        yield Wrong(
            f"there is no call {call.name}" + (f": {hint}" if hint else "; 'credstone list --calls' prints all")
        )
        return
    if call.keywords:
        yield Wrong(f"{call.name} takes no arguments by name")
        return
    forms = declared.with_arguments(len(call.arguments))
    if not forms:
        yield Wrong(f"{call.name} takes {_counts(declared)}, and here are {len(call.arguments) or 'none'}")
        return
    yield from min((list(_of_form(call, form, place)) for form in forms), key=len)


def _of_form(call: Call, form: Form, place: Place) -> Iterator[Wrong]:
    for number, (argument, parameter) in enumerate(zip(call.arguments, form, strict=True)):
        if parameter.word:
            if not _is_word(argument, parameter.word):
                yield Wrong(f"the word {parameter.word} is expected here", number)
        elif says := KINDS[parameter.kind](argument, place):
            yield Wrong(says, number)


def _is_word(argument: Argument, word: str) -> bool:
    return isinstance(argument, Word) and argument.word == word


def _counts(declared: Declaration) -> str:
    """``1 argument``, ``0, 1 or 2 arguments``."""
    *most, last = map(str, declared.counts)
    shown = f"{', '.join(most)} or {last}" if most else last
    return f"{shown} argument{'' if shown == '1' else 's'}"
