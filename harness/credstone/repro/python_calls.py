"""The lines of a script as Python: the expression that makes a call."""

from __future__ import annotations

from credstone.notation.show import show_call
from credstone.repro.c_text import FULL
from credstone.repro.python_text import INLINE, filled, mask, numbers, quoted
from credstone.words.call import Argument, Call, Items, Text, Word
from credstone.words.capability import MASKS
from credstone.words.errors import CredstoneError
from credstone.words.scenario import ALL_THREADS, Line

_OF_OS = frozenset({
    "getuid", "geteuid", "getgid", "getegid", "getresuid", "getresgid", "getgroups", "setuid", "setgid", "seteuid",
    "setegid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups", "initgroups", "getgrouplist", "chown",
    "chmod", "getpid",
})  # fmt: skip
_COLUMNS = {
    "getresuid": ("Uid", "tuple(ids[:3])"), "getresgid": ("Gid", "tuple(ids[:3])"), "getgroups": ("Groups", "ids"),
    "getuid": ("Uid", "ids[0]"), "geteuid": ("Uid", "ids[1]"), "getgid": ("Gid", "ids[0]"), "getegid": ("Gid", "ids[1]"),
}  # fmt: skip
"""Where the answer of a call stands in /proc/PID/status."""


def made(line: Line) -> str:
    """The expression for a line."""
    call = line.call
    if line.who == ALL_THREADS:
        field, take = _taken(call)
        return f'all_threads("{field}", lambda ids: {take})'
    if call.name == "subprocess" and line.then:
        field, take = _taken(line.then)
        keywords = "".join(f", {key}={argument(value)}" for key, value in call.keywords)
        return f'in_a_child(lambda ids: {take}, "{field}"{keywords})'
    name, arguments = call.name, call.arguments
    if name in _OF_OS or name.startswith(("os.", "pwd.", "grp.")):
        name = name if "." in name else f"os.{name}"
        parts = [*map(argument, arguments), *(f"{key}={argument(value)}" for key, value in call.keywords)]
        return f"{name}({', '.join(parts)})"
    return _other(call)


def _taken(call: Call) -> tuple[str, str]:
    """Where the answer of a call stands in the status of another process, and what is taken of that."""
    if call.name == "umask":
        return "Umask", "Mode(ids)"
    if call.name == "status":
        return _word(call.arguments[-1]), "ids"
    if call.name not in _COLUMNS:
        raise CredstoneError(f"There is no Python program for {show_call(call)}: the status does not say it.")
    return _COLUMNS[call.name]


def _other(call: Call) -> str:  # noqa: C901 - one case for each irregular call
    """The calls that are not a function of ``os`` with the same name."""
    arguments = [argument(each) for each in call.arguments]
    shown = ", ".join(arguments)
    match call.name:
        case "getpwnam":
            return f"pwd.getpwnam({shown})"
        case "getgrnam" | "getgrgid":
            return f"grp.{call.name}({shown})"
        case "sysconf":
            return f'os.sysconf("{_word(call.arguments[0]).removeprefix("_")}")'
        case "unshare":
            return f'libc("unshare", {_word(call.arguments[0])})'
        case "setrlimit":
            return f"soft_limit(resource.{_word(call.arguments[0])}, {arguments[1]})"
        case "hold":
            return f"hold({shown})"
        case "setns" if call.arguments[0] == Word("held"):
            return f'libc("setns", HELD[-1], {_word(call.arguments[1])})'
        case "read":
            return f"content({shown})"
        case "write":
            return f"write_once({shown})"
        case "open":
            return f"opened({arguments[0]}, {arguments[1]})"
        case "stat":
            return f"owner_and_mode({shown})"
        case "mkdir":
            return f"os.mkdir({arguments[0]}, {call.arguments[1]:#o})"
        case "access":
            return f'libc("access", {arguments[0]}.encode(), {arguments[1]})'
        case "kill":
            return f"os.kill({_pid(call.arguments[0])}, {arguments[1]})"
        case "status":
            return f'field("{_word(call.arguments[1])}", {_pid(call.arguments[0])})'
        case "prctl" if call.arguments == (Word("PR_GET_PDEATHSIG"),):
            return "parent_death_signal()"
        case "prctl":
            parts = [_word(each) for each in call.arguments]
            return f'libc("prctl", {", ".join(parts + ["0"] * (5 - len(parts)))})'
        case "capset":
            if 3 <= len(call.arguments) <= 4:
                given = [*map(_set, call.arguments[:3]), *map(_pid, call.arguments[3:])]
                return f"set_capabilities({', '.join(given)})"
        case "capget" if len(call.arguments) <= 1:
            return f"get_capabilities({', '.join(map(_pid, call.arguments))})"
        case "umask":
            return f"Mode(os.umask({arguments[0]}))"
        case "read_pipe":
            return "len(os.read(PIPE[0], 1))"
        case "write_pipe":
            return 'os.write(PIPE[1], b".")'
    raise CredstoneError(f"There is no Python program for {show_call(call)}: it is a call that no program makes yet.")


def argument(value: Argument) -> str:
    """A value as Python writes it; constants are those of ``os`` and ``signal``."""
    match value:
        case Text(text):
            return filled(text)
        case Items(items):
            return numbers(value.numbers) if value.numbers is not None else f"[{_items(items)}]"
        case Word(word):
            return _constant(word)
        case _:
            return str(value)


def _items(items: tuple[Argument, ...]) -> str:
    """A list that holds other things than numbers, too; the numbers at its start may be many."""
    leading: list[int] = []
    for item in items:
        if not isinstance(item, int):
            break
        leading.append(item)
    start = numbers(tuple(leading))
    parts = [f"*{start}" if len(leading) > INLINE else start[1:-1]] if leading else []
    return ", ".join(parts + [argument(item) for item in items[len(leading) :]])


def _word(value: Argument) -> str:
    return value.word if isinstance(value, Word) else str(value)


def _pid(value: Argument) -> str:
    match value:
        case Word("$pid"):
            return "MAIN_PID"
        case Word("self" | "thread-self" as own):
            return f'"{own}"'
        case Word(name):
            return f'PID["{name if name == "outside" else f"child {name}"}"]'
    return str(value)


def _constant(word: str) -> str:
    if word in ("None", "True", "False") or word.replace(".", "", 1).isdigit():
        return word
    parts = word.split("|")
    if all(part.startswith("SIG") for part in parts):
        return " | ".join(f"signal.{part}" for part in parts)
    if all(part.isupper() and "_" in part for part in parts):
        return " | ".join(f"os.{part}" for part in parts)
    return quoted(word)


def _set(value: Argument) -> str:
    if isinstance(value, Word):
        return mask(sum(MASKS[name] for name in value.word.split("|")), FULL)
    return str(value)
