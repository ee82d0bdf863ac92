"""The raw door to the kernel: system calls by number.  The only file that knows ctypes.

Setting up and observing must not go through what is tested: Python's ``os``, the C library's wrappers (which move every
thread), or a library that was preloaded over them.  So both use the numbers below.  On the machines whose first calls
had 16-bit ids (i386, arm) the numbers are those of the 32-bit successors, as the C agent uses them.
"""

import ctypes
import errno
import os
import signal
import struct
import sys
from typing import Any, Dict, List, Tuple

_NAMES = [
    "getgroups",
    "setgroups",
    "setresuid",
    "getresuid",
    "setresgid",
    "getresgid",
    "setfsuid",
    "setfsgid",
    "capget",
    "capset",
    "prctl",
    "unshare",
    "mount",
    "setreuid",
    "setregid",
    "setuid",
    "setgid",
]
_GENERIC = (158, 159, 147, 148, 149, 150, 151, 152, 90, 91, 167, 97, 40, 145, 143, 146, 144)
_NUMBERS: Dict[str, Tuple[int, ...]] = {
    "x86_64": (115, 116, 117, 118, 119, 120, 122, 123, 125, 126, 157, 272, 165, 113, 114, 105, 106),
    "i386": (205, 206, 208, 209, 210, 211, 215, 216, 184, 185, 172, 310, 21, 203, 204, 213, 214),
    "arm": (205, 206, 208, 209, 210, 211, 215, 216, 184, 185, 172, 337, 21, 203, 204, 213, 214),
    "s390x": (205, 206, 208, 209, 210, 211, 215, 216, 184, 185, 172, 303, 21, 203, 204, 213, 214),
    "ppc64le": (80, 81, 164, 165, 169, 170, 138, 139, 183, 184, 171, 282, 21, 70, 71, 23, 46),
    "ppc64": (80, 81, 164, 165, 169, 170, 138, 139, 183, 184, 171, 282, 21, 70, 71, 23, 46),
    "aarch64": _GENERIC,
    "riscv64": _GENERIC,
    "loongarch64": _GENERIC,
}


def abi() -> str:
    """The ABI of this Python, which need not be the machine's own: a 32-bit Python runs on a 64-bit kernel."""
    machine = os.uname().machine
    if struct.calcsize("P") == 4:
        if machine == "x86_64" or (machine[:1] == "i" and machine[2:] == "86"):
            return "i386"
        if machine == "aarch64" or machine.startswith("arm"):
            return "arm"
    return machine


if abi() not in _NUMBERS:
    raise ImportError("no system call numbers for " + abi())
NUMBER: Dict[str, int] = dict(zip(_NAMES, _NUMBERS[abi()]))

MS_REC, MS_PRIVATE, MS_NOSUID, MS_NODEV = 16384, 1 << 18, 2, 4
_CAPABILITY_VERSION_3 = 0x20080522
_NGROUPS_MAX = 65536

# PyDLL keeps the interpreter's lock over a call.  None of these calls blocks, and a thread that observes itself shall
# not have to win the lock back a dozen times against the threads of a load.
_LIBRARY: Any = ctypes.PyDLL(None, use_errno=True)


def _door(parameters: int) -> Any:
    """``syscall(2)`` for this many arguments.  All are longs: an id of 2^32 - 1 and -1 then mean the same to the
    kernel, which looks at the lower half only."""
    function = _LIBRARY["syscall"]
    function.argtypes = [ctypes.c_long] * (1 + parameters)
    function.restype = ctypes.c_long
    return function


_DOORS = [_door(parameters) for parameters in range(7)]
_groups = (ctypes.c_uint32 * _NGROUPS_MAX)()
_triple = (ctypes.c_uint32 * 3)()
_signal = ctypes.c_int()
_header = (ctypes.c_uint32 * 2)()
_sets = (ctypes.c_uint32 * 6)()
_NO_SIGNALS, _SIG_SETMASK = ctypes.create_string_buffer(128), int(signal.SIG_SETMASK)
_TRIPLE = tuple(ctypes.addressof(_triple) + 4 * index for index in range(3))
_GROUPS, _SIGNAL = ctypes.addressof(_groups), ctypes.addressof(_signal)
_HEADER, _SETS = ctypes.addressof(_header), ctypes.addressof(_sets)


