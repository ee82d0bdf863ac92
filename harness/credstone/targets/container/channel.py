"""The stream that an engine gives to a process in a container, as a channel for a session.

Output comes in frames of eight bytes of header (which stream, how long) and the bytes themselves; input goes as it is.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from typing import Any

from credstone.agent.process import last_line

_HEADER = struct.Struct(">BxxxL")
_STDERR = 2
_KEPT = 2000
"""How many bytes of standard error are kept: the end is what tells."""


class Stream:
    """A hijacked connection to an engine; a channel.

    ``tell`` says how the process ended, ``end`` ends it; both ask the engine and belong to whoever started it.
    """

    def __init__(self, name: str, connection: Any, tell: Callable[[], str], end: Callable[[], None]) -> None:
        """Takes over what ``attach_socket`` or ``exec_start(socket=True)`` gave."""
        self.name = name
        self._connection = connection
        self._tell, self._end = tell, end
        self._pending = bytearray(_read_already(connection))
        self._errors = bytearray()
        self._closed = False
        raw = getattr(connection, "_sock", connection)
        self._socket: socket.socket = _pumped(raw) if isinstance(raw, ssl.SSLSocket) else raw
        self._socket.setblocking(False)
        self.to_agent = self.from_agent = self._socket.fileno()

    def wrap(self, payload: bytes) -> bytes:
        return payload

    def unwrap(self, data: bytes) -> bytes:
        """The standard output in these bytes; what goes to standard error is kept for ``ended``."""
        pending = self._pending
        pending += data
        output = bytearray()
        begin = 0
        while len(pending) >= begin + _HEADER.size:
            stream, length = _HEADER.unpack_from(pending, begin)
            end = begin + _HEADER.size + length
            if len(pending) < end:
                break
            content = pending[begin + _HEADER.size : end]
            if stream == _STDERR:
                self._errors = (self._errors + content)[-_KEPT:]
            else:
                output += content
            begin = end
        del pending[:begin]
        return bytes(output)

    def gone(self) -> bool:
        return False  # the engine closes the connection: nobody else needs to be asked

    def ended(self) -> str:
        said = last_line(bytes(self._errors))
        return self._tell() + (f" and said: {said}" if said else "")

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            with contextlib.suppress(OSError):
                self._socket.close()
            with contextlib.suppress(Exception):
                self._connection.close()
            self._end()

    kill = close


def _read_already(connection: Any) -> bytes:
    """What came behind the headers of the answer and was read together with them."""
    with contextlib.suppress(AttributeError, OSError, ValueError):
        buffered = connection._response.raw._fp.fp  # noqa: SLF001 - where the engine's client itself finds the socket
        connection._sock.setblocking(False)  # noqa: SLF001 - likewise
        return bytes(buffered.peek() or b"")
    return b""


def _pumped(encrypted: ssl.SSLSocket) -> socket.socket:
    """A plain socket whose bytes two threads carry to and from an encrypted one, which poll(2) cannot be asked about."""
    ours, theirs = socket.socketpair()

    def carry(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    encrypted.setblocking(True)
    for ends in ((encrypted, theirs), (theirs, encrypted)):
        threading.Thread(target=carry, args=ends, daemon=True).start()
    return ours
