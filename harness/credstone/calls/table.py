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
MACHINES = (("x86_64",), ("i386",), ("arm",), ("s390x",), ("ppc64le", "ppc64"), ("aarch64", "riscv64", "loongarch64"))
"""The machines whose numbers of calls are known, in the order of the column ``numbers``; those of a group are the same."""


class Parameter(msgspec.Struct, frozen=True):
    """One argument of a form: its kind, or the one word that it must be."""

    kind: str
    word: str = ""

    def __str__(self) -> str:
        return f"'{self.word}'" if self.word else self.kind


Form = tuple[Parameter, ...]
"""The arguments that a call takes together."""


class Columns(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", kw_only=True):
    """What a table may say of a call besides its arguments; the defaults are those of most calls.

    ``answer`` is the kind of its answer.  ``moves`` is what the C library changes by it: the ``process``, the calling
    ``thread``, or nothing (empty).  ``header`` declares it in C; ``only_if`` is the condition of the preprocessor under
    which the C agent has it, ``no_function`` says that no C library has it.  ``kernel`` is the raw call, in C, of the
    arguments ``a``, ``b`` and so on; without it, it is that of the same name with the same arguments.  ``numbers`` are its
    numbers on the machines of ``MACHINES``, for the Python agent, which makes the calls of the ``kernel`` by number.

    ``python`` is the module whose function of that name makes it: ``os``, ``pwd``, ``grp``, the C ``library``, or the
    ``kernel`` itself.  ``shell`` is the command that makes it, or prints its answer.  ``leaves`` is what the Python agent
    has to fear of it: that the ``process`` does not go on as it was, or what is remembered of ``names``; ``needs_folder`` says that it may make a file where the cell is.  ``status`` is
    where /proc/PID/status has its answer: the field, the first of its numbers, and how many.  ``sixteen_bits`` says that
    there is an old call with 16-bit ids.

    ``by_hand`` are the folders in which the call is written by hand, because it is not regular there: ``agent/c``,
    ``agent/python``, ``repro/c``, ``repro/python``, ``repro/shell``, or both agents, or all of ``repro``.  A program of
    ``repro/shell`` is made by hand or by the column ``shell``, or not at all.  ``note`` is what the protocol says of it.
    """

    answer: str = "number"
    moves: str = ""
    header: str = ""
    only_if: str = ""
    no_function: bool = False
    kernel: str = ""
    python: str = "os"
    shell: str = ""
    by_hand: str = ""
    leaves: str = ""
    needs_folder: bool = False
    status: str = ""
    sixteen_bits: bool = False
    numbers: tuple[int, ...] = ()
    note: str = ""


class Declaration(Columns, frozen=True, kw_only=True):
    """What holds of a call, whoever performs, prints or judges it.

    ``forms`` are the arguments that it takes, ``python_forms`` those that Python can express.  ``apis`` are those that can
    make it; a call that is the same ``through_every_api`` is the kernel's, and Python makes it as the others do.  ``table``
    is the file in which it is declared.
    """

    name: str
    table: str
    forms: tuple[Form, ...]
    apis: tuple[str, ...] = EVERY_API
    through_every_api: bool = True
    python_forms: tuple[Form, ...] = ()

    def with_arguments(self, count: int) -> tuple[Form, ...]:
        """The forms with so many arguments."""
        return tuple(form for form in self.forms if len(form) == count)

    @property
    def counts(self) -> tuple[int, ...]:
        """The numbers of arguments that it takes."""
        return tuple(sorted({len(form) for form in self.forms}))

    @property
    def old(self) -> bool:
        """Whether it is an old call with 16-bit ids."""
        return self.name.endswith(SIXTEEN_BITS)

    @property
    def in_status(self) -> tuple[str, int, int] | None:
        """Where /proc/PID/status has its answer: the field, the first of its numbers, and how many; 0 for all."""
        if not self.status:
            return None
        field, *numbers = self.status.split()
        first, count = map(int, numbers or ("0", "0"))
        return field, first, count

    def is_by_hand(self, folder: str) -> bool:
        """Whether it is written by hand in this folder."""
        return any(folder == each or folder.startswith(f"{each}/") for each in self.by_hand.split())


class _Entry(Columns, frozen=True, forbid_unknown_fields=True, rename="kebab", kw_only=True):
    """A call as its table has it."""

    forms: tuple[str, ...]
    apis: tuple[str, ...] | None = None
    python_forms: tuple[str, ...] | None = None


@functools.cache
def declarations() -> dict[str, Declaration]:
    """All calls by name, the old ones with 16-bit ids among them."""
    found: dict[str, Declaration] = {}
    folder = resources.files("credstone.calls")
    for table in sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name):
        entries = msgspec.convert(tomllib.loads(table.read_text(encoding="utf-8")), dict[str, _Entry])
        for name, entry in entries.items():
            found[name] = _declaration(name, entry, table.name)
    for each in tuple(found.values()):
        if each.sixteen_bits:
            found.setdefault(each.name + SIXTEEN_BITS, _old(each))
    return found


def _declaration(name: str, entry: _Entry, table: str) -> Declaration:
    apis = EVERY_API if entry.apis is None else entry.apis
    python_forms = entry.forms if entry.python_forms is None else entry.python_forms
    return Declaration(
        name=name,
        table=table,
        forms=tuple(map(_form, entry.forms)),
        apis=apis,
        through_every_api=entry.apis is None,
        python_forms=tuple(map(_form, python_forms)) if "python" in apis else (),
        **{column: getattr(entry, column) for column in Columns.__struct_fields__},
    )


def _old(call: Declaration) -> Declaration:
    """The call with 16-bit ids: raw alone, and without a trace in what programs of today see."""
    return msgspec.structs.replace(
        call, name=call.name + SIXTEEN_BITS, apis=("syscall",), python_forms=(), moves="", header="", status="",
        shell="", sixteen_bits=False, numbers=(), only_if="defined SIXTEEN_BIT_CALLS", no_function=True, note="",
    )  # fmt: skip


def _form(text: str) -> Form:
    words = re.findall(r"'[^']+'|[a-z-]+", text)
    return tuple(Parameter("word", word.strip("'")) if word.startswith("'") else Parameter(word) for word in words)
