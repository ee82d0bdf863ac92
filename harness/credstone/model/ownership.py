"""Whose a file is and which mode it has: chown(2), chmod(2), utimensat(2), the ids of new files, and set-id bits.

inode(7), "The file type and mode".
"""

from __future__ import annotations

from credstone.model.commit import replace
from credstone.model.moment import OK, Moment, given
from credstone.model.paths import reach, with_file
from credstone.model.permissions import WRITE, holds, is_member, may, owner_or_capable
from credstone.model.rules import Choosing, Outcome, Page, Rules, refuse, rule
from credstone.words.capability import CAP_CHOWN, MASKS
from credstone.words.scenario import File

CAP_FSETID = MASKS["CAP_FSETID"]
SET_UID, SET_GID, STICKY, GROUP_EXECUTES = 0o4000, 0o2000, 0o1000, 0o010
MODE, PERMISSIONS = 0o7777, 0o777

CHOWN = Page(
    success=("chown(2)/returns-zero",),
    failure=("chown(2)/error-minus-one",),
    unchanged=("chown(2)/linux/failure-changes-nothing",),
)
CHMOD = Page(
    success=("chmod(2)/returns-zero",),
    failure=("chmod(2)/error-minus-one",),
    unchanged=("chmod(2)/linux/failure-changes-nothing",),
)


def chown(now: Moment, path: str, owner: int, group: int) -> Rules:
    """int chown(const char *path, uid_t owner, gid_t group)."""
    uid, gid = now.uid(owner) if given(owner) else 0, now.gid(group) if given(group) else 0
    file = yield from reach(now, path)
    yield refuse("EINVAL", "chown(2)/linux/EINVAL-unmapped", uid is None or gid is None)
    uid = yield rule("chown(2)/minus-one-keeps-the-owner", uid if given(owner) else file.owner)
    gid = yield rule("chown(2)/minus-one-keeps-the-group", gid if given(group) else file.group)
    is_owner = yield rule("chown(2)/linux/owner-is-the-fsuid", now.credential.uid.filesystem == file.owner)
    capable = yield rule("chown(2)/linux/capability-over-mapped-ids", holds(now, CAP_CHOWN, file))
    to_owner = not given(owner) or (is_owner and uid == file.owner)
    yield refuse("EPERM", "chown(2)/owner-takes-CAP_CHOWN", not to_owner and not capable)
    to_group = yield rule("chown(2)/owner-to-own-groups", gid == file.group or is_member(now.credential, gid))
    to_group = not given(group) or (is_owner and to_group)
    to_group = yield rule("chown(2)/CAP_CHOWN-to-any-group", to_group or capable)
    yield refuse("EPERM", "chown(2)/EPERM", not to_group)
    mode = yield from _mode_after(now, file, gid)
    # Whoever takes set-id bits away needs the right to change the mode, even where no id changes.
    mode_too = mode == file.mode or owner_or_capable(now, file)
    yield refuse("EPERM", "chown(2)/linux/bits-need-the-owner", not mode_too)
    uid, gid = yield rule("chown(2)/sets-owner-and-group", (uid, gid))
    return Outcome(OK, with_file(now.world, replace(file, owner=uid, group=gid, mode=mode, capabilities=None)))


def _mode_after(now: Moment, file: File, gid: int | None) -> Choosing:
    """The mode after a change of owner or group: that of a folder stays."""
    if file.kind == "folder":
        return (yield rule("chown(2)/linux/folders-keep-their-bits", file.mode))
    mode = file.mode & ~SET_UID
    if _group_bit_goes(now, file):
        mode &= ~SET_GID
    mode = yield rule("chown(2)/clears-set-id-bits", mode)
    mode = yield rule("chown(2)/root-is-no-exception", mode)
    kept = yield rule("chown(2)/set-group-ID-without-group-execute", mode & SET_GID)
    mode = mode & ~SET_GID | kept
    if mode != file.mode and not is_member(now.credential, gid) and not holds(now, CAP_FSETID, file):
        mode &= ~SET_GID
    return mode


def _group_bit_goes(now: Moment, file: File) -> bool:
    """Whether the set-group-ID bit does not survive a change.

    Without execution by the group it means something else; then it stays for members of the group.
    """
    if file.mode & GROUP_EXECUTES:
        return True
    return not is_member(now.credential, file.group) and not holds(now, CAP_FSETID, file)


def without_set_id(now: Moment, file: File) -> Choosing:
    """The mode of a file after its content has changed.

    What counts is the capability in the initial user namespace, which nobody in another one can have.
    """
    mode = file.mode & ~SET_UID
    if _group_bit_goes(now, file):
        mode &= ~SET_GID
    mode = yield rule("chmod(2)/writing-clears-set-id-bits", mode)
    initial = now.system.initial_user_namespace and now.task.namespace == 0
    keeps = yield rule("chmod(2)/CAP_FSETID-keeps-set-id-bits", initial and now.capable(CAP_FSETID))
    return file.mode if keeps else mode


def chmod(now: Moment, path: str, mode: int) -> Rules:
    """int chmod(const char *path, mode_t mode)."""
    file = yield from reach(now, path)
    permitted = yield rule("chmod(2)/linux/owner-is-the-fsuid", owner_or_capable(now, file))
    yield refuse("EPERM", "chmod(2)/EPERM", not permitted)
    member = yield rule("chmod(2)/set-group-ID-by-group", is_member(now.credential, file.group))
    capable = yield rule("chmod(2)/set-group-ID-by-CAP_FSETID", holds(now, CAP_FSETID, file))
    lost = 0 if member or capable else SET_GID
    mode = yield rule("chmod(2)/set-group-ID-is-turned-off", mode & MODE & ~lost)
    mode = yield rule("chmod(2)/sets-the-mode", mode)
    return Outcome(OK, with_file(now.world, replace(file, mode=mode)))


def utimensat(now: Moment, path: str, seconds: int | None = None) -> Rules:
    """int utimensat(AT_FDCWD, const char *path, const struct timespec times[2], 0): to now, or to a time of choice."""
    file = yield from reach(now, path)
    owner = yield rule("inode(7)/linux/times-owner", owner_or_capable(now, file))
    yield refuse("EPERM", "inode(7)/linux/times-of-choice", seconds is not None and not owner)
    if seconds is None and not owner:
        allowed = yield from may(now, file, WRITE)
        yield refuse("EACCES", "inode(7)/linux/times-to-now", not allowed)
    return now.answers()


def new_file(now: Moment, folder: File, name: str, kind: str, mode: int) -> Choosing:
    """The file that the caller makes in a folder."""
    here = now.credential
    owner = yield rule("chown(2)/new-file-owner", here.uid.filesystem)
    owner = yield rule("inode(7)/new-file-owner", owner)
    inherits = yield rule("inode(7)/set-group-ID-folder", bool(folder.mode & SET_GID))
    group = yield rule("chown(2)/new-file-group", folder.group if inherits else here.gid.filesystem)
    asked = mode & ~now.task.umask & (MODE if kind == "text" else STICKY | PERMISSIONS)
    if inherits and kind == "folder":
        asked = yield rule("inode(7)/set-group-ID-is-inherited", asked | SET_GID)
    executes_as_group = asked & SET_GID and mode & GROUP_EXECUTES
    if inherits and kind == "text" and executes_as_group:
        stays = is_member(here, folder.group) or holds(now, CAP_FSETID, folder)
        asked = yield rule("inode(7)/linux/no-set-group-ID-for-strangers", asked if stays else asked & ~SET_GID)
    return File(name, kind, "", owner, group, asked)
