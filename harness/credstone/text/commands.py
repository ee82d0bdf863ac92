"""Commands that messages and reports print: each works as it is when it is pasted into a shell."""

from __future__ import annotations

import shlex


def pasted(verb: str, name: str, *more: str, target: str = "", suites: str = "") -> str:
    """``credstone VERB 'NAME'`` with the options that are given; ``suites`` is a folder other than the package's own."""
    given = {"--target": target, "--suites": suites}
    options = [f"{option} {shlex.quote(value)}" for option, value in given.items() if value]
    return " ".join(["credstone", verb, in_quotes(name), *more, *options])


def in_quotes(text: str) -> str:
    """A text in single quotes, for a shell; a cell's id has brackets, which it would take for a pattern."""
    return "'" + text.replace("'", "'\\''") + "'"
