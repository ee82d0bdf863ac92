"""Plumbing: capabilities and the traits of a process."""

from typing import Any, List, Optional, Union

import constants
import kernel
from rows import Row, Rows


def _prctl(option: int, *arguments: int) -> int:
    if option == constants.PR_GET_PDEATHSIG and not arguments:
        return kernel.parent_death_signal()
    return kernel.prctl(option, *arguments)


def _capget(pid: int = 0, version: int = kernel.CAPABILITY_VERSION_3, pointer: str = "valid") -> Union[int, List[int]]:
    """Permitted, effective, inheritable; 0 where there is no place for them."""
    if pointer != "valid":
        return kernel.call("capget", kernel.capability_header(pid, version), constants.POINTERS[pointer])
    inheritable, permitted, effective = kernel.capabilities(pid, version)
    return [permitted, effective, inheritable]


def _capset(
    permitted: Any,
    effective: Optional[int] = None,
    inheritable: Optional[int] = None,
    pid: int = 0,
    version: int = kernel.CAPABILITY_VERSION_3,
) -> None:
    """Three sets, or a pointer to where there are none."""
    if effective is None or inheritable is None:
        kernel.call("capset", kernel.capability_header(pid, version), constants.POINTERS[permitted])
    else:
        kernel.set_capabilities(permitted, effective, inheritable, pid, version)


ROWS: Rows = {
    "prctl": Row(_prctl, 1, 5),
    "capget": Row(_capget, 0, 3),
    "capset": Row(_capset, 1, 5),
}
