"""What two runs must not do at once on one machine, although both would be right: make the same image."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from credstone.agent.folder import temporary


@contextlib.contextmanager
def alone(what: str) -> Iterator[None]:
    """Waits until no other thread and no other process of this user is at ``what``.

    Where no lock can be kept there is none: the work is done twice then, and that is all.
    """
    name = hashlib.sha256(what.encode()).hexdigest()[:16]
    place = Path(temporary()) / f".credstone-{os.geteuid()}-{name}"
    try:
        lock = os.open(place, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError:
        yield
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
