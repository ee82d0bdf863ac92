"""A call as a script writes it: a name and its arguments."""

from __future__ import annotations

from typing import TypeAlias

import msgspec


class Text(msgspec.Struct, frozen=True, tag=True):
    """A quoted argument: a path, a name, what to write."""

    text: str


class Word(msgspec.Struct, frozen=True, tag=True):
    """A bare argument: a constant of the headers (``O_RDONLY``), a kind of pointer (``bad-pointer``), a file of the
    cell, another process, or a variable that the agent knows (``$pid``).
    """

    word: str


class Items(msgspec.Struct, frozen=True, tag=True):
    """A list of arguments, written in brackets."""

    items: tuple[Argument, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the list; what is no number is left out."""
        return tuple(item for item in self.items if isinstance(item, int))


Argument: TypeAlias = int | Text | Word | Items


class Call(msgspec.Struct, frozen=True):
    """One call: its name, its arguments by position, and by name where Python takes them so."""

    name: str
    arguments: tuple[Argument, ...] = ()
    keywords: tuple[tuple[str, Argument], ...] = ()
