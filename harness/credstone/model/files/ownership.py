"""Whose a file is and which mode it has: chown(2), chmod(2), inode(7); when set-id bits do not stay."""

from __future__ import annotations

from credstone.model.caller import OK, Moment, given
from credstone.model.commit import replace
from credstone.model.files.paths import reach, with_file
from credstone.model.files.permissions import CAP_FOWNER, WRITE, holds, is_member, may, owner_or_capable
from credstone.model.rules import Outcome, Page
from credstone.model.since import STRANGERS_LOSE_SET_GID
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


def chown(now: Moment, path: str, owner: int, group: int) -> Outcome:
    """int chown(const char *path, uid_t owner, gid_t group)."""
    uid, gid = now.uid(owner) if given(owner) else 0, now.gid(group) if given(group) else 0
    file = reach(now, path)
    now.refuse("EINVAL", "chown(2)/linux/EINVAL-unmapped", uid is None or gid is None)
    uid = now.rule(uid if given(owner) else file.owner, "chown(2)/minus-one-keeps", of="answer")
    gid = now.rule(gid if given(group) else file.group, "chown(2)/minus-one-keeps", of="answer")
    own = now.rule(now.credential.uid.filesystem, "chown(2)/linux/owner-is-the-fsuid", of="answer")
    capable = now.rule(holds(now, CAP_CHOWN, file), "chown(2)/linux/capability-over-mapped-ids", of="answer")
    stays, in_group = now.rule(
        (uid == file.owner, gid == file.group), "chown(2)/linux/naming-what-is-there", of="answer"
    )
    to_owner = not given(owner) or (own == file.owner and stays)
    to_owner = now.rule(to_owner or capable, "chown(2)/owner-takes-CAP_CHOWN", of="answer")
    member = now.rule(is_member(now.credential, gid), "chown(2)/owner-to-own-groups", of="answer")
    to_group = not given(group) or (own == file.owner and (in_group or member))
    to_group = now.rule(to_group or capable, "chown(2)/CAP_CHOWN-to-any-group", of="answer")
    now.refuse("EPERM", "chown(2)/EPERM", not (to_owner and to_group))
    mode = _mode_after(now, file, gid)
    # Whoever takes set-id bits away needs the right to change the mode, even where no id changes.
    mode_too = mode == file.mode or owner_or_capable(now, file)
    now.refuse("EPERM", "chown(2)/linux/bits-need-the-owner", not mode_too)
    uid, gid = now.rule((uid, gid), "chown(2)/sets-owner-and-group", of="world")
    capabilities = now.rule(None, "chown(2)/clears-capabilities", of="world")
    changed = replace(file, owner=uid, group=gid, mode=mode, capabilities=capabilities)
    return Outcome(OK, with_file(now.world, changed))


def _mode_after(now: Moment, file: File, gid: int | None) -> int:
    """The mode after a change of owner or group: that of a folder stays."""
    if file.kind == "folder":
        return now.rule(file.mode, "chown(2)/linux/folders-keep-their-bits", of="world")
    mode = file.mode & ~(SET_UID | SET_GID)
    mode = now.rule(mode, "chown(2)/clears-set-id-bits", "chown(2)/root-is-no-exception", of="answer")
    if file.mode & SET_GID and not file.mode & GROUP_EXECUTES:
        mode = now.rule(mode | SET_GID, "chown(2)/set-group-ID-without-group-execute", of="world")
        stays = _is_no_stranger(now, file, file.group) or not now.system.has(STRANGERS_LOSE_SET_GID)
        mode = now.rule(mode if stays else mode & ~SET_GID, "chown(2)/set-group-ID-of-strangers", of="world")
        if mode != file.mode and not _is_no_stranger(now, file, gid):
            mode &= ~SET_GID
    return mode


def _is_no_stranger(now: Moment, file: File, group: int | None) -> bool:
    """Whether the caller may leave a file its set-group-ID bit under this group: a member may, and CAP_FSETID."""
    return is_member(now.credential, group) or holds(now, CAP_FSETID, file)


