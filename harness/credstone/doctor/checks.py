"""The checks: one for each thing that cells may need, with the fact that decides, and one for each tool that helps."""

from __future__ import annotations

import contextlib
import importlib.metadata
from collections.abc import Iterator

import msgspec

from credstone.doctor import needs
from credstone.doctor.change import Case, another_folder, change_for, install
from credstone.doctor.facts import Looked, fact_of, untried
from credstone.doctor.machine import ROOM, Here
from credstone.manpages.page import find_page, read_page
from credstone.words.errors import CredstoneError
from credstone.words.facts import Facts

PAGE = "setgroups(2)"
"""The man page by which it is known whether there are any."""
_TOOLS = (
    ("mmdebstrap", "mmdebstrap", "makes base images where no registry answers"),
    ("ssh", "openssh-client", "reaches engines at ssh://"),
)


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at.

    ``ok`` is None where it cannot be tried for want of something else.  ``cells`` is how many cells need what is not
    there, ``reasons`` why each of them does not run, as the planner says it.
    ``change`` is what would change that.
    """

    name: str
    ok: bool | None
    says: str
    cells: int = 0
    reasons: tuple[str, ...] = ()
    change: str = ""


def checks(looked: Looked, image: str) -> Iterator[Check]:
    """What cells need: each kind, and whatever reason belongs to none.  ``image`` is a target that an engine runs."""
    lacking = {need.kind: need for need in looked.examined.needs}
    for kind in (*needs.KINDS, needs.OTHER):
        need = lacking.get(kind)
        says = fact_of(kind, looked)
        if need:
            change = change_for(Case(need, looked.here, looked.facts, image))
            yield Check(name=kind, ok=False, says=says, cells=need.cells, reasons=need.reasons, change=change)
        elif kind == needs.FOLDER and (why := _unfit(looked.here)):
            yield Check(name=kind, ok=False, says=f"{says}: {why}", change=another_folder(looked.here))
        elif says:
            yield Check(name=kind, ok=None if untried(kind, looked) else True, says=says)


def _unfit(here: Here) -> str:
    """Why cells would break in the temporary folder, whatever they need."""
    return "there is too little room in it" if here.folder.free < ROOM else ""


def tools(here: Here, facts: Facts | None) -> Iterator[Check]:
    """What no cell needs, and something else does."""
    yield _workers(here)
    yield _pages(here, facts)
    for program, package, says in _TOOLS:
        there = program in here
        change = "" if there else install(here, facts, package)
        yield Check(name=program, ok=there, says=says if there else f"is not here: it {says}", change=change)


def _workers(here: Here) -> Check:
    name, package = "workers", "pytest-xdist"
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        return Check(name=name, ok=True, says=f"{package} {importlib.metadata.version(package)}")
    return Check(name=name, ok=False, says=f"there is no {package} for -n", change=f"pip install {package}")


def _pages(here: Here, facts: Facts | None) -> Check:
    name, why = "man pages", "not installed: credstone clauses audit reads them"
    with contextlib.suppress(CredstoneError):
        if path := find_page(PAGE):
            return Check(name=name, ok=True, says=f"man-pages {read_page(path).release}, for credstone clauses audit")
    return Check(name=name, ok=False, says=why, change=install(here, facts, "manpages", "manpages-dev"))
