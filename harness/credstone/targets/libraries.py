"""Whether an agent uses the libraries that the caller named in LD_PRELOAD and LD_LIBRARY_PATH.

The dynamic linker passes over a library that is not there, or is for another ABI, and goes on.  A static program loads
nothing, and a C library that is its own dynamic linker, as musl is, is found by the path that stands in the program.  So
what is in use is looked for in the running agent: what is mapped there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from credstone.words.facts import Facts

_HINTS = {
    "LD_PRELOAD": "Name a library that it can load, or unset LD_PRELOAD.",
    "LD_LIBRARY_PATH": "Compile the agent for that library, by CC (docs/targets.md, 'A C library of your own'), or unset it.",
}
_C_LIBRARIES = ("libc.so.6", "libc.so.6.1", "libc.so", "libc.so.0", "libc.so.1", "libc.musl-*.so.1", "ld-musl-*.so.1")
"""The names that C libraries have."""


def unused_libraries(facts: Facts, environment: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each library that this environment names and the agent with these facts, which runs, does not use."""
    mapped = _mapped(facts.pid)
    for entry in re.split(r"[ :]+", environment.get("LD_PRELOAD", "")):
        if entry and (facts.static or not any(_is(entry, path) for path in mapped)):
            why = _why(entry, facts) if mapped else "what it has loaded is not to be seen in /proc"
            yield f"LD_PRELOAD names {entry}, and the agent did not load it: {why}."
    named = [path for folder in _folders(environment.get("LD_LIBRARY_PATH", "")) for path in _c_libraries(folder)]
    if named and not any(_is_from(path.parent, facts.libc_file) for path in named):
        used = facts.libc_file or ("the one in the agent, which is static" if facts.static else "one that is not known")
        yield f"LD_LIBRARY_PATH has the C library {named[0]}, and the one in use is {used}."


def hint_for(unused: str) -> str:
    """The next step, for a sentence about a library that is not used."""
    return next((hint for name, hint in _HINTS.items() if unused.startswith(f"{name} ")), "")


def _mapped(pid: int) -> list[Path]:
    """The files that are mapped in a process: proc(5), /proc/PID/maps."""
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/maps").read_text(errors="surrogateescape").splitlines()
        return [Path(path) for path in dict.fromkeys(line[line.find("/") :] for line in lines if "/" in line)]
    return []


def _is(entry: str, mapped: Path) -> bool:
    """Whether a mapped file is what an entry of LD_PRELOAD names: a path, or a name that is looked for in folders.

    A path may have words that the dynamic linker replaces, such as ``$LIB``: then its last part is all that is compared.
    """
    name = Path(entry).name
    place = Path(entry) if "/" in entry and "$" not in entry else mapped.parent / name
    with suppress(OSError):
        return place.samefile(mapped)
    return False


def _why(entry: str, facts: Facts) -> str:
    if facts.static:
        return "the agent is static"
    if "/" in entry and "$" not in entry:
        if not Path(entry).is_file():
            return "there is no such file"
        own, other = _kind(Path(f"/proc/{facts.pid}/exe")), _kind(Path(entry))
        if own != other:
            return f"it is no library for {facts.abi or 'its ABI'}"
    return "the dynamic linker passed it over"


def _kind(file: Path) -> bytes:
    """What an ELF file is for: class, order of bytes, machine; empty for a file of another kind."""
    with suppress(OSError), file.open("rb") as opened:
        head = opened.read(20)
        if head[:4] == b"\x7fELF":
            return head[4:6] + head[18:20]
    return b""


def _folders(path: str) -> Iterator[Path]:
    """The folders of LD_LIBRARY_PATH as the caller means them, in the caller's own folder."""
    yield from (Path(folder).absolute() for folder in re.split("[:;]", path) if folder)


def _c_libraries(folder: Path) -> list[Path]:
    """The C libraries in a folder; a linker's script of such a name is none."""
    with suppress(OSError):
        return [path for name in _C_LIBRARIES for path in sorted(folder.glob(name)) if _kind(path)]
    return []


def _is_from(folder: Path, file: str) -> bool:
    """Whether a file is in a folder, or a folder in that (glibc-hwcaps), or what one of the C libraries there leads to."""
    if not file:
        return False
    inside = os.path.realpath(file).startswith(f"{os.path.realpath(folder)}/")
    return inside or any(os.path.realpath(path) == os.path.realpath(file) for path in _c_libraries(folder))
