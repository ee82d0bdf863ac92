"""The set-up of a cell as commands: files, and the programs that make a shell the actor."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

import msgspec

from credstone.repro.preparation import EVERYTHING, Do
from credstone.repro.shell.calls import groups_option, ids_options
from credstone.repro.shell.text import beyond, quoted, word
from credstone.words import capability
from credstone.words.scenario import File, FileCapabilities

_COLUMNS = 96
_ROOTS_MAP = "0 "
"""How a map begins that gives a user namespace its user 0."""


class Taken(msgspec.Struct, frozen=True):
    """Capabilities as a shell can have them: what execve(2) leaves of them has to be in a set that it looks at.

    For user 0 that is the bounding set; for any other it is the ambient one, and with it the inheritable one.
    """

    mask: int
    ambient: bool


def files(given: Sequence[File]) -> Iterator[str]:
    """The files of the cell, owned and moded."""
    for file in given:
        owner = f"{'' if file.owner < 0 else file.owner}:{'' if file.group < 0 else file.group}"
        rest = f"{owner} 0{file.mode:04o}"
        if file.kind == "agent":
            yield f"copy_shell {word(file.name)} {rest}"
        elif file.kind == "folder":
            yield f"make_folder {word(file.name)} {rest}"
        else:
            yield f"make_file {word(file.name)} {quoted(file.content)} {rest}"
        if file.capabilities is not None:
            yield _setcap(file.name, file.capabilities)


def _setcap(name: str, has: FileCapabilities) -> str:
    """setcap(8) is neither of util-linux nor of coreutils: where it is missing there is no set-up."""
    sets = [
        (has.permitted & has.inheritable, "ip"),
        (has.permitted & ~has.inheritable, "p"),
        (has.inheritable & ~has.permitted, "i"),
    ]
    clauses = [
        f"{','.join(capability.names(mask)).lower()}={'e' if has.effective else ''}{letters}"
        for mask, letters in sets
        if mask
    ]
    root = "" if has.rootid is None else f"-n {has.rootid} "
    if not clauses:
        raise beyond(f"the capabilities of {name}", "setcap(8) has no words for a file that has none and is marked so")
    return f"must setcap {root}{quoted(' '.join(clauses))} {word(name)}"


def taken(steps: Sequence[Do]) -> Taken | None:
    """The capabilities that the actor is left with, where it is said which."""
    places = [number for number, step in enumerate(steps) if step.name == "unshare"]
    inner = steps[places[-1] + 1 :] if places else steps
    uids = next((_numbers(step) for step in inner if step.name == "setresuid"), (0,))
    for step in inner:
        if step.name == "capabilities":
            (mask,) = _numbers(step)
            return Taken(mask, ambient=bool(mask) and 0 not in uids)
    return None


def _numbers(step: Do) -> tuple[int, ...]:
    """The numbers of a step: ids, or a mask."""
    flat = step.values[0] if step.values and isinstance(step.values[0], tuple) else step.values
    return tuple(each for each in flat if isinstance(each, int))


def actor(steps: Sequence[Do]) -> Iterator[str]:
    """The statements that make a shell the actor, which goes on with the first part."""
    words: list[str] = []
    maps: tuple[str, ...] = ()
    options: dict[str, list[str]] = {}
    has = taken(steps)
    for number, step in enumerate(steps):
        match step.name:
            case "comment":
                yield from textwrap.wrap(str(step.values[0]), _COLUMNS, initial_indent="# ", subsequent_indent="# ")
            case "start_mapper":
                maps = tuple("" if value is None else str(value) for value in step.values)
            case "unshare":
                if "capabilities" in options:
                    raise beyond("its actor", "its namespace is made by somebody with some capabilities")
                words += [*_setpriv(options), "unshare", "--user"]
                options = {}
                after = steps[number + 1].name if number + 1 < len(steps) else ""
                if after == "ask_mapper":
                    yield _new_namespace(maps, words[:-2])
                    words = ["nsenter", '--user="/proc/$holder/ns/user"', "--setuid=0", "--setgid=0"]
            case "write_maps":
                words += _own_maps(tuple(str(value) for value in step.values))
            case "setgroups" | "setresgid" | "setresuid" | "capabilities":
                options[step.name] = _option(step, has)
            case "ask_mapper" | "keep_caps" | "dumpable":
                pass
            case other:
                raise beyond("its actor", f"setpriv(1) has no option for {other}(2)")
    words += _setpriv(options)
    if words:
        yield f"become {' '.join(words)}"


def _new_namespace(maps: tuple[str, ...], creator: list[str]) -> str:
    """A process in a new namespace, and the maps that are written for it; nsenter(1) becomes user 0 of it."""
    setgroups, *both = maps
    if setgroups == "deny":
        raise beyond("its actor", "nsenter(1) calls setgroups(2), which is denied there")
    if not all(text.startswith(_ROOTS_MAP) or f"\n{_ROOTS_MAP}" in text for text in both):
        raise beyond("its actor", "its namespace has no user 0 that a new image could be")
    return " ".join(["new_namespace", quoted(setgroups or "allow"), *map(quoted, both), *creator])


def _own_maps(maps: tuple[str, ...]) -> list[str]:
    """unshare(1) writes one kind of map itself: of the caller's own ids, as 0, with setgroups(2) denied."""
    setgroups, *both = maps
    if setgroups != "deny" or not all(text.startswith(_ROOTS_MAP) and text.endswith(" 1") for text in both):
        raise beyond("its actor", "unshare(1) writes no such maps from inside")
    return ["--map-root-user"]


def _option(step: Do, has: Taken | None) -> list[str]:
    """What setpriv(1) is told."""
    if step.name == "setgroups":
        return [groups_option(_numbers(step))]
    if step.name == "capabilities":
        return _capabilities(has) if has else []
    kind = step.name.removeprefix("setres")
    if found := ids_options(kind, _numbers(step)):
        return found
    raise beyond("its actor", f"a new image has the effective {kind} as its saved one, and this one had another")


def _capabilities(has: Taken) -> list[str]:
    """Those that are kept; of a bounding set that has nearly all, those that are not."""
    kept, lost = (
        [f"{sign}{name.removeprefix('CAP_').lower()}" for name in capability.names(mask)]
        for sign, mask in (("+", has.mask), ("-", EVERYTHING & ~has.mask))
    )
    if has.ambient:
        named = ",".join(["-all", *kept])
        return [f"--inh-caps={named}", f"--ambient-caps={named}"]
    return ["--bounding-set=" + ",".join(lost if len(lost) < len(kept) else ["-all", *kept])]


def _setpriv(options: dict[str, list[str]]) -> list[str]:
    """setpriv(1) with these options; it wants to be told of the groups wherever it is told of a gid."""
    if not options:
        return []
    order = ("setresuid", "setresgid", "setgroups", "capabilities")
    words = [option for name in order for option in options.get(name, [])]
    if "setresgid" in options and "setgroups" not in options:
        words.append("--keep-groups")
    return ["setpriv", *words]
