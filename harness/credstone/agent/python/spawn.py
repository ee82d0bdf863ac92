"""``subprocess`` under test: a program that shows its credentials is run with the keywords of the line.

Imported at the start, because a process that has become an ordinary user may not be able to read the library of its own
interpreter any more.
"""

import os
import subprocess
from typing import Any, Callable, Dict

# Not the interpreter itself: it may lie where the child's credentials do not reach.
PROGRAM = ("/bin/cat", "/proc/self/status")
# For the mask, which is not in every status (proc(5): since Linux 4.7).
MASK = ("/bin/sh", "-c", "umask")


def possible() -> bool:
    """Whether the program is there."""
    return os.access(PROGRAM[0], os.X_OK)


def ask(find: Callable[[bytes], Any], keywords: Dict[str, Any], *, mask: bool) -> Any:
    """What ``find`` finds in the status of a child that subprocess.run starts with these keywords, or in its ``mask``.

    Raises what subprocess raises.  A child that fails to show anything is a ChildProcessError without an errno.
    """
    program = MASK if mask else PROGRAM
    done = subprocess.run(program, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, **keywords)
    if done.returncode != 0:
        raise ChildProcessError(f"{program[0]} ended with {done.returncode}")
    return find(done.stdout)
