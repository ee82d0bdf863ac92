"""What is so before a line and could be otherwise: each premise in words, with worlds in which it does not hold.

A premise decides a line if the model answers otherwise in one of those worlds.  So nothing has to be noted while the
pages run, and what is told is what made the difference, not all that was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

import msgspec

from credstone.model.caller import moment
from credstone.model.world import IDENTITY, NO_ID, Namespace, World
from credstone.words.call import Argument, Items, Text, Word
from credstone.words.capability import NAMES
from credstone.words.constants import CONSTANTS
from credstone.words.credential import Credential
from credstone.words.kernel import Kernel
from credstone.words.scenario import ALL_THREADS, MAIN, VFORKED, File, Line

replace = msgspec.structs.replace

_NOBODY = 3_999_999_999
"""An id that no scenario uses."""
_KINDS = ("real", "effective", "saved", "filesystem")
_SETS = {
    "effective": "in effect",
    "permitted": "permitted",
    "inheritable": "inheritable",
    "bounding": "in the bounding set",
    "ambient": "ambient",
}
_ALL = (1 << len(NAMES)) - 1
_SECUREBITS = {value.bit_length() - 1: name for name, value in CONSTANTS.items() if name.startswith("SECBIT_")}
_SERIES = ((2, 6), (3, 10), (4, 4), (4, 14), (4, 19), (5, 4), (5, 10), (5, 15), (6, 1), (6, 6), (6, 12), (6, 18))
_KERNELS = tuple(Kernel(series, level) for series in _SERIES for level in (0, 999))
"""The first release of each of these series, and one with all its stable updates."""
_LIBRARIES = ("glibc", "musl", "unknown")
_MODES = tuple(1 << bit for bit in range(12))


class Premise(msgspec.Struct, frozen=True):
    """One premise.  ``field`` names what it is about; ``otherwise`` are the worlds in which it is not so."""

    words: str
    field: str
    otherwise: tuple[World, ...]


Matters: TypeAlias = Callable[[World], bool]
"""Whether a line goes otherwise in this world."""


def premises(world: World, line: Line, matters: Matters) -> Iterator[Premise]:
    """What could decide a line, in the order in which a reader asks for it.

    Of a whole set (capabilities, securebits) its members are looked at where it makes a difference that the set is not
    empty, or not full.
    """
    who = MAIN if line.who in (VFORKED, ALL_THREADS) else line.who
    present = {task.who for task in world.tasks}
    if who not in present:
        who = MAIN
    numbers = tuple(dict.fromkeys(_numbers(line)))
    yield from _of_task(world, who, numbers, "", matters)
    for name in _named(line):
        if name in present and name != who:
            yield from _of_task(world, name, numbers, f"{name}: ", matters)
    yield from _of_namespace(world, who)
    yield from _of_files(world, who, line)
    yield from _of_system(world)


def _of_task(world: World, who: str, numbers: tuple[int, ...], whose: str, matters: Matters) -> Iterator[Premise]:
    """The credential of a task, and what else the kernel keeps of it."""
    task = world.task(who)
    own = task.credential

    def with_own(**fields: object) -> World:
        return world.with_tasks(replace(task, credential=replace(own, **fields)))

    yield from _of_ids(world, who, numbers, whose, with_own)
    for kind, words in _SETS.items():
        bits = getattr(own.capabilities, kind)

        def with_set(others: int, kind: str = kind) -> World:
            return with_own(capabilities=replace(own.capabilities, **{kind: others}))

        for bit in _bits(_ALL, lambda others: matters(with_set(others))):
            held = f"{NAMES[bit]} {words}" if bits >> bit & 1 else f"no {NAMES[bit]} {words}"
            yield Premise(whose + held, f"{kind} capabilities", (with_set(bits ^ 1 << bit),))
    for bit in _bits(sum(1 << bit for bit in _SECUREBITS), lambda others: matters(with_own(securebits=others))):
        says = f"{_SECUREBITS[bit]} {'set' if own.securebits >> bit & 1 else 'not set'}"
        yield Premise(whose + says, "securebits", (with_own(securebits=own.securebits ^ 1 << bit),))
    for field in ("no_new_privs", "keep_caps"):
        is_so = getattr(own, field)
        yield Premise(f"{whose}{field} {'set' if is_so else 'not set'}", field, (with_own(**{field: not is_so}),))
    others = tuple(with_own(dumpable=value) for value in (0, 1, 2) if value != own.dumpable)
    yield Premise(f"{whose}dumpable is {own.dumpable}", "dumpable", others)
    if task.tracer is not None:
        words = f"{whose}traced by {task.tracer.who}"
        yield Premise(words, "tracer", (world.with_tasks(replace(task, tracer=None)),))
    masks = tuple(world.with_tasks(replace(task, umask=task.umask ^ bit)) for bit in _MODES[:9])
    yield Premise(f"{whose}umask 0{task.umask:03o}", "umask", masks)


def _bits(everything: int, matters: Callable[[int], bool]) -> Iterable[int]:
    """The bits that are worth a look: all, where the set full or empty makes a difference."""
    return range(everything.bit_length()) if matters(0) or matters(everything) else ()


def _of_ids(
    world: World, who: str, numbers: tuple[int, ...], whose: str, with_own: Callable[..., World]
) -> Iterator[Premise]:
    """The eight ids, and the groups; an id could also be one of the numbers that the line names."""
    now, seen, own = moment(world, who), world.seen(who), world.task(who).credential
    for half, to_kernel in (("uid", now.uid), ("gid", now.gid)):
        wanted = [kernel for number in (0, *numbers) if (kernel := to_kernel(number)) is not None]
        for kind in _KINDS:
            ids = getattr(own, half)
            others = [each for each in dict.fromkeys((_NOBODY, *wanted)) if each != getattr(ids, kind)]
            worlds = tuple(with_own(**{half: replace(ids, **{kind: each})}) for each in others)
            yield Premise(f"{whose}{kind} {half} {getattr(getattr(seen, half), kind)}", f"{kind} {half}", worlds)
    gids = [kernel for number in numbers if (kernel := now.gid(number)) is not None]
    lists = [(), *((*own.groups, gid) for gid in gids if gid not in own.groups)]
    worlds = tuple(with_own(groups=tuple(sorted(each))) for each in lists if each != own.groups)
    shown = f"{len(seen.groups)} groups" if len(seen.groups) > 8 else f"groups {list(seen.groups)}"
    yield Premise(f"{whose}{shown if seen.groups else 'no groups'}", "groups", worlds)


def _of_namespace(world: World, who: str) -> Iterator[Premise]:
    """The user namespace of the caller: its maps, its owner, whether setgroups(2) is denied."""
    number = world.task(who).namespace
    own = world.namespaces[number]

    def with_own(namespace: Namespace) -> tuple[World, ...]:
        return (world.with_namespace(number, namespace),)

    denied = "denied" if own.setgroups_denied else "allowed"
    words = f"setgroups {denied} in the user namespace"
    yield Premise(words, "setgroups", with_own(replace(own, setgroups_denied=not own.setgroups_denied)))
    for field in ("uid_map", "gid_map"):
        extents = getattr(own, field)
        if extents != IDENTITY:  # without any map nothing is as it was, and nothing is learned from that
            lines = ", ".join(f"{each.inside} {each.outside} {each.count}" for each in extents)
            words = f"{field} '{lines}'" if extents else f"no {field} written"
            yield Premise(words, field, with_own(replace(own, **{field: IDENTITY})))
    if own.parent >= 0:
        yield Premise(f"the namespace belongs to uid {own.owner}", "owner", with_own(replace(own, owner=_NOBODY)))
        could = own.creator_could_setfcap
        words = f"its creator {'had' if could else 'did not have'} CAP_SETFCAP"
        yield Premise(words, "CAP_SETFCAP", with_own(replace(own, creator_could_setfcap=not could)))


def _of_files(world: World, who: str, line: Line) -> Iterator[Premise]:
    """The files that a line names: owner, group, mode, capabilities."""
    credential = world.task(who).credential
    named = [text.removeprefix("./") for text in _texts(line)]
    for place, file in enumerate(world.files):
        if not any(text == file.name or text.startswith(f"{file.name}/") for text in named):
            continue

        def with_file(other: File, place: int = place) -> World:
            return replace(world, files=(*world.files[:place], other, *world.files[place + 1 :]))

        owned = f"{file.name}: owner {world.shown_uid(file.owner, world.namespaces[0])}"
        yield Premise(owned, file.name, tuple(_owners(file, credential, with_file, "owner", "uid")))
        grouped = f"{file.name}: group {world.shown_gid(file.group, world.namespaces[0])}"
        yield Premise(grouped, file.name, tuple(_owners(file, credential, with_file, "group", "gid")))
        modes = tuple(with_file(replace(file, mode=file.mode ^ bit)) for bit in _MODES)
        yield Premise(f"{file.name}: mode 0{file.mode:03o}", file.name, modes)
        if file.capabilities is not None:
            without = with_file(replace(file, capabilities=None))
            yield Premise(f"{file.name}: it has capabilities", file.name, (without,))


def _owners(
    file: File, credential: Credential, with_file: Callable[[File], World], field: str, half: str
) -> Iterator[World]:
    for number in dict.fromkeys((_NOBODY, getattr(credential, half).effective)):
        if number != getattr(file, field):
            yield with_file(replace(file, **{field: number}))


def _of_system(world: World) -> Iterator[Premise]:
    """The facts of the target."""
    system = world.system

    def with_system(**fields: object) -> World:
        return replace(world, system=replace(system, **fields))

    kernels = tuple(with_system(kernel=each) for each in _KERNELS if each != system.kernel)
    yield Premise(f"kernel {system.kernel}", "kernel", kernels)
    libraries = tuple(with_system(libc=each) for each in _LIBRARIES if each != system.libc)
    yield Premise(system.libc, "libc", libraries)
    words = "set-id bits and capabilities of files " + ("do not count here" if system.nosuid else "count here")
    yield Premise(words, "nosuid", (with_system(nosuid=not system.nosuid),))
    words = f"{'' if system.initial_user_namespace else 'not '}in the initial user namespace"
    yield Premise(words, "initial", (with_system(initial_user_namespace=not system.initial_user_namespace),))
    others = tuple(with_system(suid_dumpable=each) for each in (0, 1, 2) if each != system.suid_dumpable)
    yield Premise(f"fs.suid_dumpable is {system.suid_dumpable}", "suid_dumpable", others)
    for field in ("overflow_uid", "overflow_gid"):
        value = getattr(system, field)
        yield Premise(f"{field.replace('_', ' ')} {value}", field, (with_system(**{field: value ^ 1}),))


def _arguments(line: Line) -> Iterator[Argument]:
    for call in (line.call, line.then):
        for value in call.arguments if call else ():
            yield from value.items[:64] if isinstance(value, Items) else (value,)


def _numbers(line: Line) -> Iterator[int]:
    """The ids that a line names."""
    return (value for value in _arguments(line) if isinstance(value, int) and 0 <= value < NO_ID)


def _texts(line: Line) -> Iterable[str]:
    for value in _arguments(line):
        if isinstance(value, Text):
            yield value.text
        elif isinstance(value, Word):
            yield value.word


def _named(line: Line) -> Iterator[str]:
    """The other processes that a line names."""
    for text in _texts(line):
        name = text.removeprefix("$")
        yield from (MAIN,) if name == "pid" else (f"child {name}", name)
