"""How calls are printed: what the kinds of their arguments and answers say of that."""

from __future__ import annotations

from credstone.calls.table import Declaration, declarations

_TUPLES = ("ids", "ids-and-mode", "masks")
"""The kinds of answers whose several numbers are no list."""


def _answering(*kinds: str) -> frozenset[str]:
    return frozenset(call.name for call in declarations().values() if call.answer in kinds and not call.old)


def _by_python(call: Declaration) -> str:
    """The name of Python's own function for a call."""
    return f"{call.python}.{call.name}"


MODES = {
    call.name: place
    for call in declarations().values()
    for form in call.forms
    for place, parameter in enumerate(form)
    if parameter.kind == "mode"
}
"""Calls one of whose arguments is the mode of a file, and the place of that."""
SIDE_BY_SIDE = _answering(*_TUPLES) | {
    _by_python(declarations()[name])
    for name in _answering("ids")
    if not declarations()[name].through_every_api and "python" in declarations()[name].apis
}
"""Calls whose several numbers are no list."""
ANSWER_MODES = _answering("mode")
"""Calls whose answer is the mode of a file."""
MASKS_ANSWERED = _answering("masks")
"""Calls whose answer is capability sets."""
ENDS_IN_MODE = _answering("ids-and-mode")
"""Calls whose answer ends in the mode of a file."""
