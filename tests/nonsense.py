"""A plugin of pytest under which libraries refuse what they refuse, and say nonsense of it (``-p nonsense``).

Whatever passes under it depends on no library's wording.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from typing import Any

import lark.exceptions
import msgspec

SAYS = "Lorem ipsum `dolor` - at `$.sit[...].amet` (line 99, column 99)"


def speaking_nonsense(act: Callable[..., Any], *kinds: type[Exception]) -> Callable[..., Any]:
    """The function, with other words in exceptions of these kinds."""

    def acting(*given: Any, **named: Any) -> Any:
        try:
            return act(*given, **named)
        except kinds as error:
            other: Exception = (
                json.JSONDecodeError(SAYS, error.doc, error.pos)
                if isinstance(error, json.JSONDecodeError)
                else type(error)(SAYS)
            )
        raise other

    return acting


class Decoder:
    """msgspec's, with other words."""

    real = msgspec.json.Decoder

    def __init__(self, *given: Any, **named: Any) -> None:
        self.decode = speaking_nonsense(
            Decoder.real(*given, **named).decode, msgspec.DecodeError, msgspec.ValidationError
        )


def install() -> None:
    msgspec.json.Decoder = Decoder  # type: ignore[misc, assignment]
    msgspec.convert = speaking_nonsense(msgspec.convert, msgspec.ValidationError)
    tomllib.loads = speaking_nonsense(tomllib.loads, tomllib.TOMLDecodeError)
    json.loads = speaking_nonsense(json.loads, json.JSONDecodeError)
    for kind in (lark.exceptions.UnexpectedToken, lark.exceptions.UnexpectedCharacters):
        kind.__str__ = lambda _: SAYS  # type: ignore[method-assign]


install()
