"""The raw door to the kernel: system calls by number, and the C library where it adds nothing.

Setting up and observing must not go through what is tested: Python's ``os``, the C library's wrappers (which move every
thread), or a library that was preloaded over them.  So both make the calls by number, by the function of the C library
itself, whatever stands before it.
"""

import ctypes
import errno
import os
import signal
import sys
from typing import Any, List, NoReturn, Optional, Tuple, Union

import c_library
import status
from syscalls import NUMBER, abi

MS_REC, MS_PRIVATE, MS_NOSUID, MS_NODEV = 16384, 1 << 18, 2, 4
BAD_POINTER = 8  # an address of the first page, where nothing can be mapped
CAPABILITY_VERSION_3 = 0x20080522
_NGROUPS_MAX = 65536
_NARROW = ctypes.sizeof(ctypes.c_long) == 4

# PyDLL keeps the interpreter's lock over a call.  None of these calls blocks, and a thread that observes itself shall
# not have to win the lock back a dozen times against the threads of a load.
_LIBRARY: Any = ctypes.PyDLL(None, use_errno=True)
OWN: Any = c_library.handle("PyDLL")  # for the calls that no library in between may answer


def _door(parameters: int) -> Any:
    """``syscall(2)`` for this many arguments.  All are longs: an id of 2^32 - 1 and -1 then mean the same to the
    kernel, which looks at the lower half only."""
    function = OWN["syscall"]
    function.argtypes = [ctypes.c_long] * (1 + parameters)
    function.restype = ctypes.c_long
    return function


_DOORS = [_door(parameters) for parameters in range(7)]
_groups = (ctypes.c_uint32 * _NGROUPS_MAX)()
_triple = (ctypes.c_uint32 * 3)()
_signal = ctypes.c_int()
_header = (ctypes.c_uint32 * 2)()
_sets = (ctypes.c_uint32 * 6)()
_STACK_SIZE = 65536
_stack = ctypes.create_string_buffer(_STACK_SIZE)
_NO_SIGNALS, _SIG_SETMASK = ctypes.create_string_buffer(128), int(signal.SIG_SETMASK)
_TRIPLE = tuple(ctypes.addressof(_triple) + 4 * index for index in range(3))
_GROUPS, _SIGNAL = ctypes.addressof(_groups), ctypes.addressof(_signal)
_HEADER, _SETS = ctypes.addressof(_header), ctypes.addressof(_sets)


class Buffer:
    """Memory at a fixed address, for calls that take pointers: a path, some bytes, or so many of them."""

    def __init__(self, content: Union[str, bytes, int]) -> None:
        given = os.fsencode(content) if isinstance(content, str) else content
        self._memory = ctypes.create_string_buffer(given)
        self.address = ctypes.addressof(self._memory)

    def bytes(self) -> bytes:
        """What stands there now; behind a text or bytes that were given, a zero byte."""
        return self._memory.raw


def _fail() -> NoReturn:
    number = ctypes.get_errno()
    raise OSError(number, os.strerror(number))


def call(name: str, *arguments: int) -> int:
    """Make a system call; OSError says its errno."""
    result = _DOORS[len(arguments)](NUMBER[name], *arguments)
    if result == -1:
        _fail()
    return int(result)


def fork() -> int:
    """fork(2) of the C library, without what Python does around it.

    Python's own reinitialises every lock and runs hooks in the child, which there touches, and so copies, two hundred
    pages: most of what a fork costs.  A process with a single thread and no lock held needs none of it.  Never call
    this where there may be threads.
    """
    if sys.implementation.name != "cpython":
        return os.fork()
    result = int(OWN.fork())
    if result == -1:
        _fail()
    return result


def clone_here(flags: int) -> int:
    """clone(2) of a child that goes on from here, as after fork(2); never with CLONE_VM.  The process ID, or 0."""
    arguments = (0, flags | int(signal.SIGCHLD))
    return call("clone", *(arguments if abi() == "s390x" else arguments[::-1]), 0, 0, 0)


def clone(flags: int) -> int:
    """clone(2) of a child or a thread that calls the kernel's exit(2) and nothing else, on a stack of its own: it may
    share our memory.  Its ID."""
    top = (ctypes.addressof(_stack) + _STACK_SIZE - 256) & ~63
    function = ctypes.cast(OWN["syscall"], ctypes.c_void_p)
    ends = ctypes.c_void_p(NUMBER["exit"])
    child = OWN["clone"](function, ctypes.c_void_p(top), flags | int(signal.SIGCHLD), ends)
    if child == -1:
        _fail()
    return int(child)


def prctl(option: int, *arguments: int) -> int:
    """prctl(2).  The arguments that are not given are 0: some options insist on it."""
    return call("prctl", option, *(arguments + (0, 0, 0, 0)[len(arguments) :]))


