"""The credential of the thread that asks, from raw system calls made by itself.

Credentials belong to threads, not to processes (nptl(7)): whoever reports, reports itself.
"""

from typing import List, NamedTuple, Tuple

import constants
import kernel
import status


class Credential(NamedTuple):
    """Everything that decides who a thread is, in the order of the protocol."""

    uid: List[int]  # real, effective, saved, file system
    gid: List[int]
    groups: List[int]
    capabilities: List[int]  # inheritable, permitted, effective, bounding, ambient
    securebits: int
    no_new_privs: bool
    keep_caps: bool
    dumpable: int
    parent_death_signal: int


def _bounding_and_ambient() -> Tuple[int, int]:
    """One read of /proc is eighty prctl calls; where it is hidden or incomplete, prctl is asked."""
    try:
        content = status.read("/proc/thread-self/status")
        return int(status.field(content, "CapBnd"), 16), int(status.field(content, "CapAmb"), 16)
    except (OSError, KeyError, ValueError):
        return capability_set(constants.PR_CAPBSET_READ), capability_set(
            constants.PR_CAP_AMBIENT, constants.PR_CAP_AMBIENT_IS_SET
        )


def capability_set(*question: int) -> int:
    """The set for which prctl answers this question with 1, capability by capability, up to the last one it knows."""
    found = 0
    for number in range(64):
        try:
            found |= kernel.prctl(*(question + (number,))) << number
        except OSError:
            break
    return found


def observe() -> Credential:
    """The credential of this thread."""
    inheritable, permitted, effective = kernel.capabilities()
    bounding, ambient = _bounding_and_ambient()
    return Credential(
        kernel.triple("getresuid") + [kernel.filesystem_id("setfsuid")],
        kernel.triple("getresgid") + [kernel.filesystem_id("setfsgid")],
        kernel.groups(),
        [inheritable, permitted, effective, bounding, ambient],
        kernel.prctl(constants.PR_GET_SECUREBITS),
        bool(kernel.prctl(constants.PR_GET_NO_NEW_PRIVS)),
        bool(kernel.prctl(constants.PR_GET_KEEPCAPS)),
        kernel.prctl(constants.PR_GET_DUMPABLE),
        kernel.parent_death_signal(),
    )


def encoded() -> str:
    """The credential of this thread as JSON.  It is numbers, flags and lists of them: Python's own way to write those
    is but three words away from it, and many times as fast as an encoder."""
    return str(list(observe())).replace(" ", "").replace("True", "true").replace("False", "false")
