"""Text from outside in Markdown: its marks are entities, so that an answer can have pipes, backticks and angle brackets in it.

It stands in ``code`` tags, where an ``@user`` of a cell's id calls nobody.
"""

from __future__ import annotations

import re

from credstone.report.characters import one_line, visible
from credstone.text.wrap import short

_MARKS = re.compile(r"[&<>`*_\[\]|\\~#@]")


def code(text: str, limit: int = 200) -> str:
    """A text as code in a line or in a table."""
    return f"<code>{_MARKS.sub(lambda mark: f'&#{ord(mark[0])};', short(one_line(text), limit))}</code>"


def fenced(text: str, limit: int = 6000) -> list[str]:
    """A block of text as it is, at most ``limit`` characters of it; its fence is longer than any that is in it."""
    whole = visible(text)
    told = whole if len(whole) <= limit else f"{whole[:limit]}\n… ({len(whole)} characters)"
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", told)), 0)
    return [f"{fence}text", told, fence]
