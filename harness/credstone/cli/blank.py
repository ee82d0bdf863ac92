"""Empty and blank arguments: no verb accepts one, and most come from a shell variable that is not set.

They are refused before a verb sees them.  Otherwise an empty selection would mean the whole suite, an empty path the current
folder, and an empty option would be ignored.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from credstone.words.errors import CredstoneError

HINT = "A shell variable may not be set. To use the default, leave the argument out."


def refuse_blank(arguments: Sequence[str]) -> None:
    """Raises CredstoneError at the first argument that is blank, or that is an option with a blank value after ``=``."""
    for before, argument in pairwise(["credstone", *arguments]):
        if not argument.strip():
            raise CredstoneError(f"The argument after '{before}' is empty.", HINT)
        option, sign, value = argument.partition("=")
        if option.startswith("-") and sign and not value.strip():
            raise CredstoneError(f"The option {option} has an empty value.", HINT)
