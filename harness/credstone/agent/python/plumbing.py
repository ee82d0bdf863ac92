"""The calls that prepare and look, and are not under test: their answers are the kernel's, without Python's manners.

``os`` is used where it does nothing but the call.
"""

import errno
import os
import signal
from typing import Any, List

import kernel
import status


def unshare(flags: int) -> int:
    """unshare(2)."""
    return kernel.call("unshare", flags)


def read(path: str) -> str:
    """The text of a file without its last newline."""
    found = os.fsdecode(status.read(path))
    return found[:-1] if found.endswith("\n") else found


def write(path: str, content: str) -> int:
    """One write(2) to a file that must exist: the knobs of /proc want it whole.  The number of bytes."""
    file = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        return os.write(file, os.fsencode(content))
    finally:
        os.close(file)


def open_(path: str, flags: int) -> None:
    """open(2), and closed again."""
    os.close(os.open(path, flags | os.O_CLOEXEC, 0o600))


def access(path: str, mode: int) -> int:
    """access(2), by the real ids."""
    return kernel.access(path, mode)


def ids_and_mode(found: os.stat_result) -> List[int]:
    """Owner, group and the twelve mode bits."""
    return [found.st_uid, found.st_gid, found.st_mode & 0o7777]


def stat(path: str) -> List[int]:
    """stat(2)."""
    return ids_and_mode(os.stat(path))


def status_of(process: Any, field: str) -> Any:
    """A field of /proc/PID/status; ENOENT if this kernel has none of that name."""
    try:
        return status.value(status.read(f"/proc/{process}/status"), field)
    except KeyError:
        raise OSError(errno.ENOENT, "no such field", field) from None


def prctl(option: int, *arguments: int) -> int:
    """prctl(2)."""
    return kernel.prctl(option, *arguments)


def capset(permitted: int, effective: int, inheritable: int) -> None:
    """capset(2) for the caller."""
    kernel.set_capabilities(permitted, effective, inheritable)


def pause() -> None:
    """Never answers."""
    while True:
        signal.pause()
