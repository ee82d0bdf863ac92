"""Plumbing: capabilities and the traits of a process."""

from contextlib import suppress
from typing import Any, Callable, List, Tuple, Union

import constants
import kernel
from rows import Rows


def _prctl(option: int, *arguments: Union[int, str]) -> int:
    if option == constants.PR_GET_PDEATHSIG and arguments in ((), ("valid",)):
        return kernel.parent_death_signal()
    return kernel.prctl(option, *(each if isinstance(each, int) else constants.POINTERS[each] for each in arguments))


def _pointers(header: str, data: str) -> Tuple[int, int]:
    """Two addresses, of which the valid ones are those of a header for the caller, and of sets."""
    places = kernel.capability_header(0, kernel.CAPABILITY_VERSION_3), kernel.capability_data()
    first, second = (
        place if word == "valid" else constants.POINTERS[word] for word, place in zip((header, data), places)
    )
    return first, second


def _about_header(call: Callable[..., Any]) -> Callable[..., Any]:
    """A call that also tells the version that the kernel leaves in the header, if the last argument asks for that."""

    def called(*arguments: Any) -> Any:
        if arguments[-1:] != ("header",):
            return call(*arguments)
        with suppress(OSError):
            call(*arguments[:-1])
        return kernel.capability_version()

    return called


def _capget(*arguments: Any) -> Union[int, List[int]]:
    """Of a process, of which version, into which memory; or two pointers.  Permitted, effective, inheritable; 0 where
    there is no place for them."""
    pid, version, pointer = 0, kernel.CAPABILITY_VERSION_3, "valid"
    if arguments and isinstance(arguments[0], str):
        header, data = _pointers(*arguments)
        if (header, data) != _pointers("valid", "valid"):
            return kernel.call("capget", header, data)
    else:
        pid, version, pointer = (arguments + (0, version, pointer)[len(arguments) :])[:3]
    if pointer != "valid":
        return kernel.call("capget", kernel.capability_header(pid, version), constants.POINTERS[pointer])
    inheritable, permitted, effective = kernel.capabilities(pid, version)
    return [permitted, effective, inheritable]


def _capset(*arguments: Any) -> None:
    """Three sets, of which process, of which version; or one pointer, to sets that are those of the caller, or two."""
    if isinstance(arguments[0], str):
        kernel.capabilities()  # the sets are where they are written from, too
        kernel.call("capset", *_pointers(*(("valid",) + arguments)[-2:]))
    else:
        kernel.set_capabilities(*arguments)


ROWS: Rows = {
    "prctl": _prctl,
    "capget": _about_header(_capget),
    "capset": _about_header(_capset),
}
