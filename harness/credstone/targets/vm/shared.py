"""Memory that the harness and a guest share: two rings of bytes, one for each way.

A serial port moves a byte at a time, and answers can be megabytes.  So bytes lie here, and the line to the guest (``line.py``)
only tells how many more there are.  The other end is ``c/shared.c``, which has the layout.  The memory belongs to no file,
and is gone with those who have it.
"""

from __future__ import annotations

import mmap
import os
import struct

SIZE = 32 << 20
"""Bytes of both rings, a power of two as it is the region of a PCI device."""
READY = 0x6372656473746F6E
"""What the guest writes when it has found the memory."""
_HEAD = 64
_NUMBER = struct.Struct("<Q")
_READY_AT = 16


class Ring:
    """One way: ``written`` and ``read`` count bytes from the beginning of time, each changed by one side alone."""

    def __init__(self, memory: mmap.mmap, begin: int, size: int) -> None:
        self._memory, self._begin = memory, begin
        self._data, self._room = begin + _HEAD, size - _HEAD

    def put(self, payload: bytes) -> bool:
        """Puts all of it there, or nothing if it does not fit now."""
        written, read = self._number(0), self._number(8)
        if written - read + len(payload) > self._room:
            return False
        at = written % self._room
        first = min(len(payload), self._room - at)
        self._memory[self._data + at : self._data + at + first] = payload[:first]
        self._memory[self._data : self._data + len(payload) - first] = payload[first:]
        self._set(0, written + len(payload))
        return True

    def take(self, count: int) -> bytes:
        """The next so many bytes.  Raises ValueError where there are less."""
        written, read = self._number(0), self._number(8)
        if count > written - read:
            raise ValueError(f"{count} bytes are told of, and {written - read} are there")
        at = read % self._room
        first = min(count, self._room - at)
        taken = (
            self._memory[self._data + at : self._data + at + first]
            + self._memory[self._data : self._data + count - first]
        )
        self._set(8, read + count)
        return taken

    def _number(self, offset: int) -> int:
        return int(_NUMBER.unpack_from(self._memory, self._begin + offset)[0])

    def _set(self, offset: int, number: int) -> None:
        _NUMBER.pack_into(self._memory, self._begin + offset, number)


class Shared:
    """The memory, its rings, and the descriptor by which QEMU gets it."""

    def __init__(self) -> None:
        self.descriptor = os.memfd_create("credstone", 0)
        os.ftruncate(self.descriptor, SIZE)
        self._memory = mmap.mmap(self.descriptor, SIZE)
        self.to_guest = Ring(self._memory, 0, SIZE // 2)
        self.from_guest = Ring(self._memory, SIZE // 2, SIZE // 2)

    @property
    def ready(self) -> bool:
        """Whether the guest has found it: a kernel without PCI, or without sysfs, has no way to it."""
        return bool(_NUMBER.unpack_from(self._memory, _READY_AT)[0] == READY)

    def arguments(self) -> list[str]:
        """What QEMU is told."""
        backend = f"memory-backend-file,id=shared,share=on,size={SIZE},mem-path=/proc/self/fd/{self.descriptor}"
        return ["-object", backend, "-device", "ivshmem-plain,memdev=shared"]

    def close(self) -> None:
        self._memory.close()
        os.close(self.descriptor)
