"""Plumbing: unix(7) stream sockets, which carry credentials.

Each process has one listening and one connected socket.  Of a pair main has one end, everybody else the other; who has
made a connection, or taken one, talks over that.
"""

import _thread
import errno
import os
import socket
import struct
from typing import Any, List, Optional, Tuple

import belongings
import constants
import kernel
from rows import Rows

_UCRED = struct.Struct("iII")  # struct ucred: pid, uid, gid
_GROUPS_MOST = 65536
_MAIN_THREAD = _thread.get_ident()  # a fork keeps it

_listening: Optional[socket.socket] = None
_connected: Optional[socket.socket] = None
_pair: Optional[Tuple[socket.socket, socket.socket]] = None


def leave() -> None:
    """In a process that was just forked: a pair is shared, the other sockets are main's."""
    global _listening, _connected
    _listening = _connected = None


def _new() -> socket.socket:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    return made


def _address(name: str) -> bytes:
    """In the abstract namespace, where it is the cell's alone."""
    return os.fsencode(f"\0credstone-{belongings.main}-{belongings.number}-{name}")


def _listen(name: str) -> None:
    global _listening
    made = _new()
    made.bind(_address(name))
    made.listen(8)
    _listening = made


def _connect(name: str) -> None:
    global _connected
    made = _new()
    made.connect(_address(name))
    _connected = made


def _accept() -> None:
    global _connected
    if _listening is None:
        raise OSError(errno.EBADF, "nothing listens")
    _connected = _listening.accept()[0]
    _connected.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)


def _socketpair() -> None:
    global _pair
    _pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    for end in _pair:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)


def _own() -> socket.socket:
    if _connected is not None:
        return _connected
    if _pair is None:
        raise OSError(errno.EBADF, "no socket is connected")
    is_main = os.getpid() == belongings.main and _thread.get_ident() == _MAIN_THREAD
    return _pair[0 if is_main else 1]


def _getsockopt(option: int) -> List[int]:
    own = _own()
    if option == socket.SO_PEERCRED:
        return list(_UCRED.unpack(own.getsockopt(socket.SOL_SOCKET, option, _UCRED.size))[1:])
    found, size = kernel.Buffer(4 * _GROUPS_MOST), kernel.Buffer(struct.pack("I", 4 * _GROUPS_MOST))
    kernel.library("getsockopt", own.fileno(), socket.SOL_SOCKET, option, found, size)
    (count,) = struct.unpack_from("I", size.bytes())
    return list(struct.unpack_from(f"{count // 4}I", found.bytes()))


def _sendmsg(kind: Optional[int] = None, pid: int = 0, uid: int = 0, gid: int = 0) -> int:
    ancillary: List[Tuple[int, int, Any]] = []
    if kind is not None:
        ancillary.append((socket.SOL_SOCKET, kind, _UCRED.pack(pid, uid & 0xFFFFFFFF, gid & 0xFFFFFFFF)))
    return _own().sendmsg([b"x"], ancillary, socket.MSG_NOSIGNAL)


def _recvmsg() -> List[int]:
    _, ancillary, _, _ = _own().recvmsg(1, socket.CMSG_SPACE(_UCRED.size))
    for _, kind, content in ancillary:
        if kind == constants.WORDS["SCM_CREDENTIALS"]:
            return list(_UCRED.unpack(content)[1:])
    raise OSError(errno.ENOMSG, "no credentials came")


ROWS: Rows = {
    "listen": _listen,
    "connect": _connect,
    "accept": _accept,
    "socketpair": _socketpair,
    "getsockopt": _getsockopt,
    "sendmsg": _sendmsg,
    "recvmsg": _recvmsg,
}
