"""Where something is kept from run to run: a folder of the virtual environment, gone when that is removed.

Nothing is kept outside of one: the folders of the system, and those of the person, are not ours.
"""

from __future__ import annotations

import sys
from pathlib import Path


def folder_for(name: str) -> Path | None:
    """The folder of this name, made if need be; None where there can be none.  That it can be written is not said."""
    if sys.prefix == sys.base_prefix:
        return None
    folder = Path(sys.prefix) / "var" / "credstone" / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder
