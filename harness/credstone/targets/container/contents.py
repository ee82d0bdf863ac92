"""What an image has in it that an agent could use: found by reading its files, without running anything.

The files come out of a container that is created and never started, so that it works for an image without a shell and on
a remote engine.
"""

from __future__ import annotations

import io
import posixpath
import re
import tarfile
from collections.abc import Generator, Iterable, Iterator, Mapping
from typing import Protocol

import msgspec
from docker.errors import NotFound

from credstone.targets.container.client import Client
from credstone.targets.container.settings import Manager

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""Where programs are looked for in an image that does not say."""
_LINK = 1 << 27
"""The bit of a symbolic link in the modes that engines give."""
_LINKS = 16


class Machine(msgspec.Struct, frozen=True):
    """Where the C libraries of a machine are: the loaders are part of its ABI, the folder is Debian's."""

    architecture: str
    glibc: str
    musl: str
    folder: str


MACHINES = (
    Machine("", "/lib64/ld-linux-x86-64.so.2", "/lib/ld-musl-x86_64.so.1", "x86_64-linux-gnu"),
    Machine("", "/lib/ld-linux-aarch64.so.1", "/lib/ld-musl-aarch64.so.1", "aarch64-linux-gnu"),
    Machine("i386", "/lib/ld-linux.so.2", "/lib/ld-musl-i386.so.1", "i386-linux-gnu"),
)
"""``architecture`` as base images have it: empty for that of the engine."""


class Files(Protocol):
    """The files of an image."""

    def read(self, path: str) -> bytes | None:
        """The content of a file, through symbolic links; None if there is no such file."""


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What was found; absent things are empty.

    ``compiler``, ``python`` are paths, ``manager`` is the name of a package manager, ``libc`` is ``glibc 2.36`` or ``musl
    1.2.3``, without a version where it does not tell.  ``architecture`` is that of its loader.  ``user`` is as whom its
    processes run, ``UID:GID``.
    """

    compiler: str = ""
    manager: str = ""
    libc: str = ""
    architecture: str = ""
    python: str = ""
    user: str = ""


def look_into(files: Files, path: str, user: str, managers: Mapping[str, Manager]) -> Contents:
    """What an image has; ``path`` is its PATH, ``user`` what it calls the user of its processes."""
    libc, architecture = _libc(files)
    manager = (name for name, each in managers.items() if _has(files, each.program))
    return Contents(
        compiler=_program(files, path, ("cc", "gcc")),
        manager=next(manager, ""),
        libc=libc,
        architecture=architecture,
        python=_program(files, path, ("python3",)),
        user=_ids(files, user),
    )


class Created:
    """The files of a container that was created."""

    def __init__(self, client: Client, container: str) -> None:
        self._api = client.api
        self._container = container

    def read(self, path: str) -> bytes | None:
        for _ in range(_LINKS):
            try:
                stream, about = self._api.get_archive(self._container, path)
            except NotFound:
                return None
            link = about.get("linkTarget") if about["mode"] & _LINK else ""
            content = _file_in(stream)
            if not link:
                return content
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), link))
        return None


def _file_in(stream: Iterable[bytes]) -> bytes | None:
    """The content of the file that an archive begins with; of a folder, which may be large, nothing is read."""
    pieces = iter(stream)
    try:
        with tarfile.open(fileobj=_Pieces(pieces), mode="r|") as archive:
            first = archive.next()
            opened = archive.extractfile(first) if first is not None and first.isfile() else None
            return opened.read() if opened else None
    finally:
        if isinstance(pieces, Generator):
            pieces.close()  # and the connection with it


class _Pieces(io.RawIOBase):
    """The pieces of a stream as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while len(self._left) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._left += piece
        data, self._left = self._left[:size], self._left[size:]
        return data


def _has(files: Files, path: str) -> bool:
    return files.read(path) is not None


def _program(files: Files, path: str, names: Iterable[str]) -> str:
    places = [f"{folder}/{name}" for name in names for folder in path.split(":") if folder.startswith("/")]
    return next((place for place in places if _has(files, place)), "")


def _ids(files: Files, user: str) -> str:
    """``UID:GID`` of a user who is named as in a Dockerfile; empty for root."""
    name, _, group = user.partition(":")
    entry = _entry(files, "/etc/passwd", name)
    uid = name if name.isdecimal() else entry[2] if entry else "0"
    if group and not group.isdecimal():
        entry_of_group = _entry(files, "/etc/group", group)
        group = entry_of_group[2] if entry_of_group else "0"
    gid = group or (entry[3] if entry else "0")
    return "" if uid == gid == "0" else f"{uid}:{gid}"


def _entry(files: Files, path: str, key: str) -> list[str]:
    """The line of a database with this name or number."""
    lines = (files.read(path) or b"").decode(errors="replace").splitlines()
    entries = (line.split(":") for line in lines)
    return next((entry for entry in entries if len(entry) > 3 and key and key in (entry[0], entry[2])), [])


def _libc(files: Files) -> tuple[str, str]:
    """The C library by the loader that programs of its ABI have, and the architecture of that."""
    for machine in MACHINES:
        if _has(files, machine.glibc):
            return f"glibc {_glibc_version(files, machine.folder)}".rstrip(), machine.architecture
        musl = files.read(machine.musl)
        if musl is not None:
            return f"musl {_musl_version(musl)}".rstrip(), machine.architecture
    return "", ""


def _glibc_version(files: Files, folder: str) -> str:
    for place in (f"/lib/{folder}", f"/usr/lib/{folder}", "/lib64", "/usr/lib64", "/lib", "/usr/lib"):
        library = files.read(f"{place}/libc.so.6")
        found = re.search(rb"GNU C Library [^\n]*version (\d+\.\d+)", library or b"")
        if found:
            return found[1].decode()
    return ""


def _musl_version(library: bytes) -> str:
    """The version stands in the library for the one message that it prints itself."""
    found = re.search(rb"\0(\d+\.\d+\.\d+(-git-\d+-g[0-9a-f]+)?)\0", library) if b"musl libc" in library else None
    return found[1].decode() if found else ""
