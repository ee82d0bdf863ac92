"""What a program was made of: every file that its compiler and its linker read, and what would take the place of one.

A program is kept from run to run, and it is the one that would be made now only as long as all of that is as it was: a
header, a static library or the linker's own program may be built anew without any change of the command.  Which files
were read is what the compiler and the linker report (-v, -H, --trace).  Where they do not, nothing is known, and the
program is not kept.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

TOLD = ("-v", "-H", "-Wl,--trace")
"""The words that make a compiler report what it reads."""
_TICK = 10_000_000
"""Nanoseconds by which the time of a file may be behind the clock."""


class Inputs(msgspec.Struct, frozen=True):
    """The files that were read, and the program that came of them, each with what shows a change; and paths at which
    there was nothing, where something would have been read instead.
    """

    files: dict[str, str]
    absent: tuple[str, ...]

    def unchanged(self) -> bool:
        """Whether all is as it was."""
        return all(mark(path) == was for path, was in self.files.items()) and not any(map(os.path.lexists, self.absent))


def mark(path: str) -> str:
    """What changes with a file's content: its size, when it was written, when it was last changed in any way, its inode."""
    try:
        found = Path(path).stat()
    except OSError:
        return ""
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"


def read_inputs(record: Path) -> Inputs | None:
    """What was written beside a program; None where nothing was, or nothing that can be read."""
    try:
        return msgspec.json.decode(record.read_bytes(), type=Inputs)
    except (OSError, msgspec.MsgspecError):
        return None


def find_inputs(said: str, traced: str, folder: Path, begun: int) -> Inputs | None:
    """The inputs of a program, by what the compiler ``said`` and the linker ``traced``; None where they are not all known.

    ``folder`` is where the compiler ran, with its temporary files; ``begun`` is when it began, in nanoseconds.  What was
    written since is not kept: it may have been read before.
    """
    told = _Told(said, folder)
    own = f"{folder}{os.sep}"
    linked = [path for line in traced.splitlines() if not (path := _linked(line, folder)).startswith(own)]
    if not (told.headers and told.header_folders and told.commands and linked):
        return None
    files = {path: mark(path) for path in (*told.headers, *linked, *told.programs, *told.specs)}
    if not all(files.values()) or any(_written_since(path, begun - _TICK) for path in files):
        return None
    absent = {*_shadows(told.headers, told.header_folders), *_shadows(_variants(linked), told.library_folders)}
    return Inputs(files, tuple(sorted(path for path in absent if not os.path.lexists(path))))


def _written_since(path: str, when: int) -> bool:
    found = Path(path).stat()
    return max(found.st_mtime_ns, found.st_ctime_ns) >= when


class _Told:
    """What a compiler told with -v and -H: headers, programs and specs that it read, and the folders in which it looked."""

    def __init__(self, said: str, folder: Path) -> None:
        self._folder = folder
        own = f"{folder}{os.sep}"
        lines = said.splitlines()
        headers = (self._path(found[1]) for line in lines if (found := re.match(r"\.+ (.+)", line)))
        self.headers = [path for path in dict.fromkeys(headers) if not path.startswith(own)]
        self.specs = [self._path(found[1]) for line in lines if (found := re.match(r"Reading specs from (.+)", line))]
        self.header_folders = list(dict.fromkeys(self._searched(lines)))
        self.commands = [line.replace('"', "").split() for line in lines if re.match(r' "?[\w/.+-]+"? ', line)]
        self.library_folders = list(dict.fromkeys((*self._given(), *self._paths(lines, "LIBRARY_PATH"))))
        self.programs = list(dict.fromkeys(self._programs(lines)))

    def _path(self, path: str) -> str:
        return os.path.normpath(self._folder / path)

    def _paths(self, lines: Iterable[str], name: str) -> Iterator[str]:
        for line in lines:
            if line.startswith(f"{name}="):
                yield from map(self._path, filter(None, line.partition("=")[2].split(":")))

    def _searched(self, lines: Iterable[str]) -> Iterator[str]:
        """The folders of headers, in the order in which they are searched; first those that are not there."""
        listed = False
        for line in lines:
            if missing := re.match(r'ignoring nonexistent directory "(.+)"', line):
                yield self._path(missing[1])
            elif line.endswith("search starts here:"):
                listed = True
            elif line.startswith("End of search list"):
                listed = False
            elif listed and line.startswith(" "):
                yield self._path(line.strip())

    def _given(self) -> Iterator[str]:
        for words in self.commands:
            for word, following in zip(words, [*words[1:], ""], strict=True):
                if word.startswith("-L"):
                    yield self._path(word[2:] or following)

    def _programs(self, lines: list[str]) -> Iterator[str]:
        """The programs that were run: as they are named, or where one of that name is found first."""
        drivers = [line.partition("=")[2] for line in lines if line.startswith("COLLECT_GCC=")]
        where = os.pathsep.join((*self._paths(lines, "COMPILER_PATH"), os.environ.get("PATH", os.defpath)))
        for name in (*drivers, *(words[0] for words in self.commands), "as", "ld"):
            path = shutil.which(name) if name in drivers else shutil.which(name, path=where)
            if path:
                yield self._path(path)


def _linked(line: str, folder: Path) -> str:
    """The file that a line of the linker's trace names: ``libc.a``, or, as linkers differ, ``(libc.a)printf.o``,
    ``libc.a(printf.o)``, ``-lc (libc.a)``.
    """
    for pattern in (r"(.+)", r"\((.+)\)[^()]+", r"(.+)\([^()]+\)", r"-l\S+ \((.+)\)"):
        found = re.fullmatch(pattern, line.strip())
        path = os.path.normpath(folder / found[1]) if found else ""
        if Path(path).is_file():
            return path
    return os.path.normpath(folder / line.strip())


def _variants(linked: Iterable[str]) -> Iterator[str]:
    """Files of libraries, with the names by which one of the other kind would be taken first."""
    for path in linked:
        yield path
        for kind, other in ((".so", ".a"), (".a", ".so")):
            if path.endswith(kind):
                yield path.removesuffix(kind) + other


def _shadows(paths: Iterable[str], folders: list[str]) -> Iterator[str]:
    """Where in folders that are searched earlier something would take the place of a file; a folder that is not there
    stands for all that could be in it.
    """
    for path in paths:
        for number, folder in enumerate(folders):
            if path.startswith(f"{folder}{os.sep}"):
                within = path[len(folder) + 1 :]
                yield from (_first_absent(earlier, within) for earlier in folders[:number])
                break


def _first_absent(folder: str, within: str) -> str:
    path = Path(folder, within)
    *above, top = [path, *path.parents][: 1 + len(Path(within).parts)]
    return str(next((each for each in (top, *reversed(above)) if not os.path.lexists(each)), path))


def write_inputs(record: Path, inputs: Inputs, more: Mapping[str, str]) -> None:
    """Writes what a program was made of beside it; ``more`` are files, such as the program itself, with their marks."""
    draft = record.with_name(f"draft.{os.getpid()}.inputs")
    draft.write_bytes(msgspec.json.encode(Inputs({**inputs.files, **more}, inputs.absent)))
    draft.replace(record)
