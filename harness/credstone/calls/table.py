"""The declarations of all calls, read from the tables beside this module."""

from __future__ import annotations

import functools
import re
import tomllib
from importlib import resources

import msgspec

EVERY_API = ("syscall", "libc", "python")
SIXTEEN_BITS = "16"
"""What the name of an old call with 16-bit ids ends in."""


class Parameter(msgspec.Struct, frozen=True):
    """One argument of a form: its kind, or the one word that it must be."""

    kind: str
    word: str = ""

    def __str__(self) -> str:
        return f"'{self.word}'" if self.word else self.kind


Form = tuple[Parameter, ...]
"""The arguments that a call takes together."""


class Declaration(msgspec.Struct, frozen=True):
    """What holds of a call, whoever performs, prints or judges it.

    ``forms`` are the arguments that it takes, ``python_forms`` those that Python can express.  ``answer`` is the kind of its
    answer, ``apis`` are those that can make it; a call that is the same ``through_every_api`` is the kernel's, and Python
    makes it as the others do.  ``moves`` is what the C library changes by it: the ``process``, the calling ``thread``, or
    nothing (empty).  ``header`` declares it in C.
    """

    name: str
    forms: tuple[Form, ...]
    answer: str = "number"
    apis: tuple[str, ...] = EVERY_API
    through_every_api: bool = True
    python_forms: tuple[Form, ...] = ()
    moves: str = ""
    header: str = ""
    sixteen_bits: bool = False

    def with_arguments(self, count: int) -> tuple[Form, ...]:
        """The forms with so many arguments."""
        return tuple(form for form in self.forms if len(form) == count)

    @property
    def counts(self) -> tuple[int, ...]:
        """The numbers of arguments that it takes."""
        return tuple(sorted({len(form) for form in self.forms}))


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A call as its table has it."""

    forms: tuple[str, ...]
    answer: str = "number"
    apis: tuple[str, ...] | None = None
    python_forms: tuple[str, ...] | None = None
    moves: str = ""
    header: str = ""
    sixteen_bits: bool = False


@functools.cache
def declarations() -> dict[str, Declaration]:
    """All calls by name, the old ones with 16-bit ids among them."""
    found: dict[str, Declaration] = {}
    folder = resources.files("credstone.calls")
    for table in sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name):
        entries = msgspec.convert(tomllib.loads(table.read_text(encoding="utf-8")), dict[str, _Entry])
        for name, entry in entries.items():
            found[name] = _declaration(name, entry)
    for each in tuple(found.values()):
        if each.sixteen_bits:
            found.setdefault(each.name + SIXTEEN_BITS, _old(each))
    return found


def _declaration(name: str, entry: _Entry) -> Declaration:
    forms = tuple(_form(text) for text in entry.forms)
    return Declaration(
        name=name,
        forms=forms,
        answer=entry.answer,
        apis=EVERY_API if entry.apis is None else entry.apis,
        through_every_api=entry.apis is None,
        python_forms=forms if entry.python_forms is None else tuple(_form(text) for text in entry.python_forms),
        moves=entry.moves,
        header=entry.header,
        sixteen_bits=entry.sixteen_bits,
    )


def _old(call: Declaration) -> Declaration:
    """The call with 16-bit ids: raw alone."""
    return msgspec.structs.replace(
        call, name=call.name + SIXTEEN_BITS, apis=("syscall",), python_forms=(), moves="", sixteen_bits=False
    )


def _form(text: str) -> Form:
    words = re.findall(r"'[^']+'|[a-z-]+", text)
    return tuple(Parameter("word", word.strip("'")) if word.startswith("'") else Parameter(word) for word in words)
