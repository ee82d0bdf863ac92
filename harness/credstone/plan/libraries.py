"""Which C library and which Python a cell would speak to, and why those of a target are not the ones that it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from credstone.calls.table import declarations
from credstone.model.threads import WRAPPED
from credstone.words.cell import Cell
from credstone.words.facts import Facts

SUBPROCESS_SINCE = (3, 9)
"""The Python whose subprocess takes the keywords that change the credentials of the child."""
OF_NPTL = ("sigaction", "pthread_kill")
"""The calls that are here only to ask for the signals that nptl(7) keeps for itself."""
OF_THE_DATABASES = frozenset(name for name, call in declarations().items() if call.leaves == "names")
"""The calls that look into the databases of users and groups."""
OF_GLIBC = frozenset(name for name, call in declarations().items() if call.only_if == "defined LIBRARY_IS_GLIBC")
"""The calls that no other C library has."""
FILES_BUILT_IN = (2, 34)
"""The glibc since which a static program needs no module to read them from files."""


def lacking_libraries(cell: Cell, calls: set[str], facts: Facts) -> Iterator[str]:
    """Why some calls of a cell are not those of the Python or the C library of the target."""
    libc = facts.libc.removeprefix("static ")
    if cell.api != "syscall" and facts.not_used:
        yield facts.not_used[0].removesuffix(".")
        return
    if not facts.real_threads and _has_threads(cell):
        yield f"the threads of {libc} are not threads of one process, as those of nptl(7) are"
        return
    if cell.api == "libc" and not facts.thread_pointer_kept and _signals_threads(cell, calls):
        yield "a thread that has handled a signal takes itself for another here, and by signals the C library tells all of new ids"
        return
    if cell.api == "libc" and facts.static and facts.image:
        yield f"the agent is static: the C library in it is {libc}, and none of the target's"
        return
    if "subprocess" in calls and facts.python_version < SUBPROCESS_SINCE:
        yield f"subprocess takes user, group, extra_groups and umask since Python 3.9, and this is {facts.python}"
    if libc.startswith("glibc"):
        if facts.static and calls & OF_THE_DATABASES and _version(libc) < FILES_BUILT_IN:
            yield f"a static {libc} reads the databases of users and groups through modules, and there are none here"
        return
    for name in sorted(calls & OF_GLIBC):
        yield f"{name}(3) is glibc's own, and the C library here is {facts.libc}"
    if not calls.isdisjoint(OF_NPTL):
        yield f"the signals of nptl(7) are those of glibc, and the C library here is {facts.libc}"


def _signals_threads(cell: Cell, calls: set[str]) -> bool:
    """Whether threads handle signals in a cell: by one each learns that it has to change its ids too."""
    return _has_threads(cell) and not calls.isdisjoint({*WRAPPED, *OF_NPTL})


def _has_threads(cell: Cell) -> bool:
    """Whether there are threads in a cell besides main."""
    scenario = cell.scenario
    return bool(scenario.load or scenario.watch) or any(line.who.startswith("thread ") for line in scenario.lines)


def _version(libc: str) -> tuple[int, int]:
    found = re.search(r"(\d+)\.(\d+)", libc)
    return (int(found[1]), int(found[2])) if found else FILES_BUILT_IN
