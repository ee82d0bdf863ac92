"""The content of the files of a cell: open(2), read(2), write(2), truncate(2), stat(2)."""

from __future__ import annotations

from credstone.model.arguments import NotModelled, as_int
from credstone.model.caller import OK, Moment
from credstone.model.commit import replace
from credstone.model.files.ownership import STICKY, new_file, without_set_id
from credstone.model.files.paths import folder_of, lookup, may_change, reach, walk, with_file
from credstone.model.files.permissions import READ, WRITE, may
from credstone.model.rules import Outcome
from credstone.model.world import World
from credstone.words.answer import Answer
from credstone.words.constants import CONSTANTS
from credstone.words.scenario import File

ACCESS_MODE = 3
CREATE, EXCLUSIVE, TRUNCATE = CONSTANTS["O_CREAT"], CONSTANTS["O_EXCL"], CONSTANTS["O_TRUNC"]
APPEND = CONSTANTS["O_APPEND"]
WANTED = (READ, WRITE, READ | WRITE, READ | WRITE)
"""What each access mode of open(2) asks for; the last one has no name."""
PRIVATE, OTHERS_WRITE = 0o600, 0o022
MOST_READ = 65535
"""The C agent reads so many bytes of a file."""
LONGEST = 1 << 20
"""The model keeps so many bytes of a file."""
AGENT_MOST, LONGEST_AGENT = 1 << 22, 1 << 30
"""No agent is as long as the first; files of the second length exist on every file system."""
ELF_PADDING = range(9, 16)
"""The bytes of an ELF header that are not used: EI_PAD of elf(5)."""


def open_file(now: Moment, path: str, flags: int, mode: int = PRIVATE) -> Outcome:
    """int open(const char *path, int flags, mode_t mode), and closed again."""
    flags = as_int(flags)
    if flags & ~(ACCESS_MODE | CREATE | EXCLUSIVE | TRUNCATE | APPEND):
        raise NotModelled(f"it does not know the flags {flags:#o}")
    walk(now, path)
    file = lookup(now.world, path)
    now.refuse("ENOTDIR", "open(2)/ENOTDIR", file is not None and path.endswith("/") and file.kind != "folder")
    now.refuse("ENOENT", "path_resolution(7)/ENOENT", file is None and not flags & CREATE)
    if file is None:
        if path.endswith("/"):
            raise NotModelled(f"it does not know what a slash at the end of {path} makes of this call")
        folder = folder_of(now.world, path)
        may_change(now, folder)
        return Outcome(OK, with_file(now.world, new_file(now, folder, path, "text", mode)))
    now.refuse("EEXIST", "open(2)/EEXIST", bool(flags & CREATE and flags & EXCLUSIVE))
    wanted = WANTED[flags & ACCESS_MODE] | (WRITE if flags & TRUNCATE else 0)
    now.refuse("EISDIR", "open(2)/EISDIR", file.kind == "folder" and bool(wanted & WRITE or flags & CREATE))
    allowed = may(now, file, wanted)
    now.refuse("EACCES", "open(2)/EACCES", not allowed)
    if flags & CREATE:
        _refuse_protected(now, file)
    if wanted & WRITE:
        _refuse_running(now, file)
    return Outcome(OK, _cut(now, file, 0)) if flags & TRUNCATE else now.answers()


def _refuse_protected(now: Moment, file: File) -> None:
    """Who may open a file with O_CREAT that is in a sticky folder of others, a setting of the machine decides."""
    folder = folder_of(now.world, file.name)
    strange = file.owner not in (folder.owner, now.credential.uid.filesystem)
    if folder.mode & STICKY and folder.mode & OTHERS_WRITE and strange:
        raise NotModelled("whether O_CREAT opens this file depends on fs.protected_regular")


def read_file(now: Moment, path: str) -> Outcome:
    """The text of a file, without its last newline."""
    file = reach(now, path)
    allowed = may(now, file, READ)
    now.refuse("EACCES", "open(2)/EACCES", not allowed)
    now.refuse("EISDIR", "read(2)/EISDIR", file.kind == "folder")
    if len(file.content.encode()) > MOST_READ:
        raise NotModelled(f"it does not know how much of a file of more than {MOST_READ} bytes is read")
    return now.undecided() if file.kind == "agent" else now.answers(file.content.removesuffix("\n"))


