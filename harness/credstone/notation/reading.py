"""Reading the small things of a script: numbers, ranges, texts with variables, and the mistakes in them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from lark import Token, Tree

from credstone.calls.kinds import Place
from credstone.calls.known import no_constant
from credstone.notation.mistake import Mistake
from credstone.notation.show import ESCAPES
from credstone.words.constants import bits_of
from credstone.words.container_start import PLACEHOLDERS

MOST = 1 << 20
"""The most numbers that a range, and the most scenarios that a family, may stand for."""

_NUMBERS = range(-(1 << 63), 1 << 63)
"""What an agent can read (PROTOCOL.md)."""

Branch = Tree[Token]
Values = dict[str, int]


class Reading:
    """One script under the reader's eyes.

    ``agent_variables`` are those that only the agent can fill in: the process IDs of main and of the children.
    """

    def __init__(self, text: str, page: str, script: str, path: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.page = page
        self.script = script
        self.path = path
        self.agent_variables = frozenset({"pid"})
        self.speaks_of_asked = False
        self.place = Place()
        self.mistakes: list[Mistake] = []

    def spread(self, parts: Iterable[Any], values: Values) -> Iterator[int]:
        """The numbers of a list in which ``a..b`` stands for all from a to b."""
        for part in parts:
            if isinstance(part, Tree):
                first, last = (self.id(token, values) for token in part.children)
                if last < first:
                    self.wrong(part.children[0], f"the range {first}..{last} is empty: the smaller number comes first")
                if last - first >= MOST:
                    self.wrong(part.children[0], f"the range {first}..{last} has more than {MOST} numbers")
                yield from range(first, last + 1)
            else:
                yield self.id(part, values)

    def positive(self, token: Any) -> int:
        """A number from 1 to a million: no cell takes longer, and no process has more threads."""
        number = self.number(token)
        if not 1 <= number <= 1_000_000:
            self.wrong(token, f"{number} cannot be: a number from 1 to 1000000 is expected")
        return number

    def filled(self, token: Token, values: Values) -> str:
        """The text with the variables of the family in place; those of the agent stay."""
        parts = str(token).split("$")
        done = [parts[0]]
        for part in parts[1:]:
            name = "".join(itertools.takewhile(lambda char: char.isalnum() or char == "_", part))
            if not name[:1].islower():
                done.append("$" + part)
            elif name in values:
                done.append(str(values[name]) + part[len(name) :])
            elif name in self.agent_variables:
                done.append("$" + part)
            else:
                known = ", ".join(f"${name}" for name in sorted({*values, *self.agent_variables}))
                self.wrong(
                    token, f"${name} is not defined: here are {known}; a line 'with {name} in 1, 2' would define it"
                )
        return "".join(done)

    def id(self, token: Any, values: Values) -> int:
        if token.type == "CONSTANTS":
            return self.bits(token)
        if token.type == "ASKED":
            self.wrong(token, f"{token} cannot stand here: what was asked is no end of a range")
        if not token.startswith("$"):
            return self.number(token)
        if token[1:] not in values:
            self.filled(token, values)
            self.wrong(token, f"{token} is known only when the cell runs: it can be an argument, but not be expected")
        return values[token[1:]]

    def asked(self, token: Token) -> str:
        """A word that stands for what a runtime was asked for."""
        self.speaks_of_asked = True
        if token not in PLACEHOLDERS:
            self.wrong(token, f"there is no {token}: there are {', '.join(PLACEHOLDERS)}")
        return str(token)

    def number(self, token: Any) -> int:
        """A number; as in C one that begins with 0x is hexadecimal, one that begins with 0 octal."""
        if token.lstrip("-").startswith("0x"):
            if len(token) > 18 or int(token, 16) not in _NUMBERS:
                self.wrong(token, "this number does not fit into 64 bits")
            return int(token, 16)
        if len(token) > 1 and token[0] == "0":
            if len(token) > 7 or not set(token) <= set("01234567"):
                self.wrong(token, f"{token} is no octal number: a number that begins with 0 is one, such as 0755")
            return int(token, 8)
        if len(token) > 20 or int(token) not in _NUMBERS:
            self.wrong(token, "this number does not fit into 64 bits")
        return int(token)

    def bits(self, token: Token) -> int:
        """Constants of the headers as one set of bits."""
        total = 0
        for name in token.split("|"):
            bit = int(name, 0) if name[0].isdigit() else bits_of(name)
            if bit is None:
                self.wrong(token, no_constant(name))
            total |= bit
        return total

    def text_lines(self, branch: Branch, values: Values) -> list[str]:
        """The texts that ``"..." for n in 1..3`` stands for."""
        text, name, numbers = branch.children
        assert isinstance(text, Token)
        return [self.quoted(text, {**values, str(name): number}) for number in self.spread([numbers], values)]

    def quoted(self, token: Token, values: Values) -> str:
        """What stands between the quotes, with the variables of the family in place and the escapes as characters."""

        def character(found: re.Match[str]) -> str:
            if found[1] not in ESCAPES:
                known = ", ".join(f"\\{letter}" for letter in ESCAPES)
                self.wrong(token, f"{found[0]} means nothing in a text: there are {known}")
            return ESCAPES[found[1]]

        return re.sub(r"\\(.?)", character, self.filled(token, values)[1:-1])

    def wrong(self, token: Any, message: str) -> NoReturn:
        """Ends the reading of the part of the script that has this mistake."""
        raise self.mistake(token, message)

    def note(self, token: Any, message: str) -> None:
        """Collects a mistake; the reading goes on."""
        self.mistakes.append(self.mistake(token, message))

    def mistake(self, token: Any, message: str) -> Mistake:
        return Mistake(self.path, self.text, token.line or 1, token.column or 1, message)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Collects the mistake that ends the reading of a part, so that the next part is read too."""
        try:
            yield
        except Mistake as mistake:
            self.mistakes.append(mistake)


def branches(branch: Branch, name: str) -> Iterator[Branch]:
    return (part for part in branch.children if isinstance(part, Tree) and part.data == name)


def token_of(branch: Branch) -> Token:
    token = branch.children[0]
    assert isinstance(token, Token)
    return token


def first_token(branch: Branch) -> Token:
    return next(iter(branch.scan_values(lambda value: isinstance(value, Token))))
