"""The arguments of a call, as the function of a page gets them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import msgspec

from credstone.words.call import Argument, Call, Items, Text, Word
from credstone.words.capability import MASKS

POINTERS = ("valid", "null", "bad-pointer")


class NotModelled(KeyError):
    """A call, an argument or an object of which the model knows nothing."""

    def __str__(self) -> str:
        return str(self.args[0])


class Buffer(msgspec.Struct, frozen=True):
    """A list of gids that a pointer leads to.

    ``gids`` is what stands in it; None for the numbers 0, 1, 2, … as far as anybody looks.
    """

    kind: str = "valid"
    gids: tuple[int, ...] | None = None

    @property
    def valid(self) -> bool:
        return self.kind == "valid"

    def first(self, count: int) -> tuple[int, ...]:
        """The first gids of the list."""
        return tuple(range(count)) if self.gids is None else self.gids[:count]


WHOLE = Buffer()
"""A buffer with room for whatever comes."""

Parameter: TypeAlias = Callable[[Argument], Any]
"""How one argument of a script is understood."""


def number(argument: Argument) -> int:
    """A number, or constants of the headers joined with ``|``."""
    if isinstance(argument, int):
        return argument
    if isinstance(argument, Word):
        return sum(constant(name) for name in argument.word.split("|"))
    raise NotModelled(f"{argument!r} is no number")


def text(argument: Argument) -> str:
    """A quoted text, or a bare word: the name of a file of the cell."""
    if isinstance(argument, Text):
        return argument.text
    if isinstance(argument, Word):
        return argument.word
    raise NotModelled(f"{argument!r} is no text")


def word(argument: Argument) -> str:
    """A bare word, or a number as it is written."""
    if isinstance(argument, Word):
        return argument.word
    if isinstance(argument, int):
        return str(argument)
    raise NotModelled(f"{argument!r} is no word")


def pointer(argument: Argument) -> Buffer:
    """One of the kinds of pointer."""
    if isinstance(argument, Word) and argument.word in POINTERS:
        return Buffer(argument.word)
    raise NotModelled(f"{argument!r} is no kind of pointer: those are {', '.join(POINTERS)}")


def python_value(argument: Argument) -> Any:
    """An argument as Python's own types: what ``os`` gets."""
    if isinstance(argument, Items):
        return argument.numbers or tuple(python_value(item) for item in argument.items)
    if isinstance(argument, Text):
        return argument.text
    if isinstance(argument, Word):
        return {"None": None, "True": True, "False": False}.get(argument.word, argument)
    return argument


def sequence(*parameters: Parameter) -> Callable[[Call], tuple[Any, ...]]:
    """The arguments of a call that has exactly these parameters."""

    def bind(call: Call) -> tuple[Any, ...]:
        if len(call.arguments) != len(parameters):
            raise NotModelled(f"{call.name} takes {len(parameters)} arguments, not {len(call.arguments)}")
        return tuple([parameter(given) for parameter, given in zip(parameters, call.arguments, strict=True)])

    return bind


def at_most(*parameters: Parameter) -> Callable[[Call], tuple[Any, ...]]:
    """The arguments of a call whose last parameters can be left away."""

    def bind(call: Call) -> tuple[Any, ...]:
        if len(call.arguments) > len(parameters):
            raise NotModelled(f"{call.name} takes at most {len(parameters)} arguments, not {len(call.arguments)}")
        return tuple([parameter(given) for parameter, given in zip(parameters, call.arguments, strict=False)])

    return bind


def gid_list(call: Call) -> tuple[int, Buffer]:
    """The arguments of setgroups: a list, or a size and a kind of pointer."""
    match call.arguments:
        case (Items() as items,):
            return len(items.items), Buffer("valid", items.numbers)
        case (size, kind):
            return number(size), pointer(kind)
        case (size,):
            return number(size), WHOLE
    raise NotModelled("setgroups takes a list, or a size and a pointer")


def python_arguments(call: Call) -> tuple[Any, ...]:
    """All arguments, in Python's types, as one tuple: how many there must be is for the function to say."""
    return (tuple([python_value(argument) for argument in call.arguments]),)


def keywords(call: Call) -> tuple[Any, ...]:
    """The keyword arguments of a Python call, by name, in Python's types."""
    if call.arguments:
        raise NotModelled(f"{call.name} with arguments by position")
    return (tuple([(name, python_value(value)) for name, value in call.keywords]),)


CONSTANTS = {
    "O_RDONLY": 0, "O_WRONLY": 1, "O_RDWR": 2,
    "F_OK": 0, "X_OK": 1, "W_OK": 2, "R_OK": 4,
    "CLONE_NEWUSER": 0x10000000, "CLONE_NEWNS": 0x20000,
    "PR_SET_PDEATHSIG": 1, "PR_GET_PDEATHSIG": 2, "PR_GET_DUMPABLE": 3, "PR_SET_DUMPABLE": 4,
    "PR_GET_KEEPCAPS": 7, "PR_SET_KEEPCAPS": 8, "PR_CAPBSET_READ": 23, "PR_CAPBSET_DROP": 24,
    "PR_GET_SECUREBITS": 27, "PR_SET_SECUREBITS": 28, "PR_SET_NO_NEW_PRIVS": 38, "PR_GET_NO_NEW_PRIVS": 39,
    "PR_CAP_AMBIENT": 47, "PR_CAP_AMBIENT_IS_SET": 1, "PR_CAP_AMBIENT_RAISE": 2, "PR_CAP_AMBIENT_LOWER": 3,
    "PR_CAP_AMBIENT_CLEAR_ALL": 4,
    "SECBIT_NOROOT": 0x1, "SECBIT_NOROOT_LOCKED": 0x2, "SECBIT_NO_SETUID_FIXUP": 0x4,
    "SECBIT_NO_SETUID_FIXUP_LOCKED": 0x8, "SECBIT_KEEP_CAPS": 0x10, "SECBIT_KEEP_CAPS_LOCKED": 0x20,
    "SECBIT_NO_CAP_AMBIENT_RAISE": 0x40, "SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED": 0x80,
    "SIGHUP": 1, "SIGINT": 2, "SIGKILL": 9, "SIGUSR1": 10, "SIGUSR2": 12, "SIGTERM": 15, "SIGCHLD": 17,
    "NGROUPS_MAX": 65536,
}  # fmt: skip
"""Constants of the headers, with the values that all architectures of today share."""


def constant(name: str) -> int:
    """The value of a constant; a capability stands for its number."""
    if name in CONSTANTS:
        return CONSTANTS[name]
    if name in MASKS:
        return MASKS[name].bit_length() - 1
    raise NotModelled(f"the constant {name} is not known")


def capability_mask(argument: Argument) -> int:
    """A mask of capabilities: a number, or names joined with ``|``."""
    if isinstance(argument, int):
        return argument
    names = text(argument).split("|")
    unknown = [name for name in names if name not in MASKS]
    if unknown:
        raise NotModelled(f"the capability {unknown[0]} is not known")
    return sum({MASKS[name] for name in names})
