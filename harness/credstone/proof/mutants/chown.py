"""Ways to get chown(2) wrong."""

from __future__ import annotations

from credstone.model.files.paths import with_file
from credstone.model.rules import Context
from credstone.model.world import World
from credstone.proof.mutants.build import (
    answering,
    asked,
    deciding,
    giving,
    is_root,
    mutant,
    named_file,
    never,
    replace,
)
from credstone.words.answer import Answer

PAGE = "chown(2)/"
LINUX = PAGE + "linux/"


def _own(now: Context) -> bool:
    return named_file(now).owner == now.credential.uid.filesystem


def _owner_is_set(world: World, now: Context) -> World:
    return with_file(world, replace(named_file(now), owner=7))


def _folder_mode(mode: int, now: Context) -> int:
    return mode & ~0o6000


MUTANTS = (
    mutant("chown-does-nothing", PAGE + "sets-owner-and-group",
           deciding(lambda ids, now: (named_file(now).owner, named_file(now).group)),
           "The call answers 0 and nothing is changed (fake-root layers; 9p and vfat mounts)."),
    mutant("chown-sets-the-owner-alone", PAGE + "sets-owner-and-group",
           deciding(lambda ids, now: (ids[0], named_file(now).group)),
           "The group is forgotten."),
    mutant("chown-16-bits", PAGE + "sets-owner-and-group",
           deciding(lambda ids, now: (ids[0] & 0xFFFF, ids[1] & 0xFFFF)),
           "Ids are cut to 16 bits (the first chown call)."),
    mutant("chown-owners-give-away", PAGE + "owner-takes-CAP_CHOWN", deciding(lambda may, now: may or _own(now)),
           "The owner can give its file away (System V)."),
    mutant("chown-root-only", PAGE + "owner-takes-CAP_CHOWN",
           deciding(lambda may, now: is_root(now) or (may and asked(now)[1] % 2**32 == 2**32 - 1)),
           "User 0 may give away, the capability is not asked for (Asterinas)."),
    mutant("chown-gid-alone", PAGE + "owner-to-own-groups",
           deciding(lambda member, now: asked(now)[2] == now.credential.gid.filesystem),
           "The owner's groups are its gid alone."),
    mutant("chown-first-group-only", PAGE + "owner-to-own-groups",
           deciding(lambda member, now: asked(now)[2] in (now.credential.gid.filesystem, *now.credential.groups[:1])),
           "Only the first group of the list is the owner's."),
    mutant("chown-any-group", PAGE + "owner-to-own-groups", giving(True),
           "The owner may name any group (System V)."),
    mutant("chown-effective-gid", PAGE + "owner-to-own-groups",
           deciding(lambda member, now: asked(now)[2] in (now.credential.gid.effective, *now.credential.groups)),
           "The effective gid is the one that the owner is in."),
    mutant("chown-group-by-root", PAGE + "CAP_CHOWN-to-any-group",
           deciding(lambda may, now: is_root(now) or (may and _own(now))),
           "User 0 may name any group, the capability is not asked for."),
    mutant("chown-minus-one-is-an-id", PAGE + "minus-one-keeps", giving(2**32 - 2),
           "-1 is taken for an id like others."),
    mutant("chown-keeps-bits", PAGE + "clears-set-id-bits", deciding(lambda mode, now: named_file(now).mode),
           "Set-id bits stay with the file (CVE-2015-3339, where they went too late)."),
    mutant("chown-keeps-set-group-ID", PAGE + "clears-set-id-bits",
           deciding(lambda mode, now: mode | named_file(now).mode & 0o2000),
           "The set-user-ID bit goes, the other stays."),
    mutant("chown-root-keeps-bits", PAGE + "root-is-no-exception",
           deciding(lambda mode, now: named_file(now).mode if is_root(now) else mode),
           "Root's change leaves the bits (Linux before 2.2.13)."),
    mutant("chown-clears-lock-bit", PAGE + "set-group-ID-without-group-execute",
           deciding(lambda mode, now: mode & ~0o2000),
           "Set-group-ID goes, whatever it means."),
    mutant("chown-strangers-keep-both", PAGE + "set-group-ID-of-strangers",
           deciding(lambda mode, now: named_file(now).mode),
           "Where the group may not execute both bits stay."),
    mutant("chown-keeps-capabilities", PAGE + "clears-capabilities",
           deciding(lambda none, now: named_file(now).capabilities),
           "The capabilities stay with the file (Linux before they were tied to the set-id bits)."),
    mutant("chown-answers-1", PAGE + "returns-zero", giving(Answer("", 1)),
           "A success answers 1."),
    mutant("chown-false-success", PAGE + "error-minus-one", giving(Answer()),
           "A refusal answers 0 (fakeroot, whose purpose it is)."),
    mutant("chown-EACCES", PAGE + "EPERM", answering("EACCES"),
           "What may not be changed is EACCES."),
    mutant("chown-for-everybody", PAGE + "EPERM", never(),
           "Everybody may change owners (proot; fakeroot)."),
    mutant("new-files-of-the-effective-uid", PAGE + "new-file-owner",
           deciding(lambda uid, now: now.credential.uid.effective),
           "A new file belongs to the effective uid (systems without setfsuid)."),
    mutant("new-files-of-the-real-uid", PAGE + "new-file-owner", deciding(lambda uid, now: now.credential.uid.real),
           "A new file belongs to the real uid."),
    mutant("new-files-of-kernel-ids", PAGE + "new-file-owner", giving(0),
           "A new file belongs to root."),
    mutant("new-files-of-the-effective-gid", PAGE + "new-file-group",
           deciding(lambda gid, now: now.credential.gid.effective),
           "A new file gets the effective gid (systems without setfsgid)."),
    mutant("new-files-of-the-folder", PAGE + "new-file-group", giving(500),
           "A new file gets the group of its folder in any case (BSD)."),
    mutant("new-files-never-of-the-folder", PAGE + "new-file-in-a-set-group-ID-folder", giving(False),
           "The set-group-ID bit of the folder is ignored."),
    mutant("chown-unmapped-is-EPERM", LINUX + "EINVAL-unmapped", answering("EPERM"),
           "An id without a mapping is refused as one that may not be named."),
    mutant("chown-effective-owner", LINUX + "owner-is-the-fsuid",
           deciding(lambda uid, now: now.credential.uid.effective),
           "The effective uid is compared with the owner."),
    mutant("chown-real-owner", LINUX + "owner-is-the-fsuid", deciding(lambda uid, now: now.credential.uid.real),
           "The real uid is compared with the owner."),
    mutant("chown-any-file", LINUX + "capability-over-mapped-ids",
           deciding(lambda may, now: bool(now.credential.capabilities.effective & 1)),
           "The capability of a namespace reaches all files (Linux before 3.10)."),
    mutant("chown-mapped-owner-is-enough", LINUX + "capability-over-mapped-ids",
           deciding(lambda may, now: now.world.namespaces[now.task.namespace].has_uid(named_file(now).owner)),
           "The owner must have a mapping, the group need not."),
    mutant("chown-no-naming", LINUX + "naming-what-is-there", giving((False, False)),
           "To name the owner is to change it."),
    mutant("chown-anybody-clears-bits", LINUX + "bits-need-the-owner", never(),
           "Anybody makes a set-id program an ordinary one."),
    mutant("chown-clears-folders", LINUX + "folders-keep-their-bits", deciding(_folder_mode),
           "Folders lose their bits like programs."),
    mutant("chown-failure-sets", LINUX + "failure-changes-nothing", deciding(_owner_is_set),
           "A refused call has set the owner."),
)  # fmt: skip
