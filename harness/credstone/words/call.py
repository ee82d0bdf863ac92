"""A call as a script writes it: a name and its arguments."""

from __future__ import annotations

from functools import cached_property
from typing import TypeAlias, cast

import msgspec


class Text(msgspec.Struct, frozen=True, tag=True):
    """A quoted argument: a path, a name, what to write."""

    text: str


class Word(msgspec.Struct, frozen=True, tag=True):
    """A bare argument: a constant of the headers (``O_RDONLY``), a kind of pointer (``bad-pointer``), a file of the
    cell, another process, or a variable that the agent knows (``$pid``).
    """

    word: str


class Items(msgspec.Struct, frozen=True, tag=True, dict=True):
    """A list of arguments, written in brackets."""

    items: tuple[Argument, ...]

    @cached_property
    def numbers(self) -> tuple[int, ...] | None:
        """The list as numbers, None where it holds anything else.  Kept: lists go up to 65537 entries."""
        if all(isinstance(item, int) for item in self.items):
            return cast("tuple[int, ...]", self.items)
        return None


Argument: TypeAlias = int | Text | Word | Items


class Call(msgspec.Struct, frozen=True):
    """One call: its name, its arguments by position, and by name where Python takes them so."""

    name: str
    arguments: tuple[Argument, ...] = ()
    keywords: tuple[tuple[str, Argument], ...] = ()
