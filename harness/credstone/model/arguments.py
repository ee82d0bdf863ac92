"""The arguments of a call, as the function of a page gets them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import msgspec

from credstone.text.plural import counted
from credstone.words.call import Argument, Call, Items, Text, Word
from credstone.words.capability import MASKS
from credstone.words.constants import value_of

POINTERS = ("valid", "null", "bad-pointer")


class NotModelled(Exception):
    """The model does not know a call, an argument or an object; the text is a sentence that says which."""


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

Parameter: TypeAlias = Callable[[Argument], object]
"""How one argument of a script is understood."""

Binding: TypeAlias = Callable[[Call], tuple[object, ...]]
"""How the arguments of a script become those of a function."""


def number(argument: Argument) -> int:
    """A number, or constants of the headers joined with ``|``."""
    if isinstance(argument, int):
        return argument
    if isinstance(argument, Word):
        return sum(constant(name) for name in argument.word.split("|"))
    raise NotModelled(f"{argument!r} is not a number")


def as_int(value: int) -> int:
    """A number as a parameter of type int takes it: the lower 32 bits, with a sign."""
    return (value + 2**31) % 2**32 - 2**31


def text(argument: Argument) -> str:
    """A quoted text, or a bare word: the name of a file of the cell."""
    if isinstance(argument, Text):
        return argument.text
    if isinstance(argument, Word):
        return argument.word
    raise NotModelled(f"{argument!r} is not a text")


def path(argument: Argument) -> str:
    """A path: absolute as it is written; one below the folder of the cell without its components ``.``.

    A slash at the end stays: it asks for a folder.
    """
    written = text(argument)
    if written.startswith("/") or not written:
        return written
    names = [name for name in written.split("/") if name not in ("", ".")]
    if ".." in names:
        raise NotModelled(f"it does not know what is behind {written}: a path must stay in the folder of the cell")
    asks_for_a_folder = bool(names) and written.endswith(("/", "/."))
    return ("/".join(names) or ".") + ("/" if asks_for_a_folder else "")


def word(argument: Argument) -> str:
    """A bare word, or a number as it is written."""
    if isinstance(argument, Word):
        return argument.word
    if isinstance(argument, int):
        return str(argument)
    raise NotModelled(f"{argument!r} is not a word")


def pointer(argument: Argument) -> Buffer:
    """One of the kinds of pointer."""
    if isinstance(argument, Word) and argument.word in POINTERS:
        return Buffer(argument.word)
    raise NotModelled(f"{argument!r} is not a pointer ({', '.join(POINTERS)})")


def python_value(argument: Argument) -> Any:
    """An argument as Python's own types: what ``os`` gets."""
    if isinstance(argument, Items):
        return argument.numbers or tuple(python_value(item) for item in argument.items)
    if isinstance(argument, Text):
        return argument.text
    if isinstance(argument, Word):
        return _OBJECTS.get(argument.word, _fraction(argument))
    return argument


_OBJECTS = {"None": None, "True": True, "False": False}


def _fraction(word: Word) -> float | Word:
    """A word that is a number with a point, as Python's float; any other word as it is."""
    try:
        return float(word.word) if "." in word.word else word
    except ValueError:
        return word


def sequence(*parameters: Parameter) -> Binding:
    """The arguments of a call that has exactly these parameters."""

    def bind(call: Call) -> tuple[object, ...]:
        if len(call.arguments) != len(parameters):
            raise NotModelled(f"{call.name} takes {counted(len(parameters), 'argument')}, not {len(call.arguments)}")
        return tuple([parameter(given) for parameter, given in zip(parameters, call.arguments, strict=True)])

    return bind


def at_most(*parameters: Parameter) -> Binding:
    """The arguments of a call whose last parameters can be left away."""

    def bind(call: Call) -> tuple[object, ...]:
        if len(call.arguments) > len(parameters):
            raise NotModelled(
                f"{call.name} takes at most {counted(len(parameters), 'argument')}, not {len(call.arguments)}"
            )
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


def short_gid_list(call: Call) -> tuple[int, Buffer]:
    """The arguments of setgroups16: as those of setgroups; where the entries are wide, the halves are read as ids."""
    match call.arguments:
        case (Items() as items, Word("wide")):
            halves = [half for gid in items.numbers or () for half in (gid & 0xFFFF, gid >> 16 & 0xFFFF)]
            return len(items.items), Buffer("valid", tuple(halves[: len(items.items)]))
    return gid_list(call)


def python_arguments(call: Call) -> tuple[Any, ...]:
    """All arguments, in Python's types, as one tuple: how many there must be is for the function to say."""
    return (tuple([python_value(argument) for argument in call.arguments]),)


def python_arguments_and_keywords(call: Call) -> tuple[Any, ...]:
    """As ``python_arguments``, and a second tuple with the pairs of name and value that are given by name."""
    pairs = tuple([(name, python_value(value)) for name, value in call.keywords])
    return (*python_arguments(call), pairs)


def keywords(call: Call) -> tuple[Any, ...]:
    """The keyword arguments of a Python call, by name, in Python's types."""
    if call.arguments:
        raise NotModelled(f"{call.name} takes keyword arguments only")
    return (tuple([(name, python_value(value)) for name, value in call.keywords]),)


def constant(name: str) -> int:
    """The value of a constant; a capability stands for its number."""
    value = value_of(name)
    if value is None:
        raise NotModelled(f"it does not know the constant {name}")
    return value


def capability_mask(argument: Argument) -> int:
    """A mask of capabilities: a number, or names joined with ``|``."""
    if isinstance(argument, int):
        return argument
    names = text(argument).split("|")
    unknown = [name for name in names if name not in MASKS]
    if unknown:
        raise NotModelled(f"it does not know the capability {unknown[0]}")
    return sum({MASKS[name] for name in names})
