"""How a call is made: the functions of the calls that are written by hand; table.py says what each call takes."""

from typing import Any, Callable, Dict

Rows = Dict[str, Callable[..., Any]]
