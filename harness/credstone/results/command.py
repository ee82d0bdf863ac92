"""The command that made a results file, as its header tells it."""

from __future__ import annotations

import sys
from pathlib import Path


def command_line() -> tuple[str, ...]:
    """The command line of this process; ``python -m credstone`` is called by its usual name."""
    program = Path(sys.argv[0])
    return (program.parent.name if program.name == "__main__.py" else program.name, *sys.argv[1:])
