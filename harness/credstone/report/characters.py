r"""Characters that a format does not allow, or that nobody would see, are written as ``\x1b`` so that they are seen.

XML 1.0 forbids most control characters, a terminal acts on them, and a line of a report is one line.
"""

from __future__ import annotations

import re

_UNSEEN = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def visible(text: str) -> str:
    """The text with everything in it visible but line ends and tabs."""
    return _UNSEEN.sub(lambda found: ascii(found[0])[1:-1], text)


def one_line(text: str) -> str:
    """The text with everything in it visible, in one line."""
    return " ".join(visible(text).split())
