"""The text of a script as a tree; where it does not follow the grammar, every line that does not."""

from __future__ import annotations

import functools
from importlib import resources

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken
from lark.lexer import PatternStr

from credstone.notation.mistake import Mistake, expected_in_words

_MOST = 20
"""Lines that are left out of one script before its reading is given up."""


@functools.cache
def _parser() -> Lark:
    grammar = resources.files("credstone.notation").joinpath("notation.lark").read_text()
    return Lark(grammar, parser="lalr", propagate_positions=False, maybe_placeholders=False)


@functools.cache
def _literals() -> dict[str, str]:
    """The words and signs of the grammar by the names that the parser gives them."""
    patterns = {terminal.name: terminal.pattern for terminal in _parser().terminals}
    return {name: pattern.value for name, pattern in patterns.items() if isinstance(pattern, PatternStr)}


def parse(text: str, path: str) -> tuple[Tree[Token], list[Mistake]]:
    """The tree of a script, and the lines that do not follow the grammar.

    A line with a mistake is left out and the rest is read again, so that a script shows all its mistakes at once.  What
    only follows from a line that was left out is no mistake of its own.
    """
    lines = text.split("\n")
    mistakes: list[Mistake] = []
    while True:
        try:
            return _parser().parse("\n".join(lines) + "\n"), mistakes
        except UnexpectedInput as error:
            mistake = _mistake(error, text, path)
            wrong = mistake.line - 1
            block, whole = _block(lines, wrong, error)
        if not (whole and any(each.line - 1 in block for each in mistakes)):
            mistakes.append(mistake)
        if len(mistakes) == _MOST or not any(lines[number] for number in block):
            return Tree("start", []), mistakes
        for number in block if whole else [wrong]:
            lines[number] = ""


def _block(lines: list[str], wrong: int, error: UnexpectedInput) -> tuple[range, bool]:
    """The lines of the scenario that a mistake belongs to, and whether none of them can be read without it.

    That is so for a headline, for what is above the first one, and for a scenario that ends too early: the mistake is
    found at its end or at the next headline.
    """
    heads = [number for number, line in enumerate(lines) if line.split()[:1] == ["scenario"]]
    early = wrong >= len(lines) or not lines[wrong].strip()
    if isinstance(error, UnexpectedToken) and str(error.token) == "scenario" and wrong in heads:
        early = True
        wrong -= 1
    above = max((number for number in heads if number <= wrong), default=None)
    end = min((number for number in heads if number > wrong), default=len(lines))
    block = range(0 if above is None else above, end)
    return block, early or above in (None, wrong)


def _mistake(error: UnexpectedInput, text: str, path: str) -> Mistake:
    line, column = max(error.line, 1), max(error.column, 1)
    if getattr(getattr(error, "token", None), "type", "") == "$END":
        line, column = text.count("\n") + 1, 1
    return Mistake(path, text, line, column, expected_in_words(error, _literals()))
