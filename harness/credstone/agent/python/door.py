"""Whether the kernel is behind the door of kernel.py: tried once, in a child, against what /proc says.

A library in this process can put itself between the C library's syscall(2) and the kernel, by changing its instructions.
Then what the agent sets up and observes is that library's, and none of it may be judged.
"""

import ctypes
import os

import c_library
import kernel
import status


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
    """Whether the calls and /proc tell different ids, before or after some have been set.  That none may be set, or that
    there is no such file, says nothing."""
    try:
        if _told_otherwise():
            return True
        for name, arguments in (("setgroups", None), ("setresgid", (-1, 1, -1)), ("setresuid", (-1, -1, 1))):
            try:
                if arguments is None:
                    kernel.set_groups([1])
                else:
                    kernel.call(name, *arguments)
            except OSError:
                continue
            if _told_otherwise():
                return True
    except (OSError, KeyError, ValueError):
        pass
    return False


def _told_otherwise() -> bool:
    content = status.read("/proc/thread-self/status")
    seen = (status.value(content, "Uid")[:3], status.value(content, "Gid")[:3], sorted(status.value(content, "Groups")))
    return seen != (kernel.triple("getresuid"), kernel.triple("getresgid"), sorted(kernel.groups()))


def _place() -> str:
    address = ctypes.cast(kernel.OWN["syscall"], ctypes.c_void_p).value
    return c_library.file_at(address or 0) or "this process"
