"""How a set-up call that fails ends the cell: ``refused``, with a note that names the call and its errno."""

from typing import Any

import kernel


class Refused(Exception):
    """A set-up call failed; the text is the cell's note: ``setgroups: EPERM``."""


class Doing:
    """Names the call that a block makes, so that its failure becomes a Refused with that name."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if isinstance(error, OSError):
            raise Refused(f"{self.what}: {kernel.errno_name(error.errno or 0)}")
