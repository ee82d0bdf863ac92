"""What ids are for: who may do what with the files of a cell.

path_resolution(7), "Permissions"; open(2), access(2), stat(2), chown(2), chmod(2).
"""

from __future__ import annotations

from credstone.model.arguments import NotModelled
from credstone.model.capabilities import NO_SETUID_FIXUP
from credstone.model.commit import replace
from credstone.model.moment import OK, Moment, given
from credstone.model.rules import Choosing, Outcome, Rules, refuse, rule
from credstone.model.world import World
from credstone.words.answer import Answer
from credstone.words.capability import CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, MASKS
from credstone.words.credential import Credential
from credstone.words.scenario import File

CAP_FOWNER, CAP_FSETID = MASKS["CAP_FOWNER"], MASKS["CAP_FSETID"]
READ, WRITE, EXECUTE = 4, 2, 1
SET_UID, SET_GID, GROUP_EXECUTES, ANYONE_EXECUTES = 0o4000, 0o2000, 0o010, 0o111
ACCESS_MODE = 3
WANTED = {0: READ, 1: WRITE, 2: READ | WRITE}
"""What the access mode of open(2) asks for."""


def find(world: World, path: str) -> File:
    """The file of the cell with this name."""
    for file in world.files:
        if file.name == path:
            return file
    raise NotModelled(f"{path} is no file of the cell")


def may(now: Moment, file: File, wanted: int, credential: Credential | None = None) -> Choosing:
    """Whether the caller may read, write or execute a file, by its filesystem ids.

    The first class that fits decides alone: a member of the file's group is refused what the group is refused, though
    all others may do it.
    """
    who = credential or now.credential
    groups = yield rule("setgroups(2)/linux/decides-access", who.groups)
    groups = yield rule("credentials(7)/supplementary-groups-count", groups)
    uid, gid = yield rule("credentials(7)/filesystem-ids-decide", (who.uid.filesystem, who.gid.filesystem))
    if uid == file.owner:
        bits = file.mode >> 6
    elif file.group == gid or file.group in groups:
        bits = file.mode >> 3
    else:
        bits = file.mode
    allowed = yield rule("path_resolution(7)/permission-bits", not wanted & ~bits & 7)
    if not allowed and not (wanted & EXECUTE and not file.mode & ANYONE_EXECUTES):
        allowed = yield rule("capabilities(7)/CAP_DAC_OVERRIDE", _over(now, who, file, CAP_DAC_OVERRIDE))
    if not allowed and wanted == READ:
        allowed = yield rule("capabilities(7)/CAP_DAC_READ_SEARCH", _over(now, who, file, CAP_DAC_READ_SEARCH))
    return allowed


def _over(now: Moment, who: Credential, file: File, capability: int) -> bool:
    """Whether a capability counts for this file: both its ids must have a mapping where the caller lives."""
    known = now.namespace.has_uid(file.owner) and now.namespace.has_gid(file.group)
    return known and bool(who.capabilities.effective & capability)


def open_file(now: Moment, path: str, flags: int) -> Rules:
    """int open(const char *path, int flags), and closed again."""
    if flags & ~ACCESS_MODE:
        raise NotModelled(f"open with flags {flags:#o}")
    allowed = yield from may(now, find(now.world, path), WANTED[flags])
    yield refuse("EACCES", "open(2)/EACCES", not allowed)
    return now.answers()


def read_file(now: Moment, path: str) -> Rules:
    """The text of a file, without its last newline."""
    file = find(now.world, path)
    allowed = yield from may(now, file, READ)
    yield refuse("EACCES", "open(2)/EACCES", not allowed)
    return now.undecided() if file.kind == "agent" else now.answers(file.content.removesuffix("\n"))


def write_file(now: Moment, path: str, text: str) -> Rules:
    """One write at the beginning of a file.  A writer without CAP_FSETID takes away the set-id bits (chmod(2))."""
    file = find(now.world, path)
    allowed = yield from may(now, file, WRITE)
    yield refuse("EACCES", "open(2)/EACCES", not allowed)
    content = text + file.content[len(text) :]
    mode = file.mode if now.capable_in(0, CAP_FSETID) else _without_set_id(now, file)
    return Outcome(Answer("", len(text.encode())), with_file(now.world, replace(file, content=content, mode=mode)))


