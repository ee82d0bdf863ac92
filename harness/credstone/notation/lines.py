"""The lines of a scenario: who calls what, and what must be answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from lark import Token, Tree

from credstone.calls.check import mistakes
from credstone.calls.known import unknown_errno, unknown_exception, unknown_signal
from credstone.notation.reading import Branch, Reading, Values, branches, first_token, token_of
from credstone.words.call import Argument, Call, Items, Text, Word
from credstone.words.scenario import (
    MAIN,
    AsAsked,
    Contains,
    Expectation,
    Fails,
    Is,
    Killed,
    Lacks,
    Line,
    Raises,
    Unordered,
    Within,
)


class Lines(Reading):
    """Reads lines."""

    def lines_of(self, parts: list[Branch], values: Values) -> Iterator[Line]:
        """All lines of a scenario, each as often as it is to be performed."""
        unfinished: dict[str, Line] = {}
        for part in parts:
            together = list(branches(part, "line"))
            for turn in self.turns(part, values):
                found = len(self.mistakes)
                for branch in together:
                    with self.going_on():
                        line = self.line(branch, turn, unfinished)
                        self.followed(branch, line, unfinished)
                        yield line
                if len(self.mistakes) > found:
                    break  # the other turns would show the same

    def turns(self, part: Branch, values: Values) -> Iterator[Values]:
        """The values for each time that the calls of one line of the script are performed."""
        repeat = next(branches(part, "repeat"), None)
        if repeat is None:
            yield values
            return
        name, numbers = repeat.children
        for number in self.spread([numbers], values):
            yield {**values, str(name): number}

    def followed(self, branch: Branch, line: Line, unfinished: dict[str, Line]) -> None:
        """Notes who is in a call that has not come back; such a one can do nothing else before it is resumed."""
        token = first_token(branch)
        if line.unfinished and line.who in (MAIN, "outside", "vforked", "all threads"):
            self.wrong(token, f"{line.who} cannot leave a call unfinished: only threads and children can")
        if not line.resumed and line.who in unfinished:
            self.wrong(token, f"{line.who} is still in {unfinished[line.who].call.name}: it must be resumed before")
        if line.unfinished:
            unfinished[line.who] = line
        elif line.resumed:
            del unfinished[line.who]

    def line(self, branch: Branch, values: Values, unfinished: dict[str, Line]) -> Line:
        who, calls = MAIN, []
        expected: tuple[Expectation, ...] = ()
        marks: dict[str, bool] = {}
        for part in branch.children:
            if isinstance(part, Token) and part.type == "WHO":
                who = str(part)
            elif isinstance(part, Token) and part.type == "UNFINISHED":
                marks["unfinished"] = True
            elif isinstance(part, Token):
                marks["resumed"] = True
                name = part.split()[1]
                if who not in unfinished or unfinished[who].call.name != name:
                    self.wrong(part, f"{who} is in no call {name} that is unfinished")
                calls.append(unfinished[who].call)
            elif part.data == "call":
                calls.append(self.call(part, values, inside=calls[0] if calls else None))
            else:
                expected = tuple(self.expectations(part, values))
        return Line(
            call=calls[0],
            who=who,
            expected=expected,
            then=calls[1] if len(calls) > 1 else None,
            **marks,
            number=first_token(branch).line or 0,
            column=first_token(branch).column or 0,
        )

    def call(self, branch: Branch, values: Values, inside: Call | None = None) -> Call:
        """One call; one that is made ``inside`` another is made by the process that this one started."""
        name, *parts = branch.children
        arguments: list[Argument] = []
        keywords: list[tuple[str, Argument]] = []
        tokens: list[Any] = []
        for part in parts:
            assert isinstance(part, Tree)
            if part.data == "keyword":
                key, value = part.children
                keywords.append((str(key), self.argument(value, values)))
            else:
                arguments.append(self.argument(part, values))
                tokens.append(next(part.scan_values(lambda value: isinstance(value, Token)), name))
        call = Call(str(name), tuple(arguments), tuple(keywords))
        for wrong in mistakes(call, self.place, inside):
            self.note(name if wrong.argument is None else tokens[wrong.argument], wrong.says)
        return call

    def argument(self, branch: Any, values: Values) -> Argument:
        if branch.data == "range":
            return Items(tuple(self.spread([branch], values)))
        if branch.data == "items":
            listed: list[Argument] = []
            for part in branch.children:
                item = self.argument(part, values)
                listed.extend(item.items if part.data == "range" and isinstance(item, Items) else [item])
            return Items(tuple(listed))
        token = token_of(branch)
        if token.type == "ASKED":
            return Word(self.asked(token))
        if branch.data == "number":
            return self.number(token)
        if branch.data == "text_lines":
            return Text("\n".join(self.text_lines(branch, values)))
        if branch.data == "text":
            return Text(self.quoted(token, values))
        if token.startswith("$"):
            return values[token[1:]] if token[1:] in values else Word(self.filled(token, values))
        return Word(str(token))

    def expectations(self, branch: Branch, values: Values) -> Iterator[Expectation]:
        if branch.data == "within":
            (part,) = branch.children
            assert isinstance(part, Tree)
            yield self.as_asked("within", part, values) or Within(tuple(sorted(self.spread(part.children, values))))
            return
        if branch.data in ("contains", "lacks"):
            kind = Contains if branch.data == "contains" else Lacks
            yield self.as_asked(str(branch.data), branch, values) or kind(self.id(token_of(branch), values))
            return
        for part in branch.children:
            assert isinstance(part, Tree)
            yield self.outcome(part, values)

    def as_asked(self, form: Any, part: Branch, values: Values) -> AsAsked | None:
        """What these ids are where one of them is what a runtime was asked for."""
        if not any(isinstance(token, Token) and token.type == "ASKED" for token in part.children):
            return None
        parts = [
            [self.asked(each)] if isinstance(each, Token) and each.type == "ASKED" else self.spread([each], values)
            for each in part.children
        ]
        return AsAsked(form, tuple(each for some in parts for each in some))

    def named(self, token: Token, wrong: Callable[[str], str]) -> str:
        """The name of an outcome; what is wrong with it is noted."""
        if says := wrong(str(token)):
            self.note(token, says)
        return str(token)

    def outcome(self, part: Branch, values: Values) -> Expectation:
        form = {"is_number": "ids", "is_list": "list", "is_set": "set"}.get(str(part.data))
        if form and (asked := self.as_asked(form, part, values)):
            return asked
        match part.data:
            case "is_number":
                ids = tuple(self.spread(part.children, values))
                return Is(ids[0] if len(ids) == 1 else ids)
            case "is_text":
                return Is(self.quoted(token_of(part), values))
            case "is_list":
                return Is(tuple(self.spread(part.children, values)))
            case "is_set":
                return Unordered(tuple(sorted(self.spread(part.children, values))))
            case "errno":
                return Fails(self.named(token_of(part), unknown_errno))
            case "killed":
                return Killed(self.named(token_of(part), unknown_signal))
            case "exception":
                return Raises(self.named(token_of(part), unknown_exception))
            case _:
                return Is(None)
