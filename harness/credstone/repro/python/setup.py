"""The set-up of a cell as Python statements."""

from __future__ import annotations

import textwrap

from credstone.repro.database import RUN, counting
from credstone.repro.preparation import EVERYTHING, Do
from credstone.repro.python.text import WIDTH, call, mask, quoted
from credstone.words.scenario import Database, File


def files(given: tuple[File, ...]) -> list[str]:
    """The files of the cell, in the folder in which the program is."""
    lines: list[str] = []
    for file in given:
        name, rest = quoted(file.name), (str(file.owner), str(file.group), f"{file.mode:#o}")
        if file.kind == "folder":
            lines += call("make_folder", name, *rest)
        else:
            lines += call("make_file", name, quoted(file.content), *rest)
    return lines


def database(given: Database | None) -> list[str]:
    """A private /etc with the files of the database that exist."""
    if given is None:
        return []
    parts = [
        f'"{name}": [{", ".join(_entries(entries))}]'
        for name, entries in (("passwd", given.passwd), ("group", given.group))
        if entries is not None
    ]
    one = f"private_etc({{{', '.join(parts)}}})"
    return [one] if len(one) <= WIDTH else ["private_etc({", *(f"    {part}," for part in parts), "})"]


def _entries(entries: tuple[str, ...]) -> list[str]:
    """The lines of a file; those in which the same number counts up as a loop."""
    parts, at = [], 0
    while at < len(entries):
        number, pattern, length = counting(entries[at:])
        if length >= RUN:
            parts.append(f"*(f{quoted(pattern)} for n in range({number}, {number + length}))")
            at += length
        else:
            parts.append(quoted(entries[at]))
            at += 1
    return parts


def actor(step: Do) -> list[str]:
    """One step towards the actor."""
    values = step.values
    flat = values[0] if values and isinstance(values[0], tuple) else values
    shown = ", ".join(map(str, flat))
    match step.name:
        case "comment":
            return ["", *textwrap.wrap(str(values[0]), WIDTH, initial_indent="# ", subsequent_indent="# ")]
        case "setgroups" | "setresgid" | "setresuid":
            return call("must", "raw", f'"{step.name}"', *([shown] if shown else []))
        case "setfsgid" | "setfsuid":
            return call("must", "libc", f'"{step.name}"', shown)
        case "keep_caps" | "dumpable":
            option, value = ("PR_SET_KEEPCAPS", shown) if values else ("PR_SET_DUMPABLE", "1")
            return [f'must(libc, "prctl", {option}, {value}, 0, 0, 0)']
        case "capabilities":
            return [f"must(keep_capabilities, {mask(int(shown), EVERYTHING)})"]
        case "unshare":
            return ['must(libc, "unshare", CLONE_NEWUSER)']
        case "start_mapper" | "write_maps":
            maps = [quoted(None if value is None else str(value)) for value in values]
            return call(step.name, *(["os.getpid()"] if step.name == "write_maps" else []), *maps)
        case "outside":
            return ['start_child("outside")']
    return [f"{step.name}()"]
