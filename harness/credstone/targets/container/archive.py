"""Files on their way to an engine, which takes them as an archive."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterable


def packed(entries: Iterable[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    """An archive with these entries and their content."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for entry, content in entries:
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()
