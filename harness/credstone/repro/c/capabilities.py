"""capget(2), capset(2) and prctl(2) as C."""

from __future__ import annotations

from credstone.repro.c.text import argument
from credstone.repro.c.values import Where, constant, pid, pointer, sets
from credstone.words.call import Argument, Call, Word

_POINTERS = ("valid", "null", "bad-pointer")
_OWN = ("0", "_LINUX_CAPABILITY_VERSION_3")


def answer(call: Call, where: Where) -> str:
    """The expression for such a call, empty for another one."""
    match call.name:
        case "capget":
            return _capget(call.arguments, where)
        case "capset":
            return _capset(call.arguments, where)
        case "prctl":
            return _prctl(call.arguments)
    return ""


def _is_pointer(value: Argument) -> bool:
    return isinstance(value, Word) and value.word in _POINTERS


def _process(arguments: tuple[Argument, ...], where: Where) -> tuple[str, str]:
    """The process ID and the version that stand in the header."""
    process = pid(arguments[0], where) if arguments else _OWN[0]
    return process, constant(arguments[1], where) if len(arguments) > 1 else _OWN[1]


def _capget(arguments: tuple[Argument, ...], where: Where) -> str:
    if not arguments or (len(arguments) == 1 and not _is_pointer(arguments[0])):
        return f"get_capabilities({_process(arguments, where)[0]})"
    wanted = "version" if arguments[-1] == Word("header") else "data"
    if _is_pointer(arguments[0]):
        header, data = arguments[:2]
        return f"capget_at({_header(header, _OWN)}, {pointer(data, 'read_sets')}, {wanted.upper()})"
    data = arguments[2] if len(arguments) > 2 else Word("valid")
    header_of = _header(Word("valid"), _process(arguments, where))
    return f"capget_at({header_of}, {pointer(data, 'read_sets')}, {wanted.upper()})"


def _header(value: Argument, process: tuple[str, str]) -> str:
    """A header of capget(2) or capset(2), or an address where none is."""
    process_id, version = process
    return pointer(value, f"&(struct __user_cap_header_struct) {{ {version}, {process_id} }}")


def _capset(arguments: tuple[Argument, ...], where: Where) -> str:
    if _is_pointer(arguments[0]):
        header = arguments[0] if len(arguments) > 1 else Word("valid")
        return f"capset_at({_header(header, _OWN)}, {pointer(arguments[-1], 'own_sets()')}, DATA)"
    three = ", ".join(sets(each, where) for each in arguments[:3])
    if len(arguments) == 3:
        return f"set_capabilities({three})"
    wanted = "VERSION" if arguments[-1] == Word("header") else "DATA"
    header_of = _header(Word("valid"), _process(arguments[3:], where))
    return f"capset_at({header_of}, three_sets({three}), {wanted})"


def _prctl(arguments: tuple[Argument, ...]) -> str:
    if arguments == (Word("PR_GET_PDEATHSIG"),):
        return "parent_death_signal()"
    numbers = [_prctl_argument(each) for each in arguments]
    return f"number(prctl({', '.join(numbers + ['0L'] * (5 - len(numbers)))}))"


def _prctl_argument(value: Argument) -> str:
    if _is_pointer(value):
        return pointer(value, "")
    return f"{value}L" if isinstance(value, int) else argument(value).replace("|", " | ")
