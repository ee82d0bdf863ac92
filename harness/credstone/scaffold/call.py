"""A new call: its row in the table of calls and a function of the model that has no rules yet."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from pathlib import Path

from credstone.calls.kinds import KINDS
from credstone.calls.names import TYPED
from credstone.calls.table import EVERY_API, declarations
from credstone.scaffold.draft import Draft
from credstone.suite.load import Suite
from credstone.words.errors import CredstoneError

FOLDERS = {
    "files": "files", "groups": "groups", "ids": "ids", "namespaces": "namespaces", "privileges": "capabilities",
    "processes": "processes", "sockets": "processes",
}  # fmt: skip
"""The folder of ``model/`` in which the calls of a table have their rules."""
_TEXTS = ("field", "namespace", "path", "pointer", "process", "program", "task", "text", "variable", "constant")
_STUB = '''\
"""{name}({section})."""

from __future__ import annotations

from credstone.model.arguments import NotModelled
from credstone.model.caller import Moment
from credstone.model.rules import Outcome


def {name}({parameters}) -> Outcome:
    """{prototype}"""
    raise NotModelled("the rules of {name}({section}) are not written yet")
'''


def new_call(
    root: Path, suite: Suite, name: str, kinds: Sequence[str], *, page: str, table: str, apis: Sequence[str]
) -> Draft:
    """The draft of a call in the source tree ``root``: its row in a table, and its function in the model.

    Without ``apis`` every API makes it alike.  Raises CredstoneError if the call is known, or if a kind of argument, the
    page or the table is not.
    """
    _refuse_known(name)
    for kind in kinds:
        if kind not in KINDS:
            near = difflib.get_close_matches(kind, KINDS, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(sorted(KINDS))}."
            raise CredstoneError(f"There is no kind of argument '{kind}'.", hint)
    if page not in suite.pages:
        raise CredstoneError(f"There is no page {page}.", f"Make it first: credstone new page {page}.")
    if table not in FOLDERS:
        raise CredstoneError(f"There is no table of calls '{table}'.", f"There are {', '.join(sorted(FOLDERS))}.")
    package = root / "harness" / "credstone"
    row, rules = package / "calls" / f"{table}.toml", package / "model" / FOLDERS[table] / f"{name}.py"
    return Draft(
        files={rules: _stub(name, kinds, page)},
        additions={row: _row(name, kinds, apis)},
        steps=_steps(
            name, kinds, page, row=row.relative_to(root), rules=rules.relative_to(root), folder=FOLDERS[table]
        ),
    )


def _refuse_known(name: str) -> None:
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", name):
        raise CredstoneError(f"'{name}' is not the name of a call.", "A call is named as in C: setfoo.")
    known = declarations()
    if name in known:
        forms = " or ".join(f"{name}({', '.join(map(str, form))})" for form in known[name].forms)
        raise CredstoneError(f"The call {name} is declared already.", f"It takes {forms}.")
    if name in TYPED:
        raise CredstoneError(
            f"Scripts call it {TYPED[name]}.", "A second name for one call is not declared: see calls/names.py."
        )


def _row(name: str, kinds: Sequence[str], apis: Sequence[str]) -> str:
    lines = ["", f"[{name}]", f'forms = ["{" ".join(kinds)}"]']
    if apis:
        listed = ", ".join(f'"{api}"' for api in EVERY_API if api in apis)
        lines.append(f"apis  = [{listed}]")
    return "\n".join([*lines, ""])


def _stub(name: str, kinds: Sequence[str], page: str) -> str:
    return _STUB.format(
        name=name,
        section=page.rpartition(".")[2],
        parameters=", ".join(["now: Moment", *_parameters(kinds)]),
        prototype=f"{name}({', '.join(kinds)}): write the prototype of the page here.",
    )


def _parameters(kinds: Sequence[str]) -> list[str]:
    """The parameters of a function of Python: named after their kinds, with a number."""
    found = []
    for place, kind in enumerate(kinds):
        types = "tuple[int, ...]" if kind == "list" else "str" if kind in _TEXTS else "int"
        found.append(f"{kind}_{kinds[: place + 1].count(kind)}: {types}")
    return found


def _steps(name: str, kinds: Sequence[str], page: str, *, row: Path, rules: Path, folder: str) -> tuple[str, ...]:
    readers = ", ".join(map(_reader, kinds))
    return (
        (
            f"Complete the row in {row}: the kind of the answer, the header, whether the C library changes the process or the "
            "thread. The docstrings of calls/table.py explain each column."
        ),
        f"Write the rules into {rules}: each decision with the clause that it follows.",
        (
            f'Add the row to harness/credstone/model/table.py: "{name}": Row({name}.{name}, sequence({readers})), with an '
            f"import from credstone.model.{folder}."
        ),
        (
            "Write how it is performed: one row and one function in harness/credstone/agent/c/calls_*.c, one row in "
            "harness/credstone/agent/python/calls.py, and one line in harness/credstone/agent/PROTOCOL.md."
        ),
        f"Write the clauses and the scenarios: credstone new scenario {page}/NAME.",
        "Break each rule in a mutant that a scenario catches.",
        "Run 'make test': tests/calls compares the table with the agents and with the model.",
    )


def _reader(kind: str) -> str:
    """The function of ``model/arguments.py`` that reads an argument of this kind."""
    if kind in ("path", "text", "pointer"):
        return kind
    if kind == "program":
        return "path"
    return "word" if kind in _TEXTS else "number"
