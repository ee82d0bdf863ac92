"""What cannot be asked of a program that only pretends that its callers are root's: fakeroot, proot -0.

Such a program keeps ids of its own for each process and answers the calls that read and change them; what the kernel knows
stays as it was.  So of a scenario only those lines count that it answers, and its root is whoever has effective uid 0: it
knows no capabilities, no namespaces, and of other processes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from credstone.words.cell import Cell
from credstone.words.credential import Credential
from credstone.words.facts import Facts

_IDS = tuple(f"get{which}{kind}" for which in ("", "e", "res") for kind in ("uid", "gid"))
_SETTERS = tuple(f"set{which}{kind}" for which in ("", "e", "re", "res", "fs") for kind in ("uid", "gid"))
PRETENDED = frozenset((*_IDS, *_SETTERS, "getgroups", "setgroups"))
"""The calls that such a program answers itself."""
_ASIDE = frozenset(("getpid", "exit", "constant", "sysconf"))
"""Calls that have nothing to do with ids, and so with nothing that is pretended."""
_OWN = ("main", "thread", "child")
"""Who takes part in what is pretended, by the first word of a line."""


def unpretended(cell: Cell, facts: Facts) -> Iterator[str]:
    """Why a cell does not apply to such a program; nothing where it does."""
    who = facts.runtime
    if cell.api == "syscall" and facts.pretends_to == "libc":
        yield f"{who} stands before the C library: a raw system call goes past it"
    if cell.api != "syscall" and facts.not_used:
        yield facts.not_used[0].removesuffix(".")
    scenario = cell.scenario
    if scenario.files or scenario.database is not None:
        yield f"{who} was not asked about files: here its ids are"
    calls = {call.name for line in scenario.lines for call in (line.call, line.then) if call is not None}
    others = sorted(calls - PRETENDED - _ASIDE)
    if others:
        yield f"{who} pretends ids and groups, and not what {', '.join(others)} tells or changes"
    if any(line.who.split()[0] not in _OWN for line in scenario.lines):
        yield f"{who} pretends to who asks, and not to who looks from outside"


def unlike_root(wanted: Credential, facts: Facts) -> Iterator[str]:
    """Why such a program has no process with this credential: its root has everything, and nobody else anything."""
    due = facts.credential.capabilities.permitted if wanted.uid.effective == 0 else 0
    if wanted.capabilities.permitted != due:
        yield f"{facts.runtime} knows no capabilities: who has effective uid 0 may do everything, and nobody else anything"
