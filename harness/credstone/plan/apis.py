"""Which API can express which call.

A scenario runs through every API that can express all of its lines; what no API of a cell could say is not a failure
and not a skip, it is no cell.  Calls that are not listed are the kernel's: every API can make them, but it takes a call
of Python's own to make a cell of Python's.
"""

from __future__ import annotations

from credstone.words.call import Call, Items
from credstone.words.scenario import APIS, VFORKED, Scenario

_EVERYWHERE = frozenset(APIS)
_NO_PYTHON = frozenset({"syscall", "libc"})
_NO_SYSCALL = frozenset({"libc", "python"})
_LIBC = frozenset({"libc"})
_PYTHON = frozenset({"python"})
_SYSCALL = frozenset({"syscall"})

_CALLS = {
    **dict.fromkeys(
        (
            "getuid", "geteuid", "getgid", "getegid", "getresuid", "getresgid", "getgroups", "setgroups", "setuid",
            "setgid", "setreuid", "setregid", "setresuid", "setresgid",
        ),
        _EVERYWHERE,
    ),
    "setfsuid": _NO_PYTHON,
    "setfsgid": _NO_PYTHON,
    "seteuid": _NO_SYSCALL,
    "setegid": _NO_SYSCALL,
    "initgroups": _NO_SYSCALL,
    "getgrouplist": _NO_SYSCALL,
    "sysconf": _NO_SYSCALL,
    "getpwnam": _NO_SYSCALL,
    "getgrnam": _NO_SYSCALL,
    "getgrgid": _NO_SYSCALL,
    "group_member": _LIBC,
    "constant": _LIBC,
    "sigaction": _LIBC,
    "pthread_kill": _LIBC,
    "left_behind": _LIBC,
    "exec": _NO_PYTHON,
    "getauxval": _NO_PYTHON,
    "subprocess": _PYTHON,
}  # fmt: skip


def apis_of(scenario: Scenario) -> tuple[str, ...]:
    """The APIs through which a scenario runs, in their usual order."""
    possible = set(scenario.apis or APIS)
    for line in scenario.lines:
        possible &= _apis_for(line.call)
    own = any(line.call.name in _CALLS or _of_python(line.call) for line in scenario.lines)
    if scenario.abi or not (own or scenario.apis) or any(line.who == VFORKED for line in scenario.lines):
        possible -= _PYTHON
    return tuple(api for api in APIS if api in possible)


def _of_python(call: Call) -> bool:
    return call.name.startswith(("os.", "pwd.", "grp."))


def _apis_for(call: Call) -> frozenset[str]:
    if _of_python(call):
        return _PYTHON
    if call.name.endswith("16"):
        return _SYSCALL
    python_says = {
        "getgroups": not call.arguments,
        "getresuid": not call.arguments,
        "getresgid": not call.arguments,
        "getgrouplist": len(call.arguments) == 2,
        "setgroups": len(call.arguments) == 1 and isinstance(call.arguments[0], Items),
    }
    if not python_says.get(call.name, True):
        return _NO_PYTHON & _CALLS.get(call.name, _EVERYWHERE)
    return _CALLS.get(call.name, _EVERYWHERE)
