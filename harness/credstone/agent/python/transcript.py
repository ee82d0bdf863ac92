"""How what a cell saw reaches the agent, even if the cell is killed in the middle.

A file without a name, shared by the agent and the cell's process, is written line by line: a pipe would have to be
drained while the agent waits, and the list of 65536 groups is larger than any pipe.  A line that is cut off by a crash
has no newline and does not count.
"""

import os
from typing import List, Tuple

from wire import encode, encode_seen


class Transcript:
    """The file, used again for each cell."""

    def __init__(self) -> None:
        name = f".transcript-{os.getpid()}"
        self._file = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        os.unlink(name)

    def clear(self) -> None:
        """Before a cell."""
        os.ftruncate(self._file, 0)
        os.lseek(self._file, 0, os.SEEK_SET)

    def start(self, seen: List[Tuple[str, str]]) -> None:
        """The set-up is done."""
        self._add(encode_seen(seen))

    def step(self, answer: str, seen: List[Tuple[str, str]]) -> None:
        """A line was performed."""
        self._add(f"[{answer},{encode_seen(seen)}]")

    def end(self, end: str, note: str) -> None:
        """Nothing more will come."""
        self._add(f"E{encode(end)},{encode(note)}")

    def _add(self, line: str) -> None:
        left = line.encode("ascii") + b"\n"
        while left:
            left = left[os.write(self._file, left) :]

    def read(self) -> Tuple[str, str, List[str]]:
        """What is there: the end and note that the cell itself gave (or empty), start, steps; all JSON."""
        size = os.fstat(self._file).st_size
        lines = os.pread(self._file, size, 0).decode("ascii").split("\n")[:-1] if size else []
        end = ""
        if lines and lines[-1].startswith("E"):
            end = lines.pop()[1:]
        return end, lines[0] if lines else "{}", lines[1:]
