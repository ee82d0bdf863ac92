r"""Text on a terminal that knows fewer characters: our own signs have plain ones, any other is written as ``\u00e9``."""

from __future__ import annotations

import codecs

_PLAIN = {"✗": "x", "✓": "v", "·": "|", "…": "...", "×": "x", "→": "->", "–": "-", "−": "-", "⚠": "!", "\u00a0": " "}
_ERRORS = "credstone-signs"


def use_plain_signs(stream: object) -> None:
    """Makes a stream of text write all that is printed, in as many lines as elsewhere.

    A stream whose errors are handled in another way by request (``PYTHONIOENCODING=ascii:replace``) stays as it is.
    """
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None and getattr(stream, "errors", "") in ("strict", "backslashreplace"):
        reconfigure(errors=_ERRORS)


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = error.object[error.start : error.end]
    return "".join(_PLAIN.get(sign) or _number(sign) for sign in found), error.end


def _number(sign: str) -> str:
    r"""A character by its number, as C, Python and JSON have it: two of ``\uXXXX`` where one does not reach."""
    units = sign.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[place : place + 4]}" for place in range(0, len(units), 4))


codecs.register_error(_ERRORS, _plain)
