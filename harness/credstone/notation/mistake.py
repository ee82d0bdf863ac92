"""A mistake in a file of a suite, shown as a compiler shows it: place, line, caret, what was expected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from credstone.words.errors import CredstoneError

_IN_WORDS = {
    "CALL": "a call such as setgid(1000)",
    "NAME": "a name",
    "WORD": "a constant",
    "VARIABLE": "a variable such as $gid",
    "NUMBER": "a number",
    "TEXT": 'a text in "quotes"',
    "REFERENCE": "a clause such as EPERM-capability",
    "ERRNO": "an errno",
    "CONSTANTS": "a constant such as CAP_SETUID",
    "SIGNAL": "a signal such as SIGABRT",
    "FILE": "a file name",
    "UNFINISHED": "'<unfinished ...>'",
    "RESUMED": "'<... read resumed>'",
    "EXCEPTION": "an exception",
    "WHO": "who performs the line, such as 'thread t:'",
    "KEYWORD": "a keyword argument",
    "OWNER": "an owner such as 0:500",
    "MODE": "a mode such as 0755",
    "_NL": "the end of the line",
    "$END": "the end of the file",
}
"""What the patterns of the grammar stand for; its literals stand for themselves."""


class Mistake(CredstoneError):
    """A file of the suite cannot be read as it stands.

    Attributes: ``path``, ``line`` and ``column`` (both from 1), ``message``.
    """

    def __init__(self, path: str, text: str, line: int, column: int, message: str) -> None:
        self.path, self.line, self.column, self.message = path, line, column, message
        lines = text.split("\n")
        shown = lines[line - 1].rstrip("\r") if 0 < line <= len(lines) else ""
        shown = "".join(char if char.isprintable() else " " for char in shown)
        super().__init__(f"{path}:{line}:{column}: {message}\n    {shown}\n    {' ' * (column - 1)}^")


class Mistakes(CredstoneError):
    """The mistakes of one file or of several, in the order of their lines."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, mistakes)))


def refuse(mistakes: Iterable[Mistake]) -> None:
    """Raises what was found: one mistake as itself, several together.  What is found twice is reported once."""
    found: dict[tuple[str, int, int, str], Mistake] = {}
    for each in mistakes:
        found.setdefault((each.path, each.line, each.column, each.message), each)
    ordered = [found[key] for key in sorted(found)]
    if len(ordered) == 1:
        raise ordered[0]
    if ordered:
        raise Mistakes(ordered)


def expected_in_words(error: UnexpectedInput, literals: Mapping[str, str]) -> str:
    """What the parser would have taken at the place where it stopped.

    ``literals`` are the words and signs of the grammar by the names that the parser gives them.
    """
    terminals: set[str] = set()
    seen = ""
    if isinstance(error, UnexpectedToken):
        terminals = set(error.accepts or error.expected or ())
        seen = "the end of the line" if error.token.type == "_NL" else f"'{error.token}'"
        if error.token.type == "$END":
            seen = "the end of the file"
    elif isinstance(error, UnexpectedCharacters) and error.char == '"':
        return "this text has no closing quote in its line"
    elif isinstance(error, UnexpectedCharacters):
        terminals = set(error.allowed or ())
        seen = f"'{error.char}'" if error.char.isprintable() else f"the character U+{ord(error.char):04X}"
    in_words = {name: f"'{literal}'" for name, literal in literals.items()} | _IN_WORDS
    known = sorted({in_words[name] for name in terminals if name in in_words})
    if not known:
        return f"{seen} is not expected here"
    listed = known[0] if len(known) == 1 else ", ".join(known[:-1]) + " or " + known[-1]
    return f"{seen} is not expected here, but {listed}"
