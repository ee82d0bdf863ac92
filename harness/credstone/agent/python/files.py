"""Plumbing: files.  What ids are for, and the files in /proc that rule user namespaces.

``os`` is used where it does nothing but the call.
"""

import errno
import os
from typing import Any, Callable, List, Optional

import home
import kernel
import status
from refused import Refused
from rows import Rows

_AT_FDCWD = -100


def _read(path: str) -> str:
    """The text of a file without its last newline."""
    found = os.fsdecode(status.read(path))
    return found[:-1] if found.endswith("\n") else found


def _spare_the_machine(path: str) -> None:
    """Settings of the machine are not written to: only those that a user namespace of the cell has for itself."""
    if path.startswith("/proc/sys/") and home.is_here():
        raise Refused(f"agent: {path} belongs to the machine")


def _written(path: str, content: str, way: Callable[[int, bytes], int]) -> int:
    """Write to a file that must exist, whole and by one call: the knobs of /proc want it so.  The number of bytes."""
    _spare_the_machine(path)
    file = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        return way(file, os.fsencode(content))
    finally:
        os.close(file)


def _write(path: str, content: str, offset: Optional[int] = None) -> int:
    """write(2), after lseek(2) where an offset is given."""

    def behind_lseek(file: int, text: bytes) -> int:
        if offset is not None:
            os.lseek(file, offset, os.SEEK_SET)
        return os.write(file, text)

    return _written(path, content, behind_lseek)


def _pwrite(path: str, content: str, offset: int) -> int:
    return _written(path, content, lambda file, text: os.pwrite(file, text, offset))


def _open(path: str, flags: int, mode: int = 0o600) -> None:
    """open(2), and closed again."""
    os.close(os.open(path, flags | os.O_CLOEXEC, mode))


def _faccessat(path: str, mode: int, flags: int) -> int:
    """The raw faccessat2(2): the C library's function may answer by itself."""
    return kernel.call("faccessat2", _AT_FDCWD, kernel.Buffer(path).address, mode, flags)


def ids_and_mode(found: os.stat_result) -> List[int]:
    """Owner, group and the twelve mode bits."""
    return [found.st_uid, found.st_gid, found.st_mode & 0o7777]


def _stat(path: str) -> List[int]:
    return ids_and_mode(os.stat(path))


def _utimensat(path: str, seconds: Optional[int] = None) -> None:
    """Without a time the kernel is given none: that takes less privilege."""
    os.utime(path, None if seconds is None else (seconds, seconds))


def _status(process: Any, field: str) -> Any:
    """A field of /proc/PID/status; ENOENT if this kernel has none of that name."""
    try:
        return status.value(status.read(f"/proc/{process}/status"), field)
    except KeyError:
        raise OSError(errno.ENOENT, "no such field", field) from None


ROWS: Rows = {
    "read": _read,
    "write": _write,
    "pwrite": _pwrite,
    "open": _open,
    "faccessat": _faccessat,
    "stat": _stat,
    "utimensat": _utimensat,
    "status": _status,
}
