"""The C library that this Python runs on: its name and version, and its file; and whether it is what it seems.

A library that is preloaded may have functions of the same names.  So the door to the kernel (kernel.py) is opened in the
C library's own file; and whether the kernel is behind it is tried, because there are others who could stand there.
"""

import os
from typing import List

try:
    import ctypes
except ImportError:  # __main__ says so
    ctypes = None  # type: ignore[assignment]

_NAMES = ("libc.so.6", "libc.so", "libc.so.1", "libc.so.0")
_BEGINNINGS = ("libc.so", "libc-", "libc.musl-", "ld-musl-")


def handle(kind: str) -> "ctypes.CDLL":
    """The C library itself, as ``PyDLL`` or ``CDLL``; where it cannot be told apart, whatever stands before it too."""
    load = getattr(ctypes, kind)
    for name in _NAMES:
        try:
            return load(name, mode=os.RTLD_NOW | os.RTLD_NOLOAD, use_errno=True)
        except OSError:
            continue
    return load(None, use_errno=True)


def name() -> str:
    """``glibc 2.36``, ``musl 1.2.3``; ``unknown libc`` where nothing says which it is."""
    try:
        told = os.confstr("CS_GNU_LIBC_VERSION")
        if told:
            return told
    except (AttributeError, OSError, ValueError):
        pass
    loader = next((path for path in _mapped() if os.path.basename(path).startswith("ld-musl-")), "")
    loader = loader or next((path for path in _mapped() if os.path.basename(path) == "libc.so"), "")
    version = _musl_version(loader) if loader else ""
    return f"musl {version}" if version else "unknown libc"


def file() -> str:
    """The file of the C library that is mapped; empty where there is none: it is in the program, or nothing tells."""
    return next((path for path in _mapped() if os.path.basename(path).startswith(_BEGINNINGS)), "")


def file_at(address: int) -> str:
    """The file that is mapped at an address; empty where there is none."""
    for line in _maps():
        first, _, last = line.split(" ", 1)[0].partition("-")
        if int(first, 16) <= address < int(last, 16):
            return line[line.find("/") :] if "/" in line else ""
    return ""


def _maps() -> List[str]:
    try:
        with open("/proc/self/maps", errors="surrogateescape") as maps:
            return maps.read().split("\n")[:-1]
    except OSError:
        return []


def _mapped() -> List[str]:
    return [line[line.find("/") :] for line in _maps() if "/" in line]


def _musl_version(loader: str) -> str:
    """musl tells its name and version in one place: its loader, executed without a program, says ``musl libc`` and
    ``Version 1.2.3``."""
    hear, say = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.dup2(say, 2)
            os.execv(loader, [loader])
        finally:
            os._exit(1)
    os.close(say)
    with open(hear) as told:
        text = told.read()
    os.waitpid(child, 0)
    words = text.split()
    return words[words.index("Version") + 1] if "musl libc" in text and "Version" in words[:-1] else ""
