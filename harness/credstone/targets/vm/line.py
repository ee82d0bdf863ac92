"""The serial line to a guest, as a channel: bytes go in frames, which tell of what was lost, or in shared memory.

The other end is ``c/init.c``, where the frame is described.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable

from credstone.agent.channel import Lost
from credstone.targets.vm.shared import Shared

_MAGIC = 0xC5
_HEAD = struct.Struct("<BBHH")
_MOST = 4096
_NUMBER = struct.Struct("<I")
TOLD, LINES, SHARED = 0, 1, 2


class Line:
    """A connection to the serial port of a guest; a channel.

    ``tell`` says how the guest ended, ``end`` ends it; both belong to whoever started it.
    """

    def __init__(
        self,
        name: str,
        connection: socket.socket,
        tell: Callable[[], str],
        end: Callable[[], None],
        shared: Shared | None = None,
    ) -> None:
        self.name = name
        self._socket = connection
        self._socket.setblocking(False)
        self._tell, self._end = tell, end
        self._shared = shared
        self._pending = bytearray()
        self.told = ""
        self.to_agent = self.from_agent = connection.fileno()

    def wrap(self, payload: bytes) -> bytes:
        if self._shared and self._shared.ready and self._shared.to_guest.put(payload):
            return _frame(SHARED, _NUMBER.pack(len(payload)))
        pieces = (payload[begin : begin + _MOST] for begin in range(0, len(payload), _MOST))
        return b"".join(_frame(LINES, piece) for piece in pieces)

    def unwrap(self, data: bytes) -> bytes:
        """The agent's output in these bytes.  Raises Lost where bytes are missing, or the guest tells of an end."""
        pending = self._pending
        pending += data
        output = bytearray()
        begin = 0
        while len(pending) - begin >= _HEAD.size:
            magic, kind, length, checksum = _HEAD.unpack_from(pending, begin)
            if magic != _MAGIC or kind not in (TOLD, LINES, SHARED) or length > _MOST:
                raise Lost("the line to the guest is disturbed")
            end = begin + _HEAD.size + length
            if len(pending) < end:
                break
            payload = bytes(pending[begin + _HEAD.size : end])
            if _checksum(payload) != checksum:
                raise Lost("the line to the guest is disturbed")
            if kind == TOLD:
                raise Lost(payload.decode(errors="replace"))
            output += self._shared_bytes(payload) if kind == SHARED else payload
            begin = end
        del pending[:begin]
        return bytes(output)

    def _shared_bytes(self, payload: bytes) -> bytes:
        if self._shared is None:
            raise Lost("the line to the guest is disturbed")
        try:
            return self._shared.from_guest.take(*_NUMBER.unpack(payload))
        except (ValueError, struct.error):
            raise Lost("the line to the guest is disturbed") from None

    def gone(self) -> bool:
        return False  # the connection ends with the guest

    def ended(self) -> str:
        return self._tell()

    def close(self) -> None:
        self._socket.close()
        self._end()

    kill = close


def _frame(kind: int, payload: bytes) -> bytes:
    return _HEAD.pack(_MAGIC, kind, len(payload), _checksum(payload)) + payload


def _checksum(payload: bytes) -> int:
    """Fletcher's, of 16 bits: after each byte both sums are taken modulo 255, for which once at the end does as well."""
    low = sum(payload)
    length = len(payload)
    high = sum(map(int.__mul__, range(length, 0, -1), payload))
    return (high % 255) << 8 | low % 255
