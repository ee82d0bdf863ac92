"""The calls that are regular, as C: an expression that the table of calls describes."""

from __future__ import annotations

from collections.abc import Callable

from credstone.calls.expressions import by_kernel, by_library
from credstone.calls.table import Declaration, declarations
from credstone.repro.c.values import Where, constant, ident, octal, path, pid
from credstone.words.call import Argument, Call

_KINDS: dict[str, Callable[[Argument, Where], str]] = {
    "id": ident,
    "mode": octal,
    "path": path,
    "process": pid,
    "text": path,
}
"""How an argument of each kind is written; all others are numbers or constants."""

_PREVIOUS = {"previous-uid": "uid_t", "previous-gid": "gid_t"}
"""The types of ids that a function gives as an int."""


def answer(call: Call, where: Where) -> str:
    """The expression for such a call, empty for one that is written by hand."""
    declared = declarations().get(call.name)
    if declared is None or declared.is_by_hand("repro/c"):
        return ""
    (form,) = declared.forms
    given = [
        _KINDS.get(parameter.kind, constant)(each, where) for parameter, each in zip(form, call.arguments, strict=True)
    ]
    made = _made(declared, where, given)
    if declared.answer == "mode":
        return f"octal({made})"
    if kind := _PREVIOUS.get(declared.answer):
        return f"number(id_of({made}))" if where.abi and where.raw else f"number(({kind}) {made})"
    if declared.answer == "id" and where.abi and where.raw and not declared.old:
        return f"number(id_of({made}))"
    return f"number({made})"


def _made(declared: Declaration, where: Where, given: list[str]) -> str:
    """By the C library's function, except where the API is the point, or there is none."""
    own = where.raw and not declared.through_every_api
    if not own and not declared.no_function:
        return by_library(declared, given)
    name, arguments = by_kernel(declared, given)
    prefix = "SYS16" if declared.old else "SYS"
    return f"syscall({', '.join(filter(None, [f'{prefix}_{name}', arguments]))})"