def without_set_id(now: Moment, file: File) -> int:
    """The mode of a file after its content has changed.

    Set-group-ID without execution by the group means something else; it stays for members of the group.
    """
    mode = file.mode & ~SET_UID
    if file.mode & GROUP_EXECUTES:
        mode &= ~SET_GID
    elif file.mode & SET_GID and not _is_no_stranger(now, file, file.group):
        # a change of the other bit takes this one along, on any kernel
        changes = mode != file.mode or now.system.has(STRANGERS_LOSE_SET_GID)
        mode = mode & ~SET_GID if changes else mode
    mode = now.rule(mode, "chmod(2)/writing-clears-set-id-bits", of="world")
    keeps = now.rule(now.capable(CAP_FSETID), "chmod(2)/CAP_FSETID-keeps-set-id-bits", of="world")
    # What counts is the capability in the initial user namespace, which nobody in another one can have.
    initial = now.system.initial_user_namespace and now.task.namespace == 0
    if keeps and not initial:
        return now.rule(mode, "chmod(2)/writing-in-a-user-namespace", of="world")
    return file.mode if keeps else mode


def chmod(now: Moment, path: str, mode: int) -> Outcome:
    """int chmod(const char *path, mode_t mode)."""
    file, who = reach(now, path), now.credential
    uid = now.rule(who.uid.filesystem, "chmod(2)/owner-is-the-fsuid", of="answer")
    capable = now.rule(bool(who.capabilities.effective & CAP_FOWNER), "chmod(2)/CAP_FOWNER", of="answer")
    known = now.rule(
        now.namespace.has_uid(file.owner),
        "user_namespaces(7)/CAP_FOWNER-needs-the-uid",
        "chmod(2)/linux/CAP_FOWNER-over-a-mapped-owner",
        of="answer",
    )
    now.refuse("EPERM", "chmod(2)/EPERM", not (uid == file.owner or (capable and known)))
    gid = now.rule(who.gid.filesystem, "chmod(2)/group-is-the-fsgid", of="world")
    member = now.rule(gid == file.group or file.group in who.groups, "chmod(2)/set-group-ID-by-group", of="world")
    capable = now.rule(holds(now, CAP_FSETID, file), "chmod(2)/set-group-ID-by-CAP_FSETID", of="world")
    bits = now.rule(mode & MODE, "chmod(2)/sets-the-mode", of="world")
    lost = now.rule(0 if member or capable else SET_GID, "chmod(2)/set-group-ID-is-turned-off", of="world")
    return Outcome(OK, with_file(now.world, replace(file, mode=bits & ~lost)))


def utimensat(now: Moment, path: str, seconds: int | None = None) -> Outcome:
    """int utimensat(AT_FDCWD, const char *path, const struct timespec times[2], 0): to now, or to a time of choice."""
    file = reach(now, path)
    owner = now.rule(owner_or_capable(now, file), "inode(7)/linux/times-of-the-owner", of="answer")
    now.refuse("EPERM", "inode(7)/linux/times-of-choice", seconds is not None and not owner)
    if seconds is None and not owner:
        allowed = may(now, file, WRITE)
        now.refuse("EACCES", "inode(7)/linux/times-of-now", not allowed)
    return now.answers()


def new_file(now: Moment, folder: File, name: str, kind: str, mode: int) -> File:
    """The file that the caller makes in a folder."""
    here = now.credential
    owner = now.rule(
        here.uid.filesystem,
        "chown(2)/new-file-owner",
        "user_namespaces(7)/files-by-outer-ids",
        "inode(7)/new-file-owner",
        of="world",
    )
    inherits = now.rule(
        bool(folder.mode & SET_GID),
        "inode(7)/set-group-ID-folder",
        "chown(2)/new-file-in-a-set-group-ID-folder",
        of="world",
    )
    group = now.rule(here.gid.filesystem, "chown(2)/new-file-group", "inode(7)/new-file-group", of="world")
    group = folder.group if inherits else group
    asked = mode & ~now.task.umask & (MODE if kind == "text" else STICKY | PERMISSIONS)
    if inherits and kind == "folder":
        asked = now.rule(asked | SET_GID, "inode(7)/set-group-ID-is-inherited", of="world")
    if inherits and kind == "text" and mode & GROUP_EXECUTES and not is_member(here, group):
        stays = holds(now, CAP_FSETID, folder)
        asked = now.rule(
            asked if stays else asked & ~SET_GID, "inode(7)/linux/no-set-group-ID-for-strangers", of="world"
        )
    return File(name, kind, "", owner, group, asked)
