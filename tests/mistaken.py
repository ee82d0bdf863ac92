"""What every message about a mistake in a script has: place, line, caret, and no words of the parser's own."""

from __future__ import annotations

import re

from credstone.notation.mistake import Mistake


def well_shown(found: Mistake, text: str, path: str) -> Mistake:
    first, shown, caret = str(found).split("\n")
    assert first == f"{path}:{found.line}:{found.column}: {found.message}"
    written = [*text.split("\n"), ""][found.line - 1].rstrip("\r")
    assert shown == "    " + re.sub(r"[\t\a]", " ", written)
    assert caret == " " * (found.column + 3) + "^"
    assert not re.search(r"__|ANON|\b(LPAR|RPAR|NAME|CALL|WORD|TEXT|NUMBER|_NL|COMMENT|VARIABLE|REFERENCE)\b", first)
    return found


def under_caret(found: Mistake) -> str:
    """What the caret points at, to the end of the line."""
    _, shown, caret = str(found).split("\n")
    return shown[len(caret) - 1 :]
