"""The table of calls in the protocol of the agents."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from credstone.calls.table import EVERY_API, Declaration, Form, Parameter, declarations

BEGIN, END = "<!-- the table of calls: `make calls` -->", "<!-- end of the table of calls -->"

_ANSWERS = {
    "id": "the id",
    "ids": "a list of ids",
    "list": "a list of ids",
    "masks": "a list of three sets",
    "mode": "a mode",
    "previous-gid": "the id before",
    "previous-uid": "the id before",
    "text": "a text",
    "field": "a number, a list or a text",
    "ids-and-mode": "a list",
}
"""What answers of each kind are; a number is the rule."""


def protocol(text: str) -> str:
    """The text of the protocol with the table as it is today."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{_table()}{END}{after}"


def _table() -> str:
    own = [call for call in declarations().values() if not call.through_every_api]
    others = [call for call in declarations().values() if call.through_every_api]
    return "\n".join(
        (
            "| call | APIs | answer |", "| --- | --- | --- |", *_rows(own), "",
            "All others are calls of the kernel that every API makes in the same way.  The C agent makes the raw call for",
            "`syscall`, and calls the C library's function for `libc` where there is one; Python uses `os` where that does nothing",
            "but the call, `ctypes` otherwise.", "",
            "| call | APIs | answer |", "| --- | --- | --- |", *_rows(others), "",
        )
    )  # fmt: skip


def _rows(calls: list[Declaration]) -> Iterator[str]:
    """A row for each call; calls that follow each other and differ in their names alone share one."""
    for (_, apis, answer), group in itertools.groupby(calls, _about):
        forms = [form for call in group for form in _forms(call)]
        yield f"| {', '.join(forms)} | {apis} | {answer} |"


def _about(call: Declaration) -> tuple[tuple[Form, ...], str, str]:
    apis = "all" if call.apis == EVERY_API else ", ".join(call.apis)
    note = f"the old call with 16-bit ids, where the ABI has it (fact `abi`).  {call.note}" if call.old else call.note
    return call.forms, apis, ": ".join(filter(None, [_ANSWERS.get(call.answer, ""), note.strip()]))


def _forms(call: Declaration) -> Iterator[str]:
    for form in call.forms:
        yield f"`{' '.join([call.name, *map(_parameter, form)])}`"


def _parameter(parameter: Parameter) -> str:
    if parameter.word:
        return parameter.word
    return "[ID,…]" if parameter.kind == "list" else '"TEXT' if parameter.kind == "text" else parameter.kind.upper()