def triple(name: str) -> List[int]:
    """getresuid(2) or getresgid(2)."""
    call(name, *_TRIPLE)
    return list(_triple)


def filesystem_id(name: str, wanted: int = -1) -> int:
    """What setfsuid(2) or setfsgid(2) answers: the id that was there.  -1 is no id, so nothing changes.

    Where a long has 32 bits, the C library takes the highest ids for error numbers; that is undone here.  Where the system
    has no such call (gVisor answers ENOSYS) /proc says what is there.
    """
    try:
        return call(name, wanted) & 0xFFFFFFFF
    except OSError as error:
        number = error.errno or 0
        if _NARROW and number not in (errno.ENOSYS, errno.EPERM):
            return (1 << 32) - number
        if number != errno.ENOSYS or wanted != -1:
            raise
    content = status.read("/proc/thread-self/status")
    return int(status.value(content, "Uid" if name == "setfsuid" else "Gid")[3])


def groups() -> List[int]:
    """The supplementary list, in the kernel's order."""
    return list(_groups[: call("getgroups", _NGROUPS_MAX, _GROUPS)])


def set_groups(ids: List[int]) -> None:
    """setgroups(2) for this thread alone."""
    array = (ctypes.c_uint32 * max(1, len(ids)))(*ids)
    call("setgroups", len(ids), ctypes.addressof(array))


def capability_header(pid: int, version: int) -> int:
    """The address of a header for capget(2) and capset(2)."""
    _header[0], _header[1] = version & 0xFFFFFFFF, pid & 0xFFFFFFFF
    return _HEADER


def capability_version() -> int:
    """The version that stands in the header now."""
    return _header[0]


def capability_data() -> int:
    """The address of what capget(2) wrote last, and capset(2) takes."""
    return _SETS


def capabilities(pid: int = 0, version: int = CAPABILITY_VERSION_3) -> Tuple[int, int, int]:
    """capget(2): inheritable, permitted, effective.  Version 1 has their lower halves only."""
    header = capability_header(pid, version)
    _sets[3] = _sets[4] = _sets[5] = 0
    call("capget", header, _SETS)
    effective, permitted, inheritable, effective_high, permitted_high, inheritable_high = _sets
    return inheritable | inheritable_high << 32, permitted | permitted_high << 32, effective | effective_high << 32


def set_capabilities(
    permitted: int, effective: int, inheritable: int, pid: int = 0, version: int = CAPABILITY_VERSION_3
) -> None:
    """capset(2)."""
    header = capability_header(pid, version)
    for index, mask in enumerate((effective, permitted, inheritable)):
        _sets[index], _sets[index + 3] = mask & 0xFFFFFFFF, mask >> 32 & 0xFFFFFFFF
    call("capset", header, _SETS)


def parent_death_signal() -> int:
    """PR_GET_PDEATHSIG (2), which answers through a pointer."""
    call("prctl", 2, _SIGNAL, 0, 0, 0)
    return int(_signal.value)


def mount(source: str, target: str, kind: str, flags: int, data: str) -> None:
    """mount(2)."""
    texts = [ctypes.create_string_buffer(os.fsencode(each)) for each in (source, target, kind, data)]
    where = [ctypes.addressof(each) for each in texts]
    call("mount", where[0], where[1], where[2], flags, where[3])


def _passed(argument: Union[int, str, Buffer, None]) -> Any:
    if isinstance(argument, str):
        return os.fsencode(argument)
    return ctypes.c_void_p(argument.address) if isinstance(argument, Buffer) else argument


def library(name: str, *arguments: Union[int, str, Buffer, None]) -> int:
    """Call a function of the C library that answers -1 and errno; numbers are cut to an int.  OSError says its errno."""
    result = _LIBRARY[name](*map(_passed, arguments))
    if result == -1:
        _fail()
    return int(result)


def signal_mask(how: int, number: Optional[int]) -> int:
    """pthread_sigmask(3) for one signal, or None for all that sigfillset(3) knows.  Not Python's, which refuses the
    numbers that the C library keeps for itself."""
    signals = ctypes.create_string_buffer(128)
    if number is None:
        _LIBRARY.sigfillset(signals)
    elif _LIBRARY.sigaddset(signals, number) == -1:
        _fail()
    error = _LIBRARY.pthread_sigmask(how, signals, 0)
    if error:
        raise OSError(error, os.strerror(error))
    return 0


def read_memory(pid: int, here: int, there: int) -> None:
    """process_vm_readv(2) with one vector on each side."""
    function = _LIBRARY["process_vm_readv"]
    function.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_void_p] + [ctypes.c_ulong] * 2
    function.restype = ctypes.c_ssize_t
    if function(pid, here, 1, there, 1, 0) == -1:
        _fail()


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
