"""Plumbing: System V message queues, and the cell's pipe."""

import errno
import os
import struct
from contextlib import suppress
from typing import List, Optional

import belongings
import constants
import kernel
from rows import Rows

_IPC_PRIVATE, _IPC_CREAT, _IPC_NOWAIT = 0, 0o1000, 0o4000
_RMID, _SET, _STAT = (constants.WORDS[name] for name in ("IPC_RMID", "IPC_SET", "IPC_STAT"))
_SIZE = 256  # more than any struct msqid_ds; it begins with the key, uid, gid, cuid, cgid, mode
_OWNERS = struct.Struct("iIIIIH")


def _msgget(mode: int) -> None:
    belongings.add_queue(kernel.library("msgget", _IPC_PRIVATE, mode | _IPC_CREAT))


def _control(queue: int, command: int, content: bytes) -> bytes:
    memory = kernel.Buffer(content)
    kernel.library("msgctl", queue, command, memory)
    return memory.bytes()


def _msgctl(command: int, uid: Optional[int] = None, gid: Optional[int] = None) -> Optional[List[int]]:
    queue = belongings.queue()
    if command == _STAT:
        return list(_OWNERS.unpack_from(_control(queue, command, bytes(_SIZE)))[1:5])
    content = bytes(_SIZE)
    if uid is not None and gid is not None:
        with suppress(OSError):  # who may not look may still set
            content = _control(queue, _STAT, content)
        key, _, _, cuid, cgid, mode = _OWNERS.unpack_from(content)
        content = _OWNERS.pack(key, uid & 0xFFFFFFFF, gid & 0xFFFFFFFF, cuid, cgid, mode) + content[_OWNERS.size :]
    _control(queue, command, content)
    return None


def _msgsnd() -> None:
    """One byte, of type 1."""
    message = kernel.Buffer(struct.pack("lc", 1, b"x"))
    kernel.library("msgsnd", belongings.queue(), message, 1, _IPC_NOWAIT)


def remove_left() -> None:
    """In the agent, after a cell: its queues go."""
    for queue in belongings.queues_of_agent():
        with suppress(OSError):
            kernel.library("msgctl", queue, _RMID, None)


def probe() -> None:
    """Make a queue, and remove it."""
    kernel.library("msgctl", kernel.library("msgget", _IPC_PRIVATE, _IPC_CREAT | 0o600), _RMID, None)


def _pipe(end: int) -> int:
    if belongings.pipe[end] < 0:
        raise OSError(errno.EBADF, "no pipe")
    return belongings.pipe[end]


def _read_pipe() -> int:
    return len(os.read(_pipe(0), 1))


def _write_pipe() -> int:
    return os.write(_pipe(1), b"x")


ROWS: Rows = {
    "msgget": _msgget,
    "msgctl": _msgctl,
    "msgsnd": _msgsnd,
    "read_pipe": _read_pipe,
    "write_pipe": _write_pipe,
}
