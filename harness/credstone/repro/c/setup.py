"""The set-up of a cell as C statements: files, database, and the calls that make a process the actor."""

from __future__ import annotations

from collections.abc import Iterator

from credstone.repro.c.text import FULL, call, gid, mask, remark, text
from credstone.repro.database import RUN, counting
from credstone.repro.preparation import EVERYTHING, Do
from credstone.words.scenario import Database, File


def files(given: tuple[File, ...], *, nosuid: bool) -> list[str]:
    """The files of the cell, owned and moded, in the folder in which the program is."""
    lines = ["nosuid_folder();"] if given and nosuid else []
    if not nosuid and any(file.kind == "agent" for file in given):
        lines.append("must_honour_bits();")
    for file in given:
        rest = (str(file.owner), str(file.group), f"0{file.mode:o}")
        has = file.capabilities
        if file.kind == "agent":
            lines += call("copy_self", text(file.name), *rest)
        elif file.kind == "folder":
            lines += call("make_folder", text(file.name), *rest)
        else:
            lines += call("make_file", text(file.name), text(file.content), *rest)
        if has:
            sets = (mask(has.permitted, FULL), mask(has.inheritable, FULL), "true" if has.effective else "false")
            root = "-1" if has.rootid is None else str(has.rootid)
            lines += call("give_capabilities", text(file.name), *sets, root)
    return lines


def database(given: Database | None) -> list[str]:
    """A private /etc with the files of the database that exist."""
    if given is None:
        return []
    lines = ["private_etc();"]
    for name, entries in (("passwd", given.passwd), ("group", given.group)):
        if entries is not None:
            lines += ["", f'file = fopen("/etc/{name}", "w");', f'must("/etc/{name}", file ? 0 : -1);']
            lines += [*_entries(entries), "fclose(file);"]
    return [*lines, ""]


def _entries(entries: tuple[str, ...]) -> Iterator[str]:
    """The lines of a file; those that count up as a loop."""
    at = 0
    while at < len(entries):
        number, pattern, length = counting(entries[at:])
        if length >= RUN:
            holes = ", ".join(["n"] * pattern.count("{n}"))
            pattern = pattern.replace("%", "%%").replace("{n}", "%d")
            yield f"for (int n = {number}; n <= {number + length - 1}; n++)"
            yield f"\tfprintf(file, {text(pattern + chr(10))}, {holes});"
            at += length
        else:
            yield f"fputs({text(entries[at] + chr(10))}, file);"
            at += 1


def actor(step: Do) -> list[str]:
    """One step towards the actor."""
    values = step.values
    match step.name:
        case "comment":
            return ["", *remark(str(values[0]))]
        case "setgroups":
            groups = values[0] if isinstance(values[0], tuple) else ()
            written = f"(gid_t[]) {{ {', '.join(map(gid, groups))} }}" if groups else "NULL"
            return call("must", '"setgroups"', f"syscall(SYS_setgroups, {len(groups)}, {written})")
        case "setresgid" | "setresuid" | "setfsgid" | "setfsuid":
            return call("must", f'"{step.name}"', f"syscall(SYS_{step.name}, {', '.join(map(str, values))})")
        case "keep_caps":
            return [f'must("PR_SET_KEEPCAPS", prctl(PR_SET_KEEPCAPS, {values[0]}L, 0L, 0L, 0L));']
        case "capabilities":
            return [f"keep_capabilities({mask(int(str(values[0])), EVERYTHING)});"]
        case "dumpable":
            return ['must("PR_SET_DUMPABLE", prctl(PR_SET_DUMPABLE, 1L, 0L, 0L, 0L));']
        case "unshare":
            return ['must("unshare", unshare(CLONE_NEWUSER));']
        case "start_mapper" | "write_maps":
            maps = [text(None if value is None else str(value)) for value in values]
            return call(step.name, *(["getpid()"] if step.name == "write_maps" else []), *maps)
        case "outside":
            return ["start_child(OUTSIDE);"]
    return [f"{step.name}();"]