def write_file(now: Moment, path: str, text: str, offset: int) -> Outcome:
    """One write at an offset of a file, by lseek(2) and write(2) or by pwrite(2): the number of bytes.

    A write of no bytes changes nothing, neither the length nor the mode.
    """
    file = reach(now, path)
    now.refuse("EISDIR", "open(2)/EISDIR", file.kind == "folder")
    allowed = may(now, file, WRITE)
    now.refuse("EACCES", "open(2)/EACCES", not allowed)
    _refuse_running(now, file)
    now.refuse("EINVAL", "write(2)/EINVAL-offset", offset < 0)
    if offset > LONGEST_AGENT:
        raise NotModelled(f"it does not know offsets of more than {LONGEST_AGENT}")
    new = text.encode()
    if now.rule(not new, "chmod(2)/linux/writing-nothing-keeps-set-id-bits", of="world"):
        return now.answers()
    mode = without_set_id(now, file)
    written = replace(_overwritten(file, new, offset), mode=mode, capabilities=None)
    return Outcome(Answer("", len(new)), with_file(now.world, written))


def truncate(now: Moment, path: str, length: int) -> Outcome:
    """int truncate(const char *path, off_t length)."""
    now.refuse("EINVAL", "truncate(2)/EINVAL", length < 0)
    file = reach(now, path)
    now.refuse("EISDIR", "truncate(2)/EISDIR", file.kind == "folder")
    allowed = may(now, file, WRITE)
    now.refuse("EACCES", "truncate(2)/EACCES", not allowed)
    _refuse_running(now, file)
    return Outcome(OK, _cut(now, file, length))


def _cut(now: Moment, file: File, length: int) -> World:
    """The world in which a file has this length."""
    mode = without_set_id(now, file)
    return with_file(now.world, replace(_with_length(file, length), mode=mode, capabilities=None))


def _with_length(file: File, length: int) -> File:
    """The file with this length.  A program that only grows is still a program; one without content is a text."""
    if file.kind == "agent" and length:
        if not AGENT_MOST <= length <= LONGEST_AGENT:
            raise NotModelled(f"it does not know whether a program that is cut to {length} bytes still runs")
        return file
    if length > LONGEST:
        raise NotModelled(f"it does not know files of more than {LONGEST} bytes")
    content = file.content.encode()[:length].ljust(length, b"\0")
    return replace(file, kind="text", content=_decoded(content))


def _overwritten(file: File, new: bytes, offset: int) -> File:
    """The file with these bytes at this offset.

    The kernel does not look at the padding of an ELF header, nor behind the end of a program.
    """
    end = offset + len(new)
    if file.kind == "agent":
        if not (ELF_PADDING.start <= offset and end <= ELF_PADDING.stop) and not AGENT_MOST <= offset <= LONGEST_AGENT:
            raise NotModelled(f"it does not know whether a program still runs after a write at offset {offset}")
        return file
    if end > LONGEST:
        raise NotModelled(f"it does not know files of more than {LONGEST} bytes")
    old = file.content.encode()
    return replace(file, content=_decoded(old[:offset].ljust(offset, b"\0") + new + old[end:]))


def _decoded(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise NotModelled("it does not know texts with parts of characters") from None


def _refuse_running(now: Moment, file: File) -> None:
    """Which releases of Linux let a program be written that runs, the model does not know (ETXTBSY)."""
    if file.kind == "agent" and any(task.auxiliary is not None for task in (*now.world.tasks, *now.world.ended)):
        raise NotModelled(f"it does not know whether {file.name} may be written while a program of the cell runs")


def stat(now: Moment, path: str) -> Outcome:
    """int stat(const char *path, struct stat *buffer): owner, group, and the twelve mode bits."""
    return now.answers(owner_and_mode(now, reach(now, path)))


def owner_and_mode(now: Moment, file: File) -> tuple[int, int, int]:
    """Owner, group and mode as the caller's user namespace shows them."""
    uid = now.rule(
        now.world.shown_uid(file.owner, now.namespace),
        "inode(7)/owner",
        "user_namespaces(7)/overflow-stat",
        of="answer",
    )
    gid = now.rule(now.world.shown_gid(file.group, now.namespace), "inode(7)/group", of="answer")
    return now.rule((uid, gid, file.mode), "stat(2)/owner-and-mode", of="answer")
