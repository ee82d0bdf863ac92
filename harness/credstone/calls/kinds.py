"""What an argument of each kind may be in a script."""

from __future__ import annotations

import difflib
from collections.abc import Callable

import msgspec

from credstone.calls.known import no_constant
from credstone.words.call import Argument, Items, Text, Word
from credstone.words.constants import bits_of, value_of

POINTERS = ("valid", "null", "bad-pointer")
HELD = "held"
"""The namespace that a line ``hold`` keeps open."""


class Place(msgspec.Struct, frozen=True):
    """What the words of a script can name: its files, and its children."""

    files: frozenset[str] = frozenset()
    children: frozenset[str] = frozenset()


Check = Callable[[Argument, Place], str]
"""What is wrong with an argument; empty if it is right."""


def _number(argument: Argument, place: Place) -> str:
    if isinstance(argument, int):
        return ""
    if isinstance(argument, Word):
        return _constants(argument, value_of)
    return "a number is expected here, or a constant"


def _mask(argument: Argument, place: Place) -> str:
    if isinstance(argument, int):
        return ""
    if isinstance(argument, Word):
        return _constants(argument, bits_of)
    return "a set of capabilities is expected here, such as CAP_SETUID|CAP_SETGID"


def _constants(word: Word, known: Callable[[str], int | None]) -> str:
    """What is wrong with constants that are joined; those of what a runtime was asked for are known later."""
    if word.word.startswith("$"):
        return ""
    unknown = next((name for name in word.word.split("|") if not name.isdigit() and known(name) is None), "")
    return no_constant(unknown) if unknown else ""


def _id(argument: Argument, place: Place) -> str:
    if isinstance(argument, int) or (isinstance(argument, Word) and argument.word.startswith("$asked-")):
        return ""
    return "an ID is expected here: a number"


def _list(argument: Argument, place: Place) -> str:
    if not isinstance(argument, Items):
        return "a list is expected here, such as [100, 200]"
    return next((wrong for item in argument.items if (wrong := _id(item, place))), "")


def _text(argument: Argument, place: Place) -> str:
    return "" if isinstance(argument, Text) else 'a text is expected here, such as "alice"'


def _pointer(argument: Argument, place: Place) -> str:
    right = isinstance(argument, Word) and argument.word in POINTERS
    return "" if right else f"a pointer is expected here: {', '.join(POINTERS)}"


def _path(argument: Argument, place: Place) -> str:
    if isinstance(argument, Text):
        return ""
    if isinstance(argument, Word) and argument.word in place.files:
        return ""
    named = argument.word if isinstance(argument, Word) else "this"
    return f"a path is expected here, and {named} is no file of the scenario: a text, or the name of a header 'file'"


def _namespace(argument: Argument, place: Place) -> str:
    if isinstance(argument, Word) and argument.word == HELD:
        return ""
    return "" if isinstance(argument, Text) else 'a namespace is expected here, such as "/proc/self/ns/user", or held'


def _process(argument: Argument, place: Place) -> str:
    if isinstance(argument, int):
        return ""
    if isinstance(argument, Word) and argument.word.removeprefix("$") in {"pid", *place.children}:
        return ""
    named = argument.word if isinstance(argument, Word) else "this"
    return f"a process is expected here, and no line is performed by a child {named}"


def _task(argument: Argument, place: Place) -> str:
    if isinstance(argument, Word) and argument.word in ("self", "thread-self", "outside"):
        return ""
    return _process(argument, place)


def _one_of(what: str, words: tuple[str, ...]) -> Check:
    """The check of an argument that is one of these words."""

    def check(argument: Argument, place: Place) -> str:
        if isinstance(argument, Word) and argument.word in words:
            return ""
        near = difflib.get_close_matches(argument.word, words, n=1) if isinstance(argument, Word) else []
        return f"{what} is expected here: {near[0] if near else ', '.join(words)}"

    return check


KINDS: dict[str, Check] = {
    "constant": _one_of("a constant of limits.h or signal.h", ("NGROUPS_MAX", "SIGRTMIN")),
    "entry": _one_of("an entry of the auxiliary vector", ("AT_UID", "AT_EUID", "AT_GID", "AT_EGID", "AT_SECURE")),
    "field": _one_of(
        "a field of /proc/PID/status",
        ("Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "SigBlk"),
    ),
    "flags": _number,
    "id": _id,
    "list": _list,
    "mask": _mask,
    "mode": _number,
    "namespace": _namespace,
    "number": _number,
    "path": _path,
    "pointer": _pointer,
    "process": _process,
    "program": _path,
    "request": _one_of("a request", ("PTRACE_TRACEME", "PTRACE_SEIZE", "PTRACE_ATTACH", "PTRACE_DETACH")),
    "signal": _number,
    "task": _task,
    "text": _text,
    "variable": _one_of("a variable of sysconf(3)", ("_SC_NGROUPS_MAX",)),
}
"""By name."""
