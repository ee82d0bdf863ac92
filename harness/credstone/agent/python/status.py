"""What /proc/PID/status says, read as the calls would answer it.

Three things are only to be had there: another process's credentials, those of threads that cannot be asked because they
come and go, and those of a program that ``subprocess`` started.
"""

import os
from typing import Any, Callable, Dict, Optional, Sequence

from table import IN_STATUS
from wire import Unreadable

_USUAL = 4096  # bytes: a status with few groups; a buffer for the longest would cost more than the reading
_SHOWN = 8  # ids of a list that tell enough about it
_LISTS = ("Groups", "Uid", "Gid")
_MASKS = ("Cap", "Sig", "Shd")

READABLE = tuple(IN_STATUS)


def read(path: str, folder: Optional[int] = None) -> bytes:
    """A whole file of /proc, which may be longer than one read gives: 65536 groups are half a megabyte."""
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC, dir_fd=folder)
    try:
        content = os.read(file, _USUAL)
        while len(content) >= _USUAL:
            part = os.read(file, 1 << 20)
            if not part:
                break
            content += part
        return content
    finally:
        os.close(file)


def field(content: bytes, name: str) -> str:
    """The text after ``name:``; KeyError if there is no such field."""
    mark = b"\n" + name.encode() + b":"
    start = (b"\n" + content).find(mark)
    if start < 0:
        raise KeyError(name)
    start += len(mark) - 1
    return content[start : content.index(b"\n", start)].decode("utf-8", "replace").strip()


def value(content: bytes, name: str) -> Any:
    """A field as an answer: a list, a number, or the text."""
    found = field(content, name)
    if name in _LISTS:
        return [int(number) for number in found.split()]
    if name.startswith(_MASKS) and len(found) == 16:
        return int(found, 16)
    return int(found) if found.isdigit() else found


def answer(content: bytes, call: str) -> Any:
    """What ``call`` answers in the process or thread that this text describes."""
    name, first, count = IN_STATUS[call]
    ids = [int(number) for number in field(content, name).split()][first:]
    return ids[0] if count == 1 else ids[:count] if count else ids


def reader(call: Sequence[Any]) -> Callable[[bytes], Any]:
    """What finds in such a text what this call would answer there, for umask in what a shell says of it.

    Unreadable if that is not to be found there.
    """
    name, arguments = (str(call[0]), list(call[1:])) if call else ("", [])
    if name in IN_STATUS and not arguments:
        return lambda content: answer(content, name)
    if name == "umask" and len(arguments) <= 1:  # the mask before: what is asked for instead does not matter
        return lambda content: int(content, 8)
    if name == "status" and len(arguments) == 2 and arguments[0] == "self":
        return lambda content: value(content, str(arguments[1]))
    raise Unreadable("a child of subprocess cannot show " + name)


def _shown(ids: Any) -> str:
    """An answer as a text; of a long list the beginning and the length."""
    if isinstance(ids, list) and len(ids) > _SHOWN:
        return f"[{', '.join(map(str, ids[:_SHOWN]))}, ... {len(ids)} ids]"
    return str(ids)


def of_threads(call: str) -> Any:
    """What ``call`` answers in all threads of this process: the common answer, or a text that counts them."""
    counts: Dict[str, int] = {}
    common: Any = None
    for thread in os.listdir("/proc/self/task"):
        try:
            common = answer(read(f"/proc/self/task/{thread}/status"), call)
        except (FileNotFoundError, ProcessLookupError):
            continue  # it went between the listing and the reading
        shown = _shown(common)
        counts[shown] = counts.get(shown, 0) + 1
    if len(counts) == 1:
        return common
    most_first = sorted(counts.items(), key=lambda item: -item[1])
    return "; ".join(f"{count} of the threads have {shown}" for shown, count in most_first)
