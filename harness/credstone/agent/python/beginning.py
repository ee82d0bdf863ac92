"""What the agent was started with and does not keep, or a fork takes away: the umask and the parent-death signal.

A cell that shows how a process was started gets both back before its first line.
"""

import os

import constants
import kernel
from refused import Doing

_MASK = 0o022  # the umask of every cell

umask = os.umask(_MASK)
_death_signal = kernel.parent_death_signal()


def restore() -> None:
    """Give them back to this process."""
    os.umask(umask)
    with Doing("PR_SET_PDEATHSIG"):
        kernel.prctl(constants.PR_SET_PDEATHSIG, _death_signal)
