"""Which suite was run: one digest over all of its files."""

from __future__ import annotations

import hashlib
from pathlib import Path


def suite_digest(folder: Path) -> str:
    """The first 16 hexadecimal digits of SHA-256 over the names and contents of a suite's files."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".scn", ".toml"):
            digest.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
