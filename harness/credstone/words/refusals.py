"""What a filter, a security module or a kernel without a call answers, whatever it is asked for.

Such an answer is a known restriction of the process, and says nothing of the call.  Any other errno (ENOMEM, EIO, EFAULT) is
an answer of the system under test, and is judged.
"""

from __future__ import annotations

REFUSALS = frozenset({"EPERM", "EACCES", "ENOSYS", "signal 31"})
"""The last is SIGSYS: a seccomp filter may kill the caller."""


def is_refusal(error: str) -> bool:
    """Whether an errno, as a probe or the set-up of a cell answers it, is that of a known restriction."""
    return error in REFUSALS