def access(now: Moment, path: str, mode: int) -> Rules:
    """int access(const char *path, int mode): as if the real ids were the effective ones."""
    real = now.credential
    sets, root = real.capabilities, now.namespace.uid(0)
    if not real.securebits & NO_SETUID_FIXUP:
        sets = replace(sets, effective=sets.permitted if real.uid.real == root else 0)
    as_real = replace(
        real,
        uid=replace(real.uid, filesystem=real.uid.real),
        gid=replace(real.gid, filesystem=real.gid.real),
        capabilities=sets,
    )
    file = find(now.world, path)
    allowed = yield from may(now, file, mode, as_real)
    yield refuse("EACCES", "access(2)/EACCES", bool(mode) and not allowed)
    return now.answers()


def stat(now: Moment, path: str) -> Rules:
    """int stat(const char *path, struct stat *buffer): owner, group, and the twelve mode bits."""
    file, namespace = find(now.world, path), now.namespace
    seen = (now.world.shown_uid(file.owner, namespace), now.world.shown_gid(file.group, namespace), file.mode)
    return now.answers((yield rule("stat(2)/owner-and-mode", seen)))


def chown(now: Moment, path: str, owner: int, group: int) -> Rules:
    """int chown(const char *path, uid_t owner, gid_t group)."""
    file, ids = find(now.world, path), now.credential
    uid, gid = now.uid_or(owner, file.owner), now.gid_or(group, file.group)
    capable, is_owner = _over(now, ids, file, CAP_CHOWN), ids.uid.filesystem == file.owner
    to_owner = capable or not given(owner) or (is_owner and uid == file.owner)
    to_group = capable or not given(group) or (is_owner and (gid == file.group or _member(ids, gid)))
    yield refuse("EINVAL", "chown(2)/EINVAL", uid is None or gid is None)
    yield refuse("EPERM", "chown(2)/EPERM-owner", not to_owner)
    yield refuse("EPERM", "chown(2)/EPERM-group", not to_group)
    # Whoever takes set-id bits away without naming a new owner needs the right to change the mode.
    mode = _without_set_id(now, file)
    mode_too = mode == file.mode or is_owner or _over(now, ids, file, CAP_FOWNER)
    yield refuse("EPERM", "chown(2)/EPERM-mode", not mode_too)
    uid, gid = yield rule("chown(2)/sets-owner-and-group", (uid, gid))
    if mode != file.mode and not _member(ids, gid) and not _over(now, ids, file, CAP_FSETID):
        mode &= ~SET_GID
    mode = yield rule("chown(2)/clears-set-id-bits", mode)
    return Outcome(OK, with_file(now.world, replace(file, owner=uid, group=gid, mode=mode)))


def _member(who: Credential, gid: int | None) -> bool:
    return gid == who.gid.filesystem or gid in who.groups


def chmod(now: Moment, path: str, mode: int) -> Rules:
    """int chmod(const char *path, mode_t mode)."""
    file, ids = find(now.world, path), now.credential
    is_owner = ids.uid.filesystem == file.owner
    yield refuse("EPERM", "chmod(2)/EPERM", not is_owner and not _over(now, ids, file, CAP_FOWNER))
    member = _member(ids, file.group) or _over(now, ids, file, CAP_FSETID)
    mode = yield rule("chmod(2)/set-group-ID", mode & 0o7777 & ~(0 if member else SET_GID))
    return Outcome(OK, with_file(now.world, replace(file, mode=mode)))


def with_file(world: World, changed: File) -> World:
    """The same world with this file in place of the one of the same name."""
    return replace(world, files=tuple(changed if file.name == changed.name else file for file in world.files))


def _without_set_id(now: Moment, file: File) -> int:
    """The mode after a change that set-id bits do not survive.

    Set-group-ID without execution by the group is another thing; it stays for members of the group.
    """
    mode = file.mode & ~SET_UID
    stays = not mode & GROUP_EXECUTES and (
        _member(now.credential, file.group) or _over(now, now.credential, file, CAP_FSETID)
    )
    return mode if stays else mode & ~SET_GID
