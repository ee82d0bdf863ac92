"""One script: its text becomes scenarios.

The grammar is ``notation.lark``.  This module decides what the words of a script mean; whether the clauses and actors
that it names exist is decided where the whole suite is known (``suite.load``).
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterable, Iterator
from importlib import resources
from typing import Any, NoReturn

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput
from lark.lexer import PatternStr

from credstone.suite.mistake import Mistake, expected_in_words
from credstone.words.call import Argument, Call, Items, Text, Word
from credstone.words.scenario import (
    MAIN,
    Contains,
    Database,
    Expectation,
    Fails,
    File,
    Is,
    Lacks,
    Line,
    Raises,
    Scenario,
    Unordered,
)

AGENT_VARIABLES = frozenset({"pid"})
"""Variables that only the agent can fill in."""

MOST = 1 << 20
"""The most numbers that a range, and the most scenarios that a family, may stand for."""

_NUMBERS = range(-(1 << 63), 1 << 63)
"""What an agent can read (PROTOCOL.md)."""

Branch = Tree[Token]
Values = dict[str, int]


@functools.cache
def _parser() -> Lark:
    grammar = resources.files("credstone.suite").joinpath("notation.lark").read_text()
    return Lark(grammar, parser="lalr", propagate_positions=False, maybe_placeholders=False)


@functools.cache
def _literals() -> dict[str, str]:
    """The words and signs of the grammar by the names that the parser gives them."""
    patterns = {terminal.name: terminal.pattern for terminal in _parser().terminals}
    return {name: pattern.value for name, pattern in patterns.items() if isinstance(pattern, PatternStr)}


def read_script(text: str, page: str, script: str, path: str) -> list[Scenario]:
    """The scenarios of one script, in their order.

    Raises Mistake where the text does not follow the notation.
    """
    try:
        tree = _parser().parse(text if text.endswith("\n") else text + "\n")
    except UnexpectedInput as error:
        line, column = max(error.line, 1), max(error.column, 1)
        if getattr(getattr(error, "token", None), "type", "") == "$END":
            line, column = text.count("\n") + 1, 1
        raise Mistake(path, text, line, column, expected_in_words(error, _literals())) from None
    if not tree.children:
        message = "there is no scenario in this script: one begins with a line such as 'scenario zero-is-an-id'"
        raise Mistake(path, text, 1, 1, message)
    return list(_Reader(text, page, script, path).scenarios(tree))


class _Reader:
    """Turns the parse tree of one script into scenarios."""

    def __init__(self, text: str, page: str, script: str, path: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.page = page
        self.script = script
        self.path = path

    def scenarios(self, tree: Branch) -> Iterator[Scenario]:
        for branch in tree.children:
            assert isinstance(branch, Tree)
            families = [self.family(part) for part in _branches(branch, "family")]
            names = [name for name, _ in families]
            if math.prod(len(values) for _, values in families) > MOST:
                self.wrong(_token(branch), f"this family has more than {MOST} scenarios")
            for combination in itertools.product(*(values for _, values in families)):
                yield self.scenario(branch, dict(zip(names, combination, strict=True)))

    def scenario(self, branch: Branch, values: Values) -> Scenario:
        name = _token(branch)
        settings: dict[str, Any] = {}
        for part in branch.children[1:]:
            assert isinstance(part, Tree)
            if part.data in ("cites", "actors", "apis"):
                listed = settings.setdefault(part.data, [])
                for child in part.children:
                    token = _token(child) if isinstance(child, Tree) else child
                    if token in listed:
                        self.wrong(token, f"{token} is named twice")
                    listed.append(str(token))
            elif part.data == "file":
                file = self.file(part, values)
                if file.name in (other.name for other in settings.setdefault("files", [])):
                    self.wrong(part.children[0], f"there is a file {file.name} already")
                settings["files"].append(file)
            elif part.data in ("abi", "load", "limit"):
                value = _token(part)
                scale = 1000 if part.data == "limit" else 1
                settings[part.data] = str(value) if part.data == "abi" else self.positive(value) * scale
        for needed, example in (("cites", "cites EPERM-capability"), ("actors", "as root")):
            if needed not in settings:
                self.wrong(name, f"scenario {name} does not say '{example.split()[0]}': add a line such as '{example}'")
        return Scenario(
            page=self.page,
            script=self.script,
            name=str(name),
            cites=tuple(settings.pop("cites")),
            actors=tuple(settings.pop("actors")),
            apis=tuple(settings.pop("apis", ())),
            files=tuple(settings.pop("files", ())),
            lines=tuple(self.line(part, values) for part in _branches(branch, "line")),
            about=self.about(name.line or 1),
            values=tuple(values.items()),
            database=self.database(branch, values),
            path=self.path,
            number=name.line or 0,
            **settings,
        )

    def about(self, line: int) -> str:
        """The comment that stands directly above this line."""
        above = itertools.takewhile(lambda text: text.startswith("#"), reversed(self.lines[: line - 1]))
        return " ".join(text.lstrip("# ") for text in reversed(list(above)))

    def family(self, part: Branch) -> tuple[str, list[int]]:
        name, *parts = part.children
        values = list(self.spread(parts, {}))
        if len(set(values)) < len(values):
            twice = next(value for value in values if values.count(value) > 1)
            self.wrong(name, f"${name} is {twice} twice: each value is a scenario of its own")
        return str(name), values

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

    def file(self, part: Branch, values: Values) -> File:
        name, *parts = part.children
        settings: dict[str, Any] = {"content": ""}
        for piece in parts:
            assert isinstance(piece, Tree)
            if piece.data == "file_agent":
                settings |= {"content": None, "mode": 0o755}
            elif piece.data == "file_text":
                settings["content"] = self.filled(_token(piece), values)[1:-1]
            elif piece.data == "file_owner":
                owner, group = _token(piece).split(":")
                for number in (owner, group):
                    if len(number) > 10 or int(number) >= (1 << 32) - 1:
                        self.wrong(_token(piece), f"{number} is no id: ids go from 0 to 4294967294")
                settings |= {"owner": int(owner), "group": int(group)}
            else:
                settings["mode"] = int(_token(piece), 8)
        return File(name=str(name), **settings)

    def database(self, branch: Branch, values: Values) -> Database | None:
        files: dict[str, list[str] | None] = {}
        for kind in ("passwd", "group"):
            for part in _branches(branch, kind):
                entry = part.children[0]
                lines = files.setdefault(kind, [])
                if lines if isinstance(entry, Token) else lines is None:
                    self.wrong(_first_token(part), f"the {kind} file cannot be missing and have lines")
                if isinstance(entry, Token) or lines is None:
                    files[kind] = None
                else:
                    lines.extend(self.database_lines(entry, values))
        if not files:
            return None
        lines_of = {kind: None if lines is None else tuple(lines) for kind, lines in files.items()}
        return Database(passwd=lines_of.get("passwd", ()), group=lines_of.get("group", ()))

    def database_lines(self, entry: Branch, values: Values) -> list[str]:
        text, *rest = entry.children
        assert isinstance(text, Token)
        if not rest:
            return [self.filled(text, values)[1:-1]]
        name, numbers = rest
        return [self.filled(text, {**values, str(name): number})[1:-1] for number in self.spread([numbers], values)]

    def line(self, branch: Branch, values: Values) -> Line:
        who, calls = MAIN, []
        expected: tuple[Expectation, ...] = ()
        for part in branch.children:
            if isinstance(part, Token):
                who = str(part)
            elif part.data == "call":
                calls.append(self.call(part, values))
            else:
                expected = tuple(self.expectations(part, values))
        return Line(
            call=calls[0],
            who=who,
            expected=expected,
            then=calls[1] if len(calls) > 1 else None,
            number=_first_token(branch).line or 0,
            column=_first_token(branch).column or 0,
        )

    def call(self, branch: Branch, values: Values) -> Call:
        name, *parts = branch.children
        arguments: list[Argument] = []
        keywords: list[tuple[str, Argument]] = []
        for part in parts:
            assert isinstance(part, Tree)
            if part.data == "keyword":
                key, value = part.children
                keywords.append((str(key), self.argument(value, values)))
            else:
                arguments.append(self.argument(part, values))
        return Call(str(name), tuple(arguments), tuple(keywords))

    def argument(self, branch: Any, values: Values) -> Argument:
        if branch.data == "range":
            return Items(tuple(self.spread([branch], values)))
        if branch.data == "items":
            listed: list[Argument] = []
            for part in branch.children:
                item = self.argument(part, values)
                listed.extend(item.items if part.data == "range" and isinstance(item, Items) else [item])
            return Items(tuple(listed))
        token = _token(branch)
        if branch.data == "number":
            return self.number(token)
        if branch.data == "text":
            return Text(self.filled(token, values)[1:-1])
        if token.startswith("$"):
            return values[token[1:]] if token[1:] in values else Word(self.filled(token, values))
        return Word(str(token))

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
            elif name in AGENT_VARIABLES:
                done.append("$" + part)
            else:
                known = ", ".join(f"${name}" for name in sorted({*values, *AGENT_VARIABLES}))
                self.wrong(
                    token, f"${name} is not defined: here are {known}; a line 'with {name} in 1, 2' would define it"
                )
        return "".join(done)

    def id(self, token: Any, values: Values) -> int:
        if not token.startswith("$"):
            return self.number(token)
        if token[1:] not in values:
            self.filled(token, values)
            self.wrong(token, f"{token} is known only when the cell runs: it can be an argument, but not be expected")
        return values[token[1:]]

    def number(self, token: Any) -> int:
        if len(token) > 20 or int(token) not in _NUMBERS:
            self.wrong(token, "this number does not fit into 64 bits")
        return int(token)

    def expectations(self, branch: Branch, values: Values) -> Iterator[Expectation]:
        if branch.data in ("contains", "lacks"):
            kind = Contains if branch.data == "contains" else Lacks
            yield kind(self.id(_token(branch), values))
            return
        for part in branch.children:
            assert isinstance(part, Tree)
            yield self.outcome(part, values)

    def outcome(self, part: Branch, values: Values) -> Expectation:
        match part.data:
            case "is_number":
                ids = tuple(self.spread(part.children, values))
                return Is(ids[0] if len(ids) == 1 else ids)
            case "is_text":
                return Is(self.filled(_token(part), values)[1:-1])
            case "is_list":
                return Is(tuple(self.spread(part.children, values)))
            case "is_set":
                return Unordered(tuple(sorted(self.spread(part.children, values))))
            case "errno":
                return Fails(str(_token(part)))
            case "exception":
                return Raises(str(_token(part)))
            case _:
                return Is(None)

    def wrong(self, token: Any, message: str) -> NoReturn:
        raise Mistake(self.path, self.text, token.line or 1, token.column or 1, message)


def _branches(branch: Branch, name: str) -> Iterator[Branch]:
    return (part for part in branch.children if isinstance(part, Tree) and part.data == name)


def _token(branch: Branch) -> Token:
    token = branch.children[0]
    assert isinstance(token, Token)
    return token


def _first_token(branch: Branch) -> Token:
    return next(iter(branch.scan_values(lambda value: isinstance(value, Token))))
