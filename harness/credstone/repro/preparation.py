"""The set-up of a cell as single calls, in the order in which a program makes them.

A program starts as root: what it needs is left out of the calls only where it is so by itself, not where it happens to be
so on one machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import msgspec

from credstone.model.machine import FACTS
from credstone.model.start import start
from credstone.notation.show import show_call
from credstone.suite.actors import SELF
from credstone.words.actor import Actor, Become, Enter, NewNamespace, Setup
from credstone.words.cell import Cell
from credstone.words.credential import Credential

Value: TypeAlias = int | str | tuple[int, ...] | None
EVERYTHING = FACTS.credential.capabilities.permitted


class Do(msgspec.Struct, frozen=True):
    """One step: ``setgroups``, ``setresgid``, ``setresuid``, ``setfsgid``, ``setfsuid``, ``keep_caps``, ``capabilities``
    (a mask), ``dumpable``, ``start_mapper`` and ``write_maps`` (setgroups, uid_map, gid_map), ``ask_mapper``, ``unshare``,
    ``outside``; or ``comment``, a text for the reader.
    """

    name: str
    values: tuple[Value, ...] = ()


def preparation(cell: Cell, setup: Setup, actors: dict[str, Actor], *, outside: bool) -> Iterator[Do]:
    """The calls that make a process the actor."""
    entered = [step.namespace for step in setup if isinstance(step, Enter)]
    for space in entered:
        if space.written_by == "outside":
            yield Do("start_mapper", _maps(space))
    creator = cell.actor.creator[0] if cell.actor.creator else ""
    outer = actors[creator] if creator not in ("", SELF) else cell.actor
    inside = False
    for number, step in enumerate(setup):
        if isinstance(step, Enter):
            if outside and not inside:
                yield Do("outside")
            inside = True
            yield Do("comment", (f"{cell.actor.name}: {cell.actor.about}",))
            yield Do("unshare")
            if step.namespace.written_by == "outside":
                yield Do("ask_mapper")
            elif any(_maps(step.namespace)):
                yield Do("write_maps", _maps(step.namespace))
        elif isinstance(step, Become):
            if not inside:
                yield Do("comment", (f"{outer.name}: {outer.about}",))
            before = start(setup[:number], FACTS).seen("main")
            yield from _take(step.credential, before) if inside else _become(step, outer)
            if entered or _needs_dumpable(cell):
                yield Do("dumpable")
    if outside and not inside:
        yield Do("outside")


def _maps(space: NewNamespace) -> tuple[str | None, str | None, str | None]:
    """What goes into setgroups, uid_map and gid_map; None for a file that is not written."""
    return None if space.setgroups == "keep" else space.setgroups, space.uid_map or None, space.gid_map or None


def _needs_dumpable(cell: Cell) -> bool:
    """Whether it shows that a change of ids made the process undumpable: who is not does not own its files in /proc."""
    calls = [call for line in cell.scenario.lines for call in (line.call, line.then) if call]
    return any(call.name in _OWNERSHIP or "/proc/" in show_call(call) for call in calls)


_OWNERSHIP = ("prctl", "unshare", "clone", "setns", "ioctl", "ptrace", "process_vm_readv", "write", "hold")


def _become(step: Become, actor: Actor) -> Iterator[Do]:
    """From whatever the program was started with, to all that the actor says of itself."""
    unlike = msgspec.structs.replace(step.credential, groups=(0, 0))
    own = msgspec.structs.replace(
        unlike,
        uid=step.credential.uid if actor.uid is None else FACTS.credential.uid,
        gid=step.credential.gid if actor.gid is None else FACTS.credential.gid,
        groups=step.credential.groups if actor.groups is None else unlike.groups,
    )
    yield from _take(step.credential, own, named=actor)


def _take(wanted: Credential, own: Credential, named: Actor | None = None) -> Iterator[Do]:
    """The calls from one credential to another; those for the ids of a named actor are made in any case."""
    if wanted.groups != own.groups:
        yield Do("setgroups", (wanted.groups,))
    uid, gid = (msgspec.structs.astuple(ids) for ids in (wanted.uid, wanted.gid))
    moves_gid = wanted.gid != own.gid or (named is not None and named.gid is not None)
    moves_uid = wanted.uid != own.uid or (named is not None and named.uid is not None)
    if moves_gid:
        yield Do("setresgid", gid[:3])
    if moves_gid and gid[3] != gid[1]:
        yield Do("setfsgid", gid[3:])
    mask = wanted.capabilities.permitted
    carries = moves_uid and mask and 0 not in uid
    if carries:
        yield Do("keep_caps", (1,))
    if moves_uid:
        yield Do("setresuid", uid[:3])
    if moves_uid and uid[3] != uid[1]:
        yield Do("setfsuid", uid[3:])
    lost = named is not None and moves_uid and 0 not in uid and not carries
    if not lost and not (mask == EVERYTHING and uid[1] == 0):
        yield Do("capabilities", (mask,))
    if carries:
        yield Do("keep_caps", (0,))
