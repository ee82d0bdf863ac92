"""Plumbing: namespaces, and the root directory."""

import fcntl
import os
import signal
import struct
import time
from contextlib import suppress
from typing import Callable, Union

import constants
import kernel
from rows import Rows

HELD = "held"
_held = -1


def _clone(flags: int) -> None:
    """clone(2) of a child, or a thread, that ends at once, and is reaped."""
    child = kernel.clone(flags)
    with suppress(ChildProcessError):  # a thread, or with CLONE_PARENT the agent's
        os.waitpid(child, 0)
    while os.path.exists(f"/proc/self/task/{child}"):
        time.sleep(0.0005)


def in_clone(flags: int, make: Callable[[], str]) -> str:
    """clone(2) of a child that makes a call; the answer of that."""
    hear, say = os.pipe()
    try:
        child = kernel.clone_here(flags)
        if child == 0:
            try:
                left = make().encode()
                while left:
                    left = left[os.write(say, left) :]
            finally:
                os._exit(0)
        os.close(say)
        say = -1
        with open(hear, "rb", closefd=False) as answers:
            answer = answers.read().decode()
        ended = 0
        with suppress(ChildProcessError):
            _, ended = os.waitpid(child, 0)
        if not answer:  # it has ended over its call, and so do we
            os.kill(os.getpid(), os.WTERMSIG(ended) or signal.SIGKILL)
        return answer
    finally:
        os.close(hear)
        if say >= 0:
            os.close(say)


def _hold(path: str) -> None:
    """The file stays open, for ``setns held``."""
    global _held
    _held = os.open(path, os.O_RDONLY | os.O_CLOEXEC)


def _opened(path: str) -> int:
    return os.dup(_held) if path == HELD else os.open(path, os.O_RDONLY | os.O_CLOEXEC)


def _setns(which: Union[int, str], flags: int) -> int:
    """By a file of /proc, by the one that is held, or by a process."""
    descriptor = kernel.call("pidfd_open", which, 0) if isinstance(which, int) else _opened(which)
    try:
        return kernel.library("setns", descriptor, flags)
    finally:
        os.close(descriptor)


def _ioctl(path: str, request: int, expected: str = "") -> int:
    """ioctl_ns(2): the owner's uid, or whether the namespace that it gives is the ``expected`` one."""
    file = _opened(path)
    try:
        if request == constants.NS_GET_OWNER_UID:
            (owner,) = struct.unpack("I", fcntl.ioctl(file, request, struct.pack("I", 0)))
            return int(owner)
        found = fcntl.ioctl(file, request)
        try:
            return int(not expected or os.path.samestat(os.fstat(found), os.stat(expected)))
        finally:
            os.close(found)
    finally:
        os.close(file)


def _same_namespace(path: str, other: str) -> int:
    return int(os.path.samestat(os.stat(path), os.stat(other)))


ROWS: Rows = {
    "clone": _clone,
    "hold": _hold,
    "setns": _setns,
    "ioctl": _ioctl,
    "same_namespace": _same_namespace,
}
