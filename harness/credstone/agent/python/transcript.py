"""How what a cell saw reaches the agent, even if the cell is killed in the middle: in memory that both share.

It is written line by line.  A line that was not finished does not count.
"""

from typing import List, Tuple

from memory import TRANSCRIPT, TRANSCRIPT_SIZE, WRITTEN, memory, numbers
from wire import encode, encode_seen


def clear() -> None:
    """Before a cell."""
    numbers[WRITTEN] = 0


def start(seen: List[Tuple[str, str]]) -> None:
    """The set-up is done."""
    _add(encode_seen(seen))


def step(answer: str, seen: List[Tuple[str, str]]) -> None:
    """A line was performed."""
    _add(f"[{answer},{encode_seen(seen)}]")


def end(end: str, note: str) -> None:
    """Nothing more will come."""
    _add(f"E{encode(end)},{encode(note)}")


def _add(line: str) -> None:
    written = numbers[WRITTEN]
    content = line.encode("ascii") + b"\n"
    if written + len(content) > TRANSCRIPT_SIZE:
        raise OverflowError("the transcript is too long")
    memory[TRANSCRIPT + written : TRANSCRIPT + written + len(content)] = content
    numbers[WRITTEN] = written + len(content)


def read() -> Tuple[str, str, List[str]]:
    """What is there: the end and note that the cell itself gave (or empty), start, steps; all JSON."""
    lines = memory[TRANSCRIPT : TRANSCRIPT + numbers[WRITTEN]].decode("ascii").split("\n")[:-1]
    said = ""
    if lines and lines[-1].startswith("E"):
        said = lines.pop()[1:]
    return said, lines[0] if lines else "{}", lines[1:]
