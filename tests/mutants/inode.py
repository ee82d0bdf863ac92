"""Ways to get owners of files and sticky folders wrong: inode(7)."""

from __future__ import annotations

from credstone.model.files.paths import lookup
from credstone.model.rules import Context
from credstone.words.scenario import File
from mutants.build import answering, deciding, giving, is_root, mutant, never

PAGE = "inode(7)/"
LINUX = PAGE + "linux/"


def _file(now: Context) -> File:
    return lookup(now.world, str(now.arguments[0])) or File("")


MUTANTS = (
    mutant("stat-shows-kernel-uids", PAGE + "owner", deciding(lambda uid, now: _file(now).owner),
           "stat shows the owner as the outermost namespace numbers it."),
    mutant("stat-16-bit-uid", PAGE + "owner", deciding(lambda uid, now: uid if uid < 65536 else 65534),
           "Owners above 65535 show as the overflow ID (the first stat call)."),
    mutant("stat-strangers-are-root", PAGE + "owner", deciding(lambda uid, now: 0 if uid == 65534 else uid),
           "What has no number shows as root's."),
    mutant("stat-shows-kernel-gids", PAGE + "group", deciding(lambda gid, now: _file(now).group),
           "stat shows the group as the outermost namespace numbers it."),
    mutant("stat-16-bit-gid", PAGE + "group", deciding(lambda gid, now: gid & 0xFFFF),
           "Groups are cut to 16 bits."),
    mutant("new-file-real-uid", PAGE + "new-file-owner", deciding(lambda uid, now: now.credential.uid.real),
           "A new file belongs to the real uid."),
    mutant("new-file-saved-gid", PAGE + "new-file-group", deciding(lambda gid, now: now.credential.gid.real),
           "A new file gets the real gid."),
    mutant("folder-bit-is-ignored", PAGE + "set-group-ID-folder", giving(False),
           "The set-group-ID bit of a folder means nothing."),
    mutant("folder-group-always", PAGE + "set-group-ID-folder", giving(True),
           "New files get the group of their folder in any case (BSD)."),
    mutant("folder-bit-is-not-inherited", PAGE + "set-group-ID-is-inherited",
           deciding(lambda mode, now: mode & ~0o2000),
           "The bit is not handed on to folders, so the third level is out (gVisor)."),
    mutant("sticky-is-ignored", PAGE + "sticky", never(),
           "The sticky bit means nothing (systems that keep it for swapping)."),
    mutant("sticky-is-EACCES", PAGE + "sticky", answering("EACCES"),
           "What may not be taken away is EACCES."),
    mutant("sticky-not-the-files-owner", PAGE + "sticky-owner-of-the-file", giving(False),
           "Only the owner of the folder takes away."),
    mutant("sticky-rename-over-anything", PAGE + "sticky-owner-of-the-file",
           deciding(lambda own, now: own or now.name == "rename"),
           "rename writes over the files of others."),
    mutant("sticky-not-the-folders-owner", PAGE + "sticky-owner-of-the-folder", giving(False),
           "Only the owner of the file takes away."),
    mutant("sticky-root-only", PAGE + "sticky-CAP_FOWNER", deciding(lambda may, now: is_root(now)),
           "User 0 is privileged, the capability is not asked for."),
    mutant("sticky-any-capability", PAGE + "sticky-CAP_FOWNER",
           deciding(lambda may, now: bool(now.credential.capabilities.effective)),
           "Any capability makes one privileged."),
    mutant("sticky-effective-uid", LINUX + "sticky-owner-is-the-fsuid",
           deciding(lambda uid, now: now.credential.uid.effective),
           "The effective uid is compared with the owners."),
    mutant("sticky-real-uid", LINUX + "sticky-owner-is-the-fsuid", deciding(lambda uid, now: now.credential.uid.real),
           "The real uid is compared with the owners."),
    mutant("sticky-any-file", LINUX + "sticky-CAP_FOWNER-over-mapped-ids", giving(True),
           "Root of a user namespace takes everything away (Linux before 3.10)."),
    mutant("sticky-mapped-owner-is-enough", LINUX + "sticky-CAP_FOWNER-over-mapped-ids",
           deciding(lambda known, now: now.world.namespaces[now.task.namespace].has_uid(_file(now).owner)),
           "The owner must have a mapping, the group need not."),
    mutant("new-program-for-strangers", LINUX + "no-set-group-ID-for-strangers",
           deciding(lambda mode, now: mode | 0o2000),
           "Whoever may write to a folder makes programs for its group (CVE-2018-13405; CVE-2021-4037)."),
    mutant("new-program-for-nobody", LINUX + "no-set-group-ID-for-strangers",
           deciding(lambda mode, now: mode & ~0o2000),
           "Not even CAP_FSETID makes programs for a strange group."),
    mutant("times-for-readers", LINUX + "times-of-now", never(),
           "Everybody may touch a file."),
    mutant("times-now-is-EPERM", LINUX + "times-of-now", answering("EPERM"),
           "To touch a file is refused like any other time."),
    mutant("times-for-writers", LINUX + "times-of-choice", never(),
           "Who may write may set any time."),
    mutant("times-root-only", LINUX + "times-of-the-owner",
           deciding(lambda own, now: is_root(now)),
           "Times are root's."),
    mutant("times-not-by-CAP_FOWNER", LINUX + "times-of-the-owner",
           deciding(lambda own, now: _file(now).owner == now.credential.uid.filesystem),
           "The capability does nothing for times."),
)  # fmt: skip
