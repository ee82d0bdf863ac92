"""The user namespace that the agent lives in.  What is set there belongs to the machine, and not to a cell."""

import os

_FIRST = 0xEFFFFFFD  # PROC_USER_INIT_INO: the same on every Linux


def _namespace() -> int:
    """The user namespace that this process is in: the number of its inode, 0 if nothing tells."""
    try:
        return os.stat("/proc/self/ns/user").st_ino
    except OSError:
        return 0


_HOME = _namespace()


def is_first() -> bool:
    """Whether the kernel started with it; one without user namespaces has only that.

    A lower number is no Linux's (gVisor's): there the first is known by its map.
    """
    if 0 < _HOME < _FIRST:
        with open("/proc/self/uid_map", encoding="ascii") as uids:
            return uids.read().split() == ["0", "0", "4294967295"]
    return _HOME in (0, _FIRST)


def is_told() -> bool:
    """Whether the kernel has user namespaces: one without them has no such file."""
    return _HOME != 0


def is_here() -> bool:
    """Whether this process is still in it."""
    return _namespace() == _HOME
