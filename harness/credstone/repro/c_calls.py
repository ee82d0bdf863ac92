"""The lines of a script as C: the expression that makes a call and gives its answer as a text."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import msgspec

from credstone.repro.c_text import FULL, argument, gid, mask, text
from credstone.words.call import Argument, Call, Items, Text, Word
from credstone.words.capability import MASKS
from credstone.words.errors import CredstoneError
from credstone.words.notation import show_call
from credstone.words.scenario import ALL_THREADS, Line

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


def made(line: Line, api: str, threads: int, load: int) -> Made:
    """The line in C.  ``threads`` are there besides those of the load."""
    call = line.call
    if line.who == ALL_THREADS:
        field, first, count = _COLUMNS[call.name]
        answer = f'all_threads("{field}", {first}, {count})'
        return Made(answer, (f"pause_load({threads});",), ("resume_load();",)) if load else Made(answer)
    if call.name in _IDS:
        return Made(_number(call, api, *(gid(_int(each)) for each in call.arguments)))
    maker = _MAKERS.get(call.name)
    if maker is None or line.then or call.keywords:
        raise CredstoneError(f"There is no C program for {show_call(call)}.", "The call is none of C's.")
    return maker(call, api)


def _int(value: Argument) -> int:
    if not isinstance(value, int):
        raise CredstoneError(f"There is no C program for the argument {value}.")
    return value


def _number(call: Call, api: str, *arguments: str) -> str:
    if api == "syscall":
        return f"number(syscall({', '.join([f'SYS_{call.name}', *arguments])}))"
    return f"number({call.name}({', '.join(arguments)}))"


def _triple(call: Call, api: str) -> Made:
    if call.arguments:
        raise CredstoneError(f"There is no program for {show_call(call)} yet.")
    return Made(f"three_ids({_function(call, api)})")


def _function(call: Call, api: str) -> str:
    return f"raw_{call.name}" if api == "syscall" else call.name


def _getgroups(call: Call, api: str) -> Made:
    function = _function(call, api)
    match call.arguments:
        case ():
            return Made(f"all_groups({function})")
        case (int(size),) | (int(size), Word("valid")):
            return Made(f"groups_within({function}, {size})")
        case (int(size), Word(pointer)):
            return Made(f"groups_at({function}, {size}, {_pointer(pointer)})")
    raise CredstoneError(f"There is no program for {show_call(call)}.")


def _pointer(word: str) -> str:
    return "NULL" if word == "null" else "bad_pointer()"


def _setgroups(call: Call, api: str) -> Made:
    match call.arguments:
        case (Items() as items,):
            numbers = tuple(_int(each) for each in items.items)
            if len(numbers) > _INLINE:
                return Made(_number(call, api, "count", "groups"), tuple(_filled(numbers)))
            written = f"(gid_t[]) {{ {', '.join(map(gid, numbers))} }}" if numbers else "NULL"
            return Made(_number(call, api, str(len(numbers)), written))
        case (int(size), Word("valid")):
            return Made(_number(call, api, str(size), f"counting_up({size if 0 <= size <= 1 << 20 else 65537})"))
        case (int(size), Word(pointer)):
            return Made(_number(call, api, str(size), _pointer(pointer)))
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


def _setfs(call: Call, api: str) -> Made:
    number = gid(_int(call.arguments[0]))
    kind = "uid_t" if call.name == "setfsuid" else "gid_t"
    made = f"syscall(SYS_{call.name}, {number})" if api == "syscall" else f"{call.name}({number})"
    return Made(f"number(({kind}) {made})")


def _text(value: Argument) -> str:
    """A path or another text; the process ID of main is put in when the program runs."""
    words = value.text if isinstance(value, Text) else value.word if isinstance(value, Word) else str(value)
    if "$pid" not in words:
        return text(words)
    return f"of_main({text(words.replace('%', '%%').replace('$pid', '%d'))})"


def _pid(value: Argument) -> str:
    match value:
        case Word("$pid"):
            return "main_pid"
        case Word("self" | "thread-self"):
            return "getpid()"
        case Word(name):
            return f"shared->pid[{member('outside' if name == 'outside' else f'child {name}')}]"
    return argument(value)


def member(who: str) -> str:
    """The name of a thread or process in the program: ``THREAD_T``."""
    return who.upper().replace(" ", "_").replace("-", "_")


def _status(call: Call, api: str) -> Made:
    pid, field = _pid(call.arguments[0]), argument(call.arguments[1])
    if field in ("Uid", "Gid", "Groups"):
        return Made(f'status_ids({pid}, "{field}")')
    return Made(f'status_number({pid}, "{field}", {16 if field.startswith(("Cap", "Sig")) else 10})')


def _capset(call: Call, api: str) -> Made:
    sets = []
    for each in call.arguments:
        bits = sum(MASKS[name] for name in each.word.split("|")) if isinstance(each, Word) else _int(each)
        sets.append(mask(bits, FULL))
    return Made(f"set_capabilities({', '.join(sets)})")


def _prctl(call: Call, api: str) -> Made:
    numbers = [argument(each) + ("L" if isinstance(each, int) else "") for each in call.arguments]
    return Made(f"number(prctl({', '.join(numbers + ['0L'] * (5 - len(numbers)))}))")


def _kill(call: Call, api: str) -> Made:
    return Made(f"number(kill({_pid(call.arguments[0])}, {argument(call.arguments[1])}))")


def _found(helper: str) -> Callable[[Call, str], Made]:
    """A look-up: that nothing was found is told from a failure by errno alone."""

    def make(call: Call, api: str) -> Made:
        key = _text(call.arguments[0]) if isinstance(call.arguments[0], Text) else gid(_int(call.arguments[0]))
        return Made(f"{helper}({call.name}({key}))", ("errno = 0;",))

    return make


def _getgrouplist(call: Call, api: str) -> Made:
    room = call.arguments[2] if len(call.arguments) > 2 else 65537
    return Made(f"groups_of_user({_text(call.arguments[0])}, {gid(_int(call.arguments[1]))}, {room})")


def _plain(function: str, *kinds: Callable[[Argument], str], wrap: bool = True) -> Callable[[Call, str], Made]:
    """A call that is made in one way whatever the API; ``wrap`` where it gives a number and no text."""

    def make(call: Call, api: str) -> Made:
        arguments = ", ".join(kind(each) for kind, each in zip(kinds, call.arguments, strict=True))
        return Made(f"number({function}({arguments}))" if wrap else f"{function}({arguments})")

    return make


_MAKERS: dict[str, Callable[[Call, str], Made]] = {
    "getresuid": _triple, "getresgid": _triple, "getgroups": _getgroups, "setgroups": _setgroups,
    "setfsuid": _setfs, "setfsgid": _setfs, "status": _status, "capset": _capset, "prctl": _prctl, "kill": _kill,
    "initgroups": _plain("initgroups", _text, lambda each: gid(_int(each))),
    "group_member": _plain("group_member", lambda each: gid(_int(each))),
    "getgrouplist": _getgrouplist, "getpwnam": _found("user_entry"), "getgrnam": _found("group_entry"),
    "getgrgid": _found("group_entry"), "sysconf": _plain("sysconf", argument),
    "constant": lambda call, api: Made(f"number({argument(call.arguments[0])})"),
    "unshare": _plain("unshare", argument), "read": _plain("content", _text, wrap=False),
    "write": _plain("write_once", _text, _text), "open": _plain("opened", _text, argument, wrap=False),
    "access": _plain("access", _text, argument), "stat": _plain("owner_and_mode", _text, wrap=False),
    "chown": _plain("chown", _text, argument, argument),
    "chmod": _plain("chmod", _text, lambda each: f"{_int(each):#o}".replace("0o", "0")), "getpid": _plain("getpid"),
}  # fmt: skip
