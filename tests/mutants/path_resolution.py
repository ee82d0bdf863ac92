"""Ways to get permissions wrong: path_resolution(7)."""

from __future__ import annotations

from credstone.model.files.paths import lookup
from credstone.model.rules import Context
from credstone.words.capability import CAP_DAC_OVERRIDE
from credstone.words.scenario import File
from mutants.build import answering, deciding, giving, is_root, mutant, never

PAGE = "path_resolution(7)/"
LINUX = PAGE + "linux/"


def _file(now: Context) -> File:
    """The file that the call names first."""
    return lookup(now.world, str(now.arguments[0])) or File("")


MUTANTS = (
    mutant("path-folders-are-not-searched", PAGE + "search-permission", never(),
           "The last component decides alone (emulators that hand the whole path to a server)."),
    mutant("path-unsearchable-is-ENOENT", PAGE + "search-permission", answering("ENOENT"),
           "What cannot be searched is as good as not there."),
    mutant("path-missing-is-EACCES", PAGE + "ENOENT", answering("EACCES"),
           "A name that is not there is answered like one that may not be looked at."),
    mutant("path-owner-is-nobody-special", PAGE + "owner-class", giving(False),
           "The owner is judged like everybody else."),
    mutant("path-16-bit-owner", PAGE + "owner-class",
           deciding(lambda fits, now: now.credential.uid.filesystem & 0xFFFF == _file(now).owner & 0xFFFF),
           "The owner is compared in 16 bits (old inode formats)."),
    mutant("path-16-bit-group", PAGE + "group-class",
           deciding(lambda fits, now: fits or _file(now).group & 0xFFFF in now.credential.groups),
           "The group is compared in 16 bits (old inode formats)."),
    mutant("path-group-is-ignored", PAGE + "group-class", giving(False),
           "There are owners and others, and nothing between."),
    mutant("path-gid-alone", PAGE + "supplementary-groups", giving(()),
           "Only the group ID counts, the supplementary groups do not (CVE-2022-36109 took the other half away)."),
    mutant("path-first-group-only", PAGE + "supplementary-groups", deciding(lambda groups, now: groups[:1]),
           "Only the first supplementary group counts."),
    mutant("path-not-the-last-group", PAGE + "supplementary-groups", deciding(lambda groups, now: groups[:-1]),
           "The search stops before the last group of the list."),
    mutant("path-32-groups", PAGE + "supplementary-groups", deciding(lambda groups, now: groups[:32]),
           "Only 32 groups are looked at (kernels before 2.6.4; NFS servers stop at 16)."),
    mutant("path-best-class", PAGE + "first-class-decides", giving(3),
           "Any class that fits may grant it: a denied group is let in with all others."),
    mutant("path-owner-and-group", PAGE + "first-class-decides", giving(2),
           "The owner has the rights of its group too."),
    mutant("path-read-is-write", PAGE + "permission-bits",
           deciding(lambda bits, now: [each | each >> 1 & 2 for each in bits]),
           "Who may read may write."),
    mutant("path-read-is-execute", PAGE + "permission-bits",
           deciding(lambda bits, now: [each | each >> 2 for each in bits]),
           "Who may read may execute and search."),
    mutant("path-write-is-read", PAGE + "permission-bits",
           deciding(lambda bits, now: [each | each << 1 & 4 for each in bits]),
           "Who may write may read."),
    mutant("path-effective-uid", PAGE + "fsuid", deciding(lambda uid, now: now.credential.uid.effective),
           "The effective uid is compared, there being no other (gVisor; Asterinas)."),
    mutant("path-real-uid", PAGE + "fsuid", deciding(lambda uid, now: now.credential.uid.real),
           "The real uid is compared."),
    mutant("path-effective-gid", PAGE + "fsgid", deciding(lambda gid, now: now.credential.gid.effective),
           "The effective gid is compared, there being no other (gVisor; Asterinas)."),
    mutant("path-saved-gid", PAGE + "fsgid", deciding(lambda gid, now: now.credential.gid.saved),
           "The saved gid is compared."),
    mutant("path-permitted-is-enough", PAGE + "fsuid-0",
           deciding(lambda above, now: above or bool(now.credential.capabilities.permitted & CAP_DAC_OVERRIDE)),
           "A capability need not be in effect."),
    mutant("path-effective-root", PAGE + "fsuid-0", deciding(lambda above, now: above or is_root(now)),
           "The effective uid 0 opens everything, whatever the filesystem uid (systems without setfsuid)."),
    mutant("path-no-override", PAGE + "CAP_DAC_OVERRIDE", deciding(lambda has, now: has and is_root(now)),
           "The capability counts for user 0 only (Asterinas)."),
    mutant("path-override-by-root-alone", PAGE + "CAP_DAC_OVERRIDE", deciding(lambda has, now: is_root(now)),
           "The effective uid 0 is the capability."),
    mutant("path-root-executes-everything", PAGE + "execute-takes-a-bit", giving(True),
           "Who overrides permissions executes what is no program (Linux 2.4 in access(2))."),
    mutant("path-root-needs-its-own-bit", PAGE + "execute-takes-a-bit",
           deciding(lambda runs, now: runs and (_file(now).kind == "folder" or bool(_file(now).mode & 0o001))),
           "Of the three execute bits that of the others is the one that counts."),
    mutant("path-root-searches-by-bits", PAGE + "execute-takes-a-bit",
           deciding(lambda runs, now: runs and now.arguments[0] != "cellar/wine"),
           "A folder without execute bits is closed to everybody, as a file would be."),
    mutant("path-no-read-search", PAGE + "CAP_DAC_READ_SEARCH", giving(False),
           "The smaller capability does nothing of its own."),
    mutant("path-read-search-by-any", PAGE + "CAP_DAC_READ_SEARCH",
           deciding(lambda has, now: bool(now.credential.capabilities.effective)),
           "Any capability makes one privileged."),
    mutant("path-read-search-writes", PAGE + "read-and-search-only", giving(True),
           "The smaller capability overrides everything."),
    mutant("path-unmapped-is-no-matter", LINUX + "capability-over-mapped-ids", giving(True),
           "Root of a user namespace is root over all files (Linux before 3.10; CVE-2018-18955)."),
    mutant("path-mapped-owner-is-enough", LINUX + "capability-over-mapped-ids",
           deciding(lambda known, now: now.world.namespaces[now.task.namespace].has_uid(_file(now).owner)),
           "The owner must have a mapping, the group need not."),
    mutant("path-mapped-group-is-enough", LINUX + "capability-over-mapped-ids",
           deciding(lambda known, now: now.world.namespaces[now.task.namespace].has_gid(_file(now).group)),
           "The group must have a mapping, the owner need not."),
    mutant("path-folder-is-changed-by-anybody", LINUX + "changing-a-folder", never(),
           "Who may search a folder may change it."),
    mutant("path-folder-change-is-EPERM", LINUX + "changing-a-folder", answering("EPERM"),
           "A folder that may not be changed is answered like a sticky one."),
    mutant("path-folders-move-freely", LINUX + "moving-a-folder", never(),
           "A folder moves like a file."),
)  # fmt: skip
