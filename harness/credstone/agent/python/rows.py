"""How a call is made: the shape of a row in the tables of calls."""

from typing import Any, Callable, Dict, NamedTuple


class Row(NamedTuple):
    """The function, how many arguments it takes, and whether it only prepares or looks (``plumbing``)."""

    function: Callable[..., Any]
    least: int = 0
    most: int = 0
    plumbing: bool = True


Rows = Dict[str, Row]