def call(name: str, *arguments: int) -> int:
    """Make a system call; OSError says its errno."""
    result = _DOORS[len(arguments)](NUMBER[name], *arguments)
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return int(result)


def fork() -> int:
    """fork(2) of the C library, without what Python does around it.

    Python's own reinitialises every lock and runs hooks in the child, which there touches, and so copies, two hundred
    pages: most of what a fork costs.  A process with a single thread and no lock held needs none of it.  Never call
    this where there may be threads.
    """
    if sys.implementation.name != "cpython":
        return os.fork()
    result = int(_LIBRARY.fork())
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def prctl(option: int, *arguments: int) -> int:
    """prctl(2).  The arguments that are not given are 0: some options insist on it."""
    return call("prctl", option, *(arguments + (0, 0, 0, 0)[len(arguments) :]))


def triple(name: str) -> List[int]:
    """getresuid(2) or getresgid(2)."""
    call(name, *_TRIPLE)
    return list(_triple)


def filesystem_id(name: str) -> int:
    """What setfsuid(2) or setfsgid(2) answers to -1: the id that is there.  -1 is no id, so nothing changes."""
    return call(name, -1) & 0xFFFFFFFF


def groups() -> List[int]:
    """The supplementary list, in the kernel's order."""
    return list(_groups[: call("getgroups", _NGROUPS_MAX, _GROUPS)])


def set_groups(ids: List[int]) -> None:
    """setgroups(2) for this thread alone."""
    array = (ctypes.c_uint32 * max(1, len(ids)))(*ids)
    call("setgroups", len(ids), ctypes.addressof(array))


def capabilities() -> Tuple[int, int, int]:
    """capget(2): inheritable, permitted, effective."""
    _header[0], _header[1] = _CAPABILITY_VERSION_3, 0
    call("capget", _HEADER, _SETS)
    effective, permitted, inheritable, effective_high, permitted_high, inheritable_high = _sets
    return inheritable | inheritable_high << 32, permitted | permitted_high << 32, effective | effective_high << 32


def set_capabilities(permitted: int, effective: int, inheritable: int) -> None:
    """capset(2) for this thread."""
    _header[0], _header[1] = _CAPABILITY_VERSION_3, 0
    for index, mask in enumerate((effective, permitted, inheritable)):
        _sets[index], _sets[index + 3] = mask & 0xFFFFFFFF, mask >> 32 & 0xFFFFFFFF
    call("capset", _HEADER, _SETS)


def parent_death_signal() -> int:
    """PR_GET_PDEATHSIG (2), which answers through a pointer."""
    call("prctl", 2, _SIGNAL, 0, 0, 0)
    return int(_signal.value)


def mount(source: str, target: str, kind: str, flags: int, data: str) -> None:
    """mount(2)."""
    texts = [ctypes.create_string_buffer(os.fsencode(each)) for each in (source, target, kind, data)]
    where = [ctypes.addressof(each) for each in texts]
    call("mount", where[0], where[1], where[2], flags, where[3])


def access(path: str, mode: int) -> int:
    """access(2) with its errno, which os.access does not tell."""
    function = _LIBRARY["access"]
    function.argtypes = [ctypes.c_char_p, ctypes.c_int]
    if function(os.fsencode(path), mode) == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return 0


def default_signals(*handled: int) -> None:
    """The default action for these signals, and no signal blocked: for a process that has just been forked.

    The signal module would do the same by way of its enumerations, a dozen objects for each call.
    """
    for number in handled:
        _LIBRARY.signal(number, 0)
    _LIBRARY.pthread_sigmask(_SIG_SETMASK, _NO_SIGNALS, 0)


def errno_name(number: int) -> str:
    """``EPERM``, or ``errno N`` for a number without a symbol."""
    return errno.errorcode.get(number) or f"errno {number}"
