"""The lines of a script as Python: the expression that makes a call."""

from __future__ import annotations

from credstone.calls.table import declarations
from credstone.notation.show import show_call
from credstone.repro.c.text import FULL
from credstone.repro.python.text import INLINE, filled, mask, numbers, quoted
from credstone.words.call import Argument, Call, Items, Text, Word
from credstone.words.capability import MASKS
from credstone.words.errors import CredstoneError
from credstone.words.scenario import ALL_THREADS, Line


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
    if name.startswith(("os.", "pwd.", "grp.")):
        parts = [*map(argument, arguments), *(f"{key}={argument(value)}" for key, value in call.keywords)]
        return f"{name}({', '.join(parts)})"
    return _regular(call) or _other(call)


def _regular(call: Call) -> str:
    """The expression for a regular call, empty for one that is written by hand."""
    declared = declarations().get(call.name)
    if declared is None or any(map(declared.is_by_hand, ("repro/python", "agent/python"))) or declared.no_function:
        return ""
    forms = [form for form in declared.python_forms if len(form) == len(call.arguments)]
    if not forms:
        return ""
    module = declared.python if declared.python in ("os", "pwd", "grp") else ""
    given = [_argument(each, parameter.kind, module) for each, parameter in zip(call.arguments, forms[0], strict=True)]
    made = f"{module}.{call.name}({', '.join(given)})" if module else f"libc({', '.join([quoted(call.name), *given])})"
    return f"Mode({made})" if declared.answer == "mode" else made


def _argument(value: Argument, kind: str, module: str) -> str:
    """An argument of a function of a module, or of the C library, which takes bytes and the numbers of its constants."""
    if kind == "process":
        return _pid(value)
    if kind == "mode" and isinstance(value, int):
        return f"{value:#o}" if value >= 0 else str(value)
    if module:
        return argument(value)
    return f"{argument(value)}.encode()" if kind in ("path", "text") else _word(value).replace("|", " | ")


def _taken(call: Call) -> tuple[str, str]:
    """Where the answer of a call stands in the status of another process, and what is taken of that."""
    if call.name == "umask":
        return "Umask", "Mode(ids)"
    if call.name == "status":
        return _word(call.arguments[-1]), "ids"
    declared = declarations().get(call.name)
    if declared is None or declared.in_status is None:
        raise CredstoneError(f"There is no Python program for {show_call(call)}: the status does not say it.")
    field, first, count = declared.in_status
    if count == 1:
        return field, f"ids[{first}]"
    return field, f"tuple(ids[{first or ''}:{first + count}])" if count else "ids"


def _other(call: Call) -> str:  # noqa: C901 - one case for each irregular call
    """The calls that are not regular."""
    arguments = [argument(each) for each in call.arguments]
    shown = ", ".join(arguments)
    match call.name:
        case "sysconf":
            return f'os.sysconf("{_word(call.arguments[0]).removeprefix("_")}")'
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
