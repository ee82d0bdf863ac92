"""A scenario as it was written: who runs it, its lines, what each must answer, the clauses it cites.

Values only; ``credstone.suite`` reads them from files and ``credstone.notation.show`` prints them back.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from credstone.words.call import Call

MAIN = "main"
OUTSIDE = "outside"
VFORKED = "vforked"
ALL_THREADS = "all threads"

APIS = ("syscall", "libc", "python")
"""The doors that a call can go through, in their usual order."""
ABIS = ("i386",)
"""The ABIs besides a target's own for which an agent can be built."""


class Is(msgspec.Struct, frozen=True, tag=True):
    """The answer is exactly this value: a number, a text, or several ids in their order."""

    value: int | str | tuple[int, ...] | None


class Unordered(msgspec.Struct, frozen=True, tag=True):
    """The answer holds exactly these ids, each as often as written, in any order."""

    ids: tuple[int, ...]


class Within(msgspec.Struct, frozen=True, tag=True):
    """The answer is a list that holds none but these ids."""

    ids: tuple[int, ...]


class Contains(msgspec.Struct, frozen=True, tag=True):
    """The answer holds this id, whatever else it holds; an answer that is a set of bits has all of these."""

    id: int


class Lacks(msgspec.Struct, frozen=True, tag=True):
    """The answer does not hold this id; an answer that is a set of bits has none of these."""

    id: int


class Fails(msgspec.Struct, frozen=True, tag=True):
    """The call refuses with this errno."""

    errno: str


class Raises(msgspec.Struct, frozen=True, tag=True):
    """Python raises an exception of this class that carries no errno."""

    exception: str


class Killed(msgspec.Struct, frozen=True, tag=True):
    """The call does not return: the process is ended by this signal, such as ``SIGABRT``."""

    signal: str


class AsAsked(msgspec.Struct, frozen=True, tag=True):
    """What a runtime was asked for: becomes one of the others where that is known (``credstone.plan.container_start``).

    ``parts`` are numbers and words of ``credstone.words.container_start.PLACEHOLDERS``, ``form`` says how they are written:
    side by side, as a list, as a set, ``within`` a set, after ``contains`` or after ``lacks``.
    """

    form: Literal["ids", "list", "set", "within", "contains", "lacks"]
    parts: tuple[int | str, ...]


Expectation: TypeAlias = Is | Unordered | Within | Contains | Lacks | Fails | Raises | Killed | AsAsked


class Line(msgspec.Struct, frozen=True):
    """One line of a script.

    ``who`` performs it: ``main``, ``thread t``, ``child c``, ``outside``, ``vforked`` (a process made by vfork(2) for
    this one line) or ``all threads``.  ``expected`` holds the alternatives of which one must show; empty means set-up.
    ``then`` is a second call, made in the process that the first one started.  An ``unfinished`` line is begun and not
    waited for; the line that is ``resumed`` repeats its call, waits for it and has its answer.  ``number`` and
    ``column`` count from 1 and say where the line stands in its file.
    """

    call: Call
    who: str = MAIN
    expected: tuple[Expectation, ...] = ()
    then: Call | None = None
    unfinished: bool = False
    resumed: bool = False
    number: int = 0
    column: int = 0

    @property
    def asked(self) -> Call:
        """The call whose answer the line is about."""
        return self.then or self.call


class FileCapabilities(msgspec.Struct, frozen=True):
    """The capabilities of a file, as its security.capability attribute has them.

    ``rootid`` is the kernel uid of the root for whom they count (version 3 of the attribute), None for version 2.
    """

    permitted: int = 0
    inheritable: int = 0
    effective: bool = False
    rootid: int | None = None


OWN = -1
"""In place of an owner or a group: that of whoever started the agent."""
ASKED_GID = -2
"""In place of a group: the gid that a runtime was asked for."""


class File(msgspec.Struct, frozen=True):
    """A file that is put into the cell's folder before the actor's credentials are taken.

    ``kind`` is ``text``, ``agent`` (a copy of the agent) or ``folder``.  ``owner`` and ``group`` are ids outside of any
    user namespace of the actor, -1 for those of whoever started the agent, the group -2 for the gid that a runtime was
    asked for; ``mode`` holds the twelve mode bits.
    """

    name: str
    kind: str = "text"
    content: str = ""
    owner: int = OWN
    group: int = OWN
    mode: int = 0o644
    capabilities: FileCapabilities | None = None


class Database(msgspec.Struct, frozen=True):
    """The user and group database of a cell, as lines of passwd(5) and group(5).

    None in place of the lines means that the file does not exist.
    """

    passwd: tuple[str, ...] | None = ()
    group: tuple[str, ...] | None = ()


LIMIT = 30_000
"""The usual time for a cell, in milliseconds: no call in it should take more than a few, but on a machine that has ten times
as much to do as it can, a list of 65536 groups takes Python ten seconds, and is no hang.
"""
LIMIT_UNDER_LOAD = 60_000
"""While threads come and go: the C library's lock on the list of threads is not fair, and on a busy machine who changes
the IDs waits for it for seconds (15 s were seen with musl).  That is slow, and no hang."""


class Scenario(msgspec.Struct, frozen=True):
    """One scenario of a suite.

    ``page`` is its folder, ``script`` its file without the ending, ``about`` the comment above it.  ``cites`` holds
    full clause ids.  ``actors`` and ``apis`` name who runs it and through which doors; no API named means all that can
    express it.  A scenario that is written for a family of values is several of these; ``values`` says for which of
    them this one stands.  ``load`` is the number of threads that come and go meanwhile, ``watch`` the number of
    those that watch each other, ``limit`` the time a cell is given in its script, in milliseconds (0: ``patience`` has
    the usual one).  ``nosuid`` mounts the cell's folder so that set-id bits and capabilities of files have no effect.
    ``asked`` names what a runtime must have been asked for (``credstone.words.container_start.CONDITIONS``); ``speaks_of_asked``
    is whether that, or a word that stands for it, is in the scenario.
    """

    page: str
    script: str
    name: str
    cites: tuple[str, ...]
    actors: tuple[str, ...]
    lines: tuple[Line, ...]
    about: str = ""
    apis: tuple[str, ...] = ()
    values: tuple[tuple[str, int], ...] = ()
    files: tuple[File, ...] = ()
    database: Database | None = None
    abi: str = ""
    load: int = 0
    watch: int = 0
    limit: int = 0
    nosuid: bool = False
    asked: tuple[str, ...] = ()
    speaks_of_asked: bool = False
    path: str = ""
    number: int = 0

    @property
    def patience(self) -> int:
        """The time after which a cell is taken to hang, in milliseconds."""
        return self.limit or (LIMIT_UNDER_LOAD if self.load else LIMIT)

    @property
    def children(self) -> tuple[str, ...]:
        """The names of the children that perform lines, in the order of their first."""
        found = (line.who.removeprefix("child ") for line in self.lines if line.who.startswith("child "))
        return tuple(dict.fromkeys(found))

    @property
    def id(self) -> str:
        """The stable name: page, script, scenario, and the values of its family."""
        return f"{self.page}/{self.script}/{self.full_name}"

    @property
    def full_name(self) -> str:
        """The name with the values of its family: ``every-id-is-an-id[gid=65534]``."""
        return self.name + (f"[{self.values_shown}]" if self.values else "")

    @property
    def values_shown(self) -> str:
        """The values of its family: ``uid=0,gid=7``; empty if it is not of a family."""
        return ",".join(f"{name}={value}" for name, value in self.values)
