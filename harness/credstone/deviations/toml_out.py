"""Proposed entries as a file of deviations has them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from credstone.deviations.file import Shows
from credstone.deviations.propose import UNWRITTEN, Fault
from credstone.text.commands import pasted
from credstone.text.wrap import fitted
from credstone.words.clause import Clause

_REASON = "# a sentence by a person: what is wrong with the target"
_LINK = '# who else knows of it; or, instead: no-link = "Why there is none."'
_HERE = "host"
"""The target that every command takes of itself."""
_SOMETIMES = "# a sentence by a person: why it does not show every time"


def as_toml(
    faults: Iterable[Fault], clauses: Mapping[str, Clause], target: str = "", suites: str = ""
) -> Iterator[str]:
    """The lines of these entries; above each stands what its clause says, and the command that says more."""
    for fault in faults:
        says = clauses[fault.clause].says if fault.clause in clauses else ""
        yield from ("", *fitted(f"{fault.clause}: {says}", "# ", "# "))
        posture = next((way.postures[0] for way in fault.ways if way.postures), "")
        at = f"{target}+{posture}" if posture else target
        yield f"# {pasted('explain', fault.example, target='' if at == _HERE else at, suites=suites)}"
        yield f"[{fault.name}]"
        yield f"reason = {quoted(UNWRITTEN)}  {_REASON}"
        yield f"link   = {quoted(UNWRITTEN)}  {_LINK}"
        for way in fault.ways:
            yield ""
            yield f"[[{fault.name}.shows]]"
            yield from _way(way)


def _way(way: Shows) -> Iterator[str]:
    rows = {"cells": _listed(way.cells), **{name: quoted(getattr(way, name)) for name in _TEXTS}}
    if way.postures:
        rows["postures"] = f"[{', '.join(map(quoted, way.postures))}]"
    if way.sometimes:
        rows["sometimes"] = f"{quoted(way.sometimes)}  {_SOMETIMES}"
    width = 9 if way.sometimes else 8
    for name, value in rows.items():
        yield f"{name:<{width}} = {value}"


_TEXTS = ("clause", "line", "expected", "seen")


def _listed(texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return f"[{quoted(texts[0])}]"
    return "\n".join(["[", *(f"  {quoted(each)}," for each in texts), "]"])


def quoted(text: str) -> str:
    """A text as TOML writes it; one with quotes in it as it stands, between single ones, where that can be."""
    if '"' in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
