"""One script: its text becomes scenarios.

The grammar is ``notation.lark``.  This module decides what the words of a script mean; whether the clauses and actors
that it names exist is decided where the whole suite is known (``suite.load``).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any

import msgspec
from lark import Token, Tree

from credstone.calls.kinds import Place
from credstone.notation.headers import Headers
from credstone.notation.lines import Lines
from credstone.notation.mistake import Mistake, refuse
from credstone.notation.parse import parse
from credstone.notation.reading import MOST, Branch, Values, branches, token_of
from credstone.notation.substitute import in_text, substituted
from credstone.words.scenario import Line, Scenario


class Script(msgspec.Struct, frozen=True):
    """What a script says: its scenarios in their order, and what is wrong with it."""

    scenarios: list[Scenario]
    mistakes: list[Mistake]


def read_script(text: str, page: str, script: str, path: str) -> list[Scenario]:
    """The scenarios of one script, in their order.

    Raises Mistake, or Mistakes if there are several, where the text does not follow the notation.
    """
    read = examine(text, page, script, path)
    refuse(read.mistakes)
    return read.scenarios


def examine(text: str, page: str, script: str, path: str) -> Script:
    """The scenarios of one script as far as it can be read, and all that is wrong with it."""
    tree, unread = parse(text, path)
    if not tree.children and not unread:
        message = "there is no scenario in this script: one begins with a line such as 'scenario zero-is-an-id'"
        unread = [Mistake(path, text, 1, 1, message)]
    reader = _Reader(text, page, script, path)
    reader.partial = bool(unread)
    scenarios = list(reader.scenarios(tree))
    return Script(scenarios, [*unread, *reader.mistakes])


class _Reader(Headers, Lines):
    """Turns the parse tree of one script into scenarios."""

    partial = False
    """Whether lines are left out because they do not follow the grammar: a header may be among them."""

    def scenarios(self, tree: Branch) -> Iterator[Scenario]:
        for branch in tree.children:
            assert isinstance(branch, Tree)
            with self.going_on():
                yield from self.family_of(branch)

    def family_of(self, branch: Branch) -> Iterator[Scenario]:
        """One scenario, or one for each combination of its words and of the values of its variables."""
        words = list(self.words_of(branch))
        families = [self.family(part) for part in branches(substituted(branch, words[0]), "family")]
        names = [name for name, _ in families]
        if math.prod([len(words), *(len(values) for _, values in families)]) > MOST:
            self.wrong(token_of(branch), f"this family has more than {MOST} scenarios")
        for chosen in words:
            self.words = chosen
            written = substituted(branch, chosen)
            for combination in itertools.product(*(values for _, values in families)):
                found = len(self.mistakes)
                yield self.scenario(written, dict(zip(names, combination, strict=True)))
                if len(self.mistakes) > found:
                    return  # the other words and values would show the same

    def scenario(self, branch: Branch, values: Values) -> Scenario:
        name = token_of(branch)
        children = frozenset(self.children(branch))
        self.agent_variables = frozenset({"pid", *children})
        self.speaks_of_asked = False
        settings: dict[str, Any] = {}
        for part in branch.children[1:]:
            assert isinstance(part, Tree)
            if part.data == "lines":
                break
            with self.going_on():
                self.header(part, values, settings)
        for needed, example in (("cites", "cites EPERM-capability"), ("actors", "as root")):
            if needed not in settings and not self.partial:
                self.note(name, f"scenario {name} does not say '{example.split()[0]}': add a line such as '{example}'")
        self.place = Place(frozenset(file.name for file in settings.get("files", ())), children)
        lines = tuple(self.lines_of(list(branches(branch, "lines")), values))
        self.watched(name, lines, "watch" in settings)
        asked = tuple(settings.pop("asked", ()))
        return Scenario(
            page=self.page,
            script=self.script,
            name=str(name),
            cites=tuple(settings.pop("cites", ())),
            actors=tuple(settings.pop("actors", ())),
            apis=tuple(settings.pop("apis", ())),
            files=tuple(settings.pop("files", ())),
            lines=lines,
            about=in_text(self.about(name.line or 1), self.words),
            values=(*self.words.items(), *values.items()),
            database=self.database(branch, values),
            asked=asked,
            speaks_of_asked=self.speaks_of_asked or bool(asked),
            path=self.path,
            number=name.line or 0,
            **settings,
        )

    def header(self, part: Branch, values: Values, settings: dict[str, Any]) -> None:
        """Reads one header into the settings of a scenario."""
        self.defined(part, values)
        if part.data in ("cites", "actors", "apis", "asked"):
            listed = settings.setdefault(part.data, [])
            for child in part.children:
                token = token_of(child) if isinstance(child, Tree) else child
                if token in listed:
                    self.wrong(token, f"{token} is named twice")
                listed.append(str(token))
        elif part.data == "file":
            file = self.file(part, values)
            if file.name in (other.name for other in settings.setdefault("files", [])):
                self.wrong(part.children[0], f"there is a file {file.name} already")
            settings["files"].append(file)
        elif part.data in ("abi", "load", "watch", "limit"):
            value = token_of(part)
            if part.data in settings:
                self.wrong(value, f"the scenario has this header twice: '{value}' would replace the first one")
            scale = 1000 if part.data == "limit" else 1
            settings[part.data] = str(value) if part.data == "abi" else self.positive(value) * scale
        elif part.data == "nosuid":
            settings["nosuid"] = True

    def watched(self, name: Token, lines: tuple[Line, ...], watched: bool) -> None:
        """What the threads see that watch each other is asked where there are such, and they look at main alone."""
        if watched and any(line.who.startswith("thread ") for line in lines):
            self.wrong(name, "main makes the calls while threads watch: they would take another thread for a bystander")
        if not watched and any(line.call.name == "left_behind" for line in lines):
            self.wrong(name, "left_behind() needs a line such as 'while 20 threads watch each other'")

    def about(self, line: int) -> str:
        """The comment that stands directly above this line."""
        above = itertools.takewhile(lambda text: text.startswith("#"), reversed(self.lines[: line - 1]))
        return " ".join(text.lstrip("# ") for text in reversed(list(above)))

    def children(self, branch: Branch) -> Iterator[str]:
        """The names of the children that perform lines of a scenario."""
        for part in (line for lines in branches(branch, "lines") for line in branches(lines, "line")):
            who = part.children[0]
            if isinstance(who, Token) and who.type == "WHO" and who.startswith("child ") and "$" not in who:
                yield who.removeprefix("child ")
