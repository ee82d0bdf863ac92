"""Plumbing: namespaces, and the root directory."""

import fcntl
import os
import struct
from contextlib import suppress
from typing import Union

import constants
import kernel
from rows import Row, Rows


def _clone(flags: int) -> None:
    """clone(2) of a child that ends at once, and is reaped."""
    child = kernel.clone(flags)
    with suppress(ChildProcessError):  # with CLONE_PARENT it is the agent's
        os.waitpid(child, 0)


def _setns(which: Union[int, str], flags: int) -> int:
    """By a file of /proc, or by a process."""
    if isinstance(which, int):
        descriptor = kernel.call("pidfd_open", which, 0)
    else:
        descriptor = os.open(which, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return kernel.library("setns", descriptor, flags)
    finally:
        os.close(descriptor)


def _ioctl(path: str, request: int, expected: str = "") -> int:
    """ioctl_ns(2): the owner's uid, or whether the namespace that it gives is the ``expected`` one."""
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
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
    "unshare": Row(lambda flags: kernel.call("unshare", flags), 1, 1),
    "clone": Row(_clone, 1, 1),
    "setns": Row(_setns, 2, 2),
    "ioctl": Row(_ioctl, 2, 3),
    "same_namespace": Row(_same_namespace, 2, 2),
    "chroot": Row(os.chroot, 1, 1),
}
