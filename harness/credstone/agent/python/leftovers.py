"""Nothing of a cell may be left: no process, no file.

Every descendant is killed and reaped, also one that left the group of its cell: who cleans is their subreaper.
"""

import os
import signal
import sys
import time
from contextlib import suppress
from typing import List

_REAPING = 3.0  # seconds for killed processes to disappear
_CHILD = {signal.SIGCHLD}


def clean(main: int) -> bool:
    """Kill and reap all that descends from this process, a cell's group first.  False if something would not die."""
    with suppress(ProcessLookupError, PermissionError):  # it has made no group yet, or all of it is gone
        os.killpg(main, signal.SIGKILL)
    until = time.monotonic() + _REAPING
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0]:
                continue
        except ChildProcessError:
            return True
        for child in _children():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(child, signal.SIGKILL)
        if time.monotonic() > until:
            return False
        signal.sigtimedwait(_CHILD, 0.02)


def _children() -> List[int]:
    """The children of this process: its own, and those whose parents have gone."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as file:
            return [int(pid) for pid in file.read().split()]
    except OSError:  # a kernel without CONFIG_PROC_CHILDREN
        pass
    found = []
    for name in os.listdir("/proc"):
        try:
            with open(f"/proc/{int(name)}/stat") as file:
                if int(file.read().rpartition(")")[2].split()[1]) == os.getpid():
                    found.append(int(name))
        except (OSError, ValueError):
            continue
    return found


def remove(path: str) -> None:
    """Remove a cell's folder with all that is in it; says on stderr what cannot be removed."""
    try:
        os.chmod(path, 0o700)
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    remove(entry.path)
                else:
                    os.unlink(entry.path)
        os.rmdir(path)
    except OSError as error:
        print(f"agent: {path} stays behind: {error}", file=sys.stderr)
