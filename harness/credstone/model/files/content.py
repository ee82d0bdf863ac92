"""The content of the files of a cell: open(2), read(2), write(2), truncate(2), stat(2)."""

from __future__ import annotations

from credstone.model.arguments import NotModelled
from credstone.model.commit import replace
from credstone.model.files.ownership import new_file, without_set_id
from credstone.model.files.paths import folder_of, lookup, may_change, reach, walk, with_file
from credstone.model.files.permissions import READ, WRITE, may
from credstone.model.moment import OK, Moment
from credstone.model.rules import Choosing, Outcome, Rules, refuse, rule
from credstone.words.answer import Answer
from credstone.words.constants import CONSTANTS
from credstone.words.scenario import File

ACCESS_MODE = 3
CREATE, EXCLUSIVE, TRUNCATE = CONSTANTS["O_CREAT"], CONSTANTS["O_EXCL"], CONSTANTS["O_TRUNC"]
WANTED = {0: READ, 1: WRITE, 2: READ | WRITE}
"""What the access mode of open(2) asks for."""
PRIVATE = 0o600


def open_file(now: Moment, path: str, flags: int, mode: int = PRIVATE) -> Rules:
    """int open(const char *path, int flags, mode_t mode), and closed again."""
    if flags & ~(ACCESS_MODE | CREATE | EXCLUSIVE | TRUNCATE):
        raise NotModelled(f"open with flags {flags:#o}")
    yield from walk(now, path)
    file = lookup(now.world, path)
    yield refuse("ENOENT", "path_resolution(7)/ENOENT", file is None and not flags & CREATE)
    if file is None:
        folder = folder_of(now.world, path)
        yield from may_change(now, folder)
        return Outcome(OK, with_file(now.world, (yield from new_file(now, folder, path, "text", mode))))
    yield refuse("EEXIST", "open(2)/EEXIST", bool(flags & CREATE and flags & EXCLUSIVE))
    wanted = WANTED[flags & ACCESS_MODE] | (WRITE if flags & TRUNCATE else 0)
    yield refuse("EISDIR", "open(2)/EISDIR", file.kind == "folder" and bool(wanted & WRITE or flags & CREATE))
    allowed = yield from may(now, file, wanted)
    yield refuse("EACCES", "open(2)/EACCES", not allowed)
    return Outcome(OK, (yield from _cut(now, file, 0))) if flags & TRUNCATE else now.answers()


def read_file(now: Moment, path: str) -> Rules:
    """The text of a file, without its last newline."""
    file = yield from reach(now, path)
    allowed = yield from may(now, file, READ)
    yield refuse("EACCES", "open(2)/EACCES", not allowed)
    return now.undecided() if file.kind == "agent" else now.answers(file.content.removesuffix("\n"))


def write_file(now: Moment, path: str, text: str) -> Rules:
    """One write at the beginning of a file."""
    file = yield from reach(now, path)
    allowed = yield from may(now, file, WRITE)
    yield refuse("EACCES", "open(2)/EACCES", not allowed)
    mode = yield from without_set_id(now, file)
    written = replace(file, content=text + file.content[len(text) :], mode=mode, capabilities=None)
    return Outcome(Answer("", len(text.encode())), with_file(now.world, written))


def truncate(now: Moment, path: str, length: int) -> Rules:
    """int truncate(const char *path, off_t length)."""
    file = yield from reach(now, path)
    yield refuse("EISDIR", "truncate(2)/EISDIR", file.kind == "folder")
    allowed = yield from may(now, file, WRITE)
    yield refuse("EACCES", "truncate(2)/EACCES", not allowed)
    return Outcome(OK, (yield from _cut(now, file, length)))


def _cut(now: Moment, file: File, length: int) -> Choosing:
    """The world in which a file has this length."""
    mode = yield from without_set_id(now, file)
    content = file.content[:length].ljust(length, "\0")
    return with_file(now.world, replace(file, content=content, mode=mode, capabilities=None))


def stat(now: Moment, path: str) -> Rules:
    """int stat(const char *path, struct stat *buffer): owner, group, and the twelve mode bits."""
    return now.answers((yield from shown(now, (yield from reach(now, path)))))


def shown(now: Moment, file: File) -> Choosing:
    """Owner, group and mode as the caller's user namespace shows them."""
    uid = yield rule("user_namespaces(7)/overflow-stat", now.world.shown_uid(file.owner, now.namespace))
    uid = yield rule("inode(7)/owner", uid)
    gid = yield rule("inode(7)/group", now.world.shown_gid(file.group, now.namespace))
    return (yield rule("stat(2)/owner-and-mode", (uid, gid, file.mode)))
