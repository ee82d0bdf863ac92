"""The folders that come with the package: next to it in a checkout, inside it when it is installed."""

from __future__ import annotations

from pathlib import Path

from credstone.words.errors import CredstoneError


def bundled(name: str, hint: str = "Install the package anew.") -> Path:
    """The folder of this name: ``suites``, ``containers``.  Raises CredstoneError if there is none."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / name, package.parent.parent / name):
        if folder.is_dir():
            return folder
    raise CredstoneError(f"The folder {name}/ is not where the package expects it.", hint)
