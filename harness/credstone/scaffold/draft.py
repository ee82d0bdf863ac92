"""What a scaffold makes: new files, additions to tables, and the steps that remain."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

import credstone
from credstone.words.errors import CredstoneError, MachineError


class Draft(msgspec.Struct, frozen=True):
    """New files with their texts, texts to put behind what a file has, and the steps that remain, each a sentence."""

    files: Mapping[Path, str]
    steps: tuple[str, ...]
    additions: Mapping[Path, str] = {}

    def write(self) -> list[Path]:
        """Writes the files; the paths, in their order.

        Raises CredstoneError, before anything is written, if a file exists, and MachineError if one cannot be written.
        """
        for path in self.files:
            if path.exists():
                raise CredstoneError(f"{path} exists already.", "A file is never overwritten: choose another name.")
        try:
            for path, text in self.files.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("x", encoding="utf-8") as file:
                    file.write(text)
            for path, text in self.additions.items():
                with path.open("a", encoding="utf-8") as file:
                    file.write(text)
        except OSError as error:
            raise MachineError(f"{error.filename} cannot be written: {error.strerror}.") from None
        return [*self.files, *self.additions]


def source_tree() -> Path | None:
    """The folder of the source tree that this package is part of; None if the package is installed without one."""
    package = Path(credstone.__file__).resolve().parent
    root = package.parent.parent
    return root if (root / "pyproject.toml").is_file() and package == root / "harness" / "credstone" else None
