"""The lines of a script as C: the expression that makes a call and gives its answer as a text."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import msgspec

from credstone.notation.show import show_call
from credstone.repro import c_capabilities, c_plumbing, c_sixteen
from credstone.repro.c_text import argument, gid
from credstone.repro.c_values import Where, ident, number, path, pointer, status_path
from credstone.words.call import Call, Items, Text, Word
from credstone.words.errors import CredstoneError
from credstone.words.scenario import ALL_THREADS, VFORKED, Line

_IDS = frozenset({
    "getuid", "geteuid", "getgid", "getegid", "setuid", "setgid", "seteuid", "setegid", "setreuid", "setregid",
    "setresuid", "setresgid",
})  # fmt: skip
_COLUMNS = {
    "getresuid": ("Uid", 0, 3), "getresgid": ("Gid", 0, 3), "getgroups": ("Groups", 0, 0), "getuid": ("Uid", 0, 1),
    "geteuid": ("Uid", 1, 1), "getgid": ("Gid", 0, 1), "getegid": ("Gid", 1, 1),
}  # fmt: skip
"""Where the answer of a call stands in /proc/PID/status: the field, the first of its numbers, how many (0: all)."""
_INLINE = 8
"""Up to so many groups are written out."""


class Made(msgspec.Struct, frozen=True):
    """How a line is made: the statements before it, and the expression of its answer."""

    answer: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def made(line: Line, where: Where, threads: int, load: int) -> Made:
    """The line in C.  ``threads`` are there besides those of the load."""
    call = line.call
    if line.who == ALL_THREADS:
        if call.name not in _COLUMNS:
            raise CredstoneError(
                f"There is no program for {show_call(call)} in all threads: their status does not say it."
            )
        field, first, count = _COLUMNS[call.name]
        answer = f'all_threads("{field}", {first}, {count})'
        return Made(answer, (f"pause_load({threads});",), ("resume_load();",)) if load else Made(answer)
    if line.who == VFORKED:
        return Made("of_vfork", tuple(_vforked(expression(call, where))))
    if call.name == "clone":
        flags = argument(call.arguments[0]).replace("|", " | ")
        said = expression(line.then, where) if line.then else Made('"0"')
        return Made("answer_of(clone_pid)", (*_in_a_clone(flags, said),))
    return expression(call, where)


def expression(call: Call, where: Where) -> Made:
    """A call, wherever it is made."""
    if call.name in _IDS:
        return Made(_number(call, where, *(gid(number(each)) for each in call.arguments)))
    if maker := _MAKERS.get(call.name):
        return maker(call, where)
    for module in (c_plumbing, c_capabilities, c_sixteen):
        if answer := module.answer(call, where):
            return Made(answer)
    raise CredstoneError(f"There is no C program for {show_call(call)}: it is a call that no program makes yet.")


def _vforked(done: Made) -> list[str]:
    """A process of vfork(2) for one call: it has the memory of its maker, which waits."""
    inner = [*done.before, f"of_vfork = {done.answer};", *done.after]
    return [
        "vforked = vfork();", "if (vforked == 0) {", *(f"\t{each}" for each in inner), "\t_exit(0);", "}",
        "vfork_ended();",
    ]  # fmt: skip


def _in_a_clone(flags: str, done: Made) -> list[str]:
    """A process of clone(2), and what it does."""
    said = [*done.before, f"say({done.answer});"]
    body = [f"\t{each}" for each in said]
    if len(said) > 1:
        return [f"clone_pid = cloned({flags});", "if (clone_pid == 0) {", *body, "}"]
    return [f"clone_pid = cloned({flags});", "if (clone_pid == 0)", *body]


def _number(call: Call, where: Where, *arguments: str) -> str:
    if where.raw:
        made = f"syscall({', '.join([f'SYS_{call.name}', *arguments])})"
        return f"number(id_of({made}))" if where.abi and call.name.startswith("get") else f"number({made})"
    return f"number({call.name}({', '.join(arguments)}))"


def _triple(call: Call, where: Where) -> Made:
    if call.arguments:
        pointers = (pointer(each, f"&read_ids[{place}]") for place, each in enumerate(call.arguments))
        return Made(f"three_at({_function(call, where)}, {', '.join(pointers)})")
    return Made(f"three_ids({_function(call, where)})")


def _function(call: Call, where: Where) -> str:
    return f"raw_{call.name}" if where.raw else call.name


def _getgroups(call: Call, where: Where) -> Made:
    function = _function(call, where)
    match call.arguments:
        case ():
            return Made(f"all_groups({function})")
        case (int(size),) | (int(size), Word("valid")):
            return Made(f"groups_within({function}, {size})")
        case (int(size), Word() as to):
            return Made(f"groups_at({function}, {size}, {pointer(to, '')})")
    raise CredstoneError(f"There is no program for {show_call(call)}.")


def _setgroups(call: Call, where: Where) -> Made:
    match call.arguments:
        case (Items() as items,):
            numbers = tuple(number(each) for each in items.items)
            if len(numbers) > _INLINE:
                return Made(_number(call, where, "count", "groups"), tuple(_filled(numbers)))
            written = f"(gid_t[]) {{ {', '.join(map(gid, numbers))} }}" if numbers else "NULL"
            return Made(_number(call, where, str(len(numbers)), written))
        case (int(size), Word("valid")):
            return Made(_number(call, where, str(size), f"counting_up({size if 0 <= size <= 1 << 20 else 65537})"))
        case (int(size), Word() as at):
            return Made(_number(call, where, str(size), pointer(at, "")))
    raise CredstoneError(f"There is no program for {show_call(call)}.")


def _filled(numbers: tuple[int, ...]) -> list[str]:
    """A long list, filled by a loop for each run of numbers that follow each other."""
    runs = [[numbers[0], numbers[0]]]
    for one, other in pairwise(numbers):
        if other == one + 1:
            runs[-1][1] = other
        else:
            runs.append([other, other])
    lines = [f"static gid_t groups[{len(numbers)}];", "int count = 0;", ""]
    for first, last in runs:
        if first == last:
            lines.append(f"groups[count++] = {gid(first)};")
        else:
            lines += [f"for (gid_t id = {first}; id <= {last}; id++)", "\tgroups[count++] = id;"]
    return lines


def _setfs(call: Call, where: Where) -> Made:
    number_of = ident(call.arguments[0], where)
    kind = "uid_t" if call.name == "setfsuid" else "gid_t"
    made = f"syscall(SYS_{call.name}, {number_of})" if where.raw else f"{call.name}({number_of})"
    return Made(f"number(id_of({made}))" if where.abi and where.raw else f"number(({kind}) {made})")


def _status(call: Call, where: Where) -> Made:
    file, field = status_path(call.arguments[0], where), argument(call.arguments[1])
    if field in ("Uid", "Gid", "Groups"):
        return Made(f'status_ids({file}, "{field}")')
    return Made(f'status_number({file}, "{field}", {16 if field.startswith(("Cap", "Sig")) else 10})')


def _found(helper: str) -> Callable[[Call, Where], Made]:
    """A look-up: that nothing was found is told from a failure by errno alone."""

    def make(call: Call, where: Where) -> Made:
        first = call.arguments[0]
        key = path(first, where) if isinstance(first, Text) else ident(first, where)
        return Made(f"{helper}({call.name}({key}))", ("errno = 0;",))

    return make


def _getgrouplist(call: Call, where: Where) -> Made:
    name, group, *room = call.arguments
    return Made(f"groups_of_user({path(name, where)}, {ident(group, where)}, {room[0] if room else 65537})")


def _initgroups(call: Call, where: Where) -> Made:
    name, group = call.arguments
    return Made(f"number(initgroups({path(name, where)}, {ident(group, where)}))")


def _exit(call: Call, where: Where) -> Made:
    return Made('"0"', after=(f"leave({call.arguments[0]});",))


_MAKERS: dict[str, Callable[[Call, Where], Made]] = {
    "getresuid": _triple, "getresgid": _triple, "getgroups": _getgroups, "setgroups": _setgroups,
    "setfsuid": _setfs, "setfsgid": _setfs, "status": _status, "initgroups": _initgroups,
    "getgrouplist": _getgrouplist, "getpwnam": _found("user_entry"), "getgrnam": _found("group_entry"),
    "getgrgid": _found("group_entry"), "exit": _exit,
}  # fmt: skip
