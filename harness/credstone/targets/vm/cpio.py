"""An initramfs: files as the kernel unpacks them into its first file system (initramfs buffer format, "newc")."""

from __future__ import annotations

import itertools
import stat
from collections.abc import Iterable

import msgspec

_MAGIC = "070701"
_END = "TRAILER!!!"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A file, folder or device; ``mode`` with the bits of its type, ``device`` its numbers, all of it root's."""

    path: str
    mode: int
    content: bytes = b""
    device: tuple[int, int] = (0, 0)


def file(path: str, content: bytes, mode: int = 0o755) -> Entry:
    return Entry(path=path, mode=stat.S_IFREG | mode, content=content)


def folder(path: str, mode: int = 0o755) -> Entry:
    return Entry(path=path, mode=stat.S_IFDIR | mode)


def device(path: str, major: int, minor: int) -> Entry:
    return Entry(path=path, mode=stat.S_IFCHR | 0o600, device=(major, minor))


def archive(entries: Iterable[Entry]) -> bytes:
    """The archive; a folder must stand before what is in it."""
    last = Entry(path=_END, mode=0)
    return b"".join(_one(number, entry) for number, entry in enumerate(itertools.chain(entries, [last]), 1))


def _one(inode: int, entry: Entry) -> bytes:
    name = entry.path.encode() + b"\0"
    links = 2 if stat.S_ISDIR(entry.mode) else 1
    fields = (inode, entry.mode, 0, 0, links, 0, len(entry.content), 0, 0, *entry.device, len(name), 0)
    head = _MAGIC.encode() + b"".join(b"%08x" % field for field in fields)
    return _padded(head + name) + _padded(entry.content)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
