"""What cells must not leave behind on the whole machine, where other workers have theirs."""

from __future__ import annotations

import time
from pathlib import Path


def message_queues() -> set[str]:
    """The numbers of all System V message queues; nothing where they cannot be seen."""
    try:
        return {line.split()[1] for line in Path("/proc/sysvipc/msg").read_text().splitlines()[1:]}
    except OSError:
        return set()


def await_queues_gone(before: set[str]) -> None:
    """No message queue is left.  Other workers have some too, for as long as a cell of theirs runs."""
    left = message_queues() - before
    end = time.monotonic() + 10
    while left and time.monotonic() < end:
        time.sleep(0.05)
        left &= message_queues()
    assert not left
