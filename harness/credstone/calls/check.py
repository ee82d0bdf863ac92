"""Mistakes in a call of a script, found before anything runs."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from credstone.calls.functions import FUNCTIONS, SHOWN
from credstone.calls.kinds import KINDS, Place
from credstone.calls.names import meant
from credstone.calls.table import Declaration, Form, declarations
from credstone.text.plural import named
from credstone.words.call import Argument, Call, Word


class Wrong(msgspec.Struct, frozen=True):
    """What is wrong with a call, as a sentence; ``argument`` is the place of the wrong argument, None for the call."""

    says: str
    argument: int | None = None


def mistakes(call: Call, place: Place, inside: Call | None = None) -> Iterator[Wrong]:
    """What is wrong with a call: its name, the number of its arguments, or their kinds.

    ``inside`` is the call that starts the process which makes this one.
    """
    if inside is not None and inside.name == "subprocess":
        yield from _shown_by_a_program(call)
        return
    known = declarations()
    if call.name in FUNCTIONS:
        yield from _of_python(call)
        return
    declared = known.get(call.name)
    if declared is None:
        hint = meant(call.name, [*known, *FUNCTIONS])
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


def _of_python(call: Call) -> Iterator[Wrong]:
    for key, _ in call.keywords:
        if key not in FUNCTIONS[call.name]:
            known = ", ".join(sorted(FUNCTIONS[call.name]))
            yield Wrong(
                f"{call.name} takes no argument {key} here" + (f": it takes {known} by name" if known else " by name")
            )


def _shown_by_a_program(call: Call) -> Iterator[Wrong]:
    if call.name not in SHOWN:
        yield Wrong(f"a program that subprocess starts cannot make the call {call.name}: it shows {', '.join(SHOWN)}")
    elif len(call.arguments) != SHOWN[call.name] or call.keywords:
        yield Wrong(f"{call.name} takes {SHOWN[call.name] or 'no'} {named(SHOWN[call.name], 'argument')} here")


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
