"""Where the header ``for id in uid, gid`` replaces ``$id`` in a scenario, and with what.

``$id`` is the word wherever it is written, whatever follows it; ``$ID`` is the word in upper case, ``$Id`` capitalised.  A
token keeps its line and column, so that a mistake in it is still shown at the right place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lark import Token, Tree

Words = Mapping[str, str]


def substituted(branch: Tree[Token], words: Words) -> Tree[Token]:
    """A scenario with the words in their places; texts in quotes, which may have other variables, are left as they are."""

    def replaced(child: Any) -> Any:
        if isinstance(child, Tree):
            return Tree(child.data, [replaced(each) for each in child.children])
        return child if child.type == "TEXT" else child.update(value=in_text(child, words))

    changed: Tree[Token] = replaced(branch) if words else branch
    return changed


def in_text(text: str, words: Words) -> str:
    """A text with the words in their places."""
    if not words or "$" not in text:
        return text
    first, *parts = text.split("$")
    return first + "".join(at_dollar(part, words) or f"${part}" for part in parts)


def at_dollar(text: str, words: Words) -> str:
    """What stands for a text that follows a dollar sign, if it begins with a name of a word; else nothing."""
    for variable, word in _forms(words).items():
        if text.startswith(variable):
            return word + text.removeprefix(variable)
    return ""


def pattern_in_script(text: str, words: Words) -> str:
    """A pattern of all that may have been written where a text is with these words in their places."""
    written: dict[str, list[str]] = {}
    for variable, word in _forms(words).items():
        written.setdefault(word, [re.escape(word)]).append(rf"\${variable}")
    if not written:
        return re.escape(text)
    longest_first = sorted(written, key=len, reverse=True)
    parts = re.split(f"({'|'.join(map(re.escape, longest_first))})", text)
    return "".join(f"(?:{'|'.join(written[part])})" if part in written else re.escape(part) for part in parts)


def _forms(words: Words) -> dict[str, str]:
    """What is written behind the dollar sign, and what it stands for."""
    forms: dict[str, str] = {}
    for name, word in words.items():
        forms |= {name: word, name.upper(): word.upper(), name.capitalize(): word.capitalize()}
    return forms
