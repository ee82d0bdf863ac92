"""Whether the kernel is behind the door of kernel.py: tried once, in a child, against what /proc says.

A library in this process can put itself between the C library's syscall(2) and the kernel, by changing its instructions.
Then what the agent sets up and observes is that library's, and none of it may be judged.
"""

import ctypes
import os
from typing import Any, Callable, Tuple

import c_library
import kernel
import status

_STATUS = "/proc/thread-self/status"


def answered_by() -> str:
    """What answers raw system calls in place of the kernel, in words; empty where the kernel does."""
    hear, say = os.pipe()
    child = kernel.fork()
    if child == 0:
        try:
            os.write(say, b"no" if _differs() else b"yes")
        finally:
            os._exit(0)
    os.close(say)
    with open(hear, "rb") as told:
        agrees = told.read() != b"no"
    os.waitpid(child, 0)
    return "" if agrees else f"syscall(2), in {_place()}, and /proc/thread-self/status contradict each other"


def _differs() -> bool:
    """Whether the calls and /proc contradict each other: what there is, and what comes of calls that succeed.  That none
    does, or that there is no such file, says nothing."""
    trials: Tuple[Tuple[Callable[[], Any], str, Any], ...] = (
        (lambda: kernel.set_groups([1]), "Groups", [1]),
        (lambda: kernel.call("setresgid", -1, 1, -1), "Gid", 1),
        (lambda: kernel.call("setresuid", -1, -1, 1), "Uid", 1),
    )
    try:
        if _observed() != _told():
            return True
        for trial, field, due in trials:
            try:
                trial()
            except OSError:
                continue
            found = status.value(status.read(_STATUS), field)
            if (due not in found[1:3] if field != "Groups" else found != due) or _observed() != _told():
                return True
    except (OSError, KeyError, ValueError):
        pass
    return False


def _observed() -> Tuple[Any, ...]:
    effective = kernel.capabilities()[2]
    return kernel.triple("getresuid"), kernel.triple("getresgid"), sorted(kernel.groups()), effective


def _told() -> Tuple[Any, ...]:
    content = status.read(_STATUS)
    uid, gid, groups = (status.value(content, name) for name in ("Uid", "Gid", "Groups"))
    return uid[:3], gid[:3], sorted(groups), status.value(content, "CapEff")


def _place() -> str:
    address = ctypes.cast(kernel.OWN["syscall"], ctypes.c_void_p).value
    return c_library.file_at(address or 0) or "this process"
