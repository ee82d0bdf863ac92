"""Ways to get chmod(2) wrong, and to let set-id bits survive a write."""

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

PAGE = "chmod(2)/"
LINUX = PAGE + "linux/"


def _mode_is_set(world: World, now: Context) -> World:
    return with_file(world, replace(named_file(now), mode=asked(now)[1] & 0o7777))


MUTANTS = (
    mutant("chmod-nine-bits", PAGE + "sets-the-mode", deciding(lambda mode, now: mode & 0o777),
           "The three bits above the nine are dropped."),
    mutant("chmod-adds", PAGE + "sets-the-mode", deciding(lambda mode, now: mode | named_file(now).mode),
           "Bits are set and none is taken away."),
    mutant("chmod-real-uid", PAGE + "owner-is-the-fsuid", deciding(lambda uid, now: now.credential.uid.real),
           "The real uid is compared with the owner."),
    mutant("chmod-saved-uid", PAGE + "owner-is-the-fsuid", deciding(lambda uid, now: now.credential.uid.saved),
           "The saved uid is compared with the owner."),
    mutant("chmod-root-only", PAGE + "CAP_FOWNER", deciding(lambda may, now: is_root(now)),
           "User 0 is privileged, the capability is not asked for (Asterinas)."),
    mutant("chmod-by-any-capability", PAGE + "CAP_FOWNER",
           deciding(lambda may, now: bool(now.credential.capabilities.effective)),
           "Any capability makes one privileged."),
    mutant("chmod-strangers-set-group-ID", PAGE + "set-group-ID-is-turned-off", giving(0),
           "Anybody makes a set-group-ID program of its file, whatever its group."),
    mutant("chmod-loses-set-user-ID-too", PAGE + "set-group-ID-is-turned-off",
           deciding(lambda lost, now: lost and 0o6000),
           "A stranger to the group loses both bits."),
    mutant("chmod-member-by-gid-alone", PAGE + "set-group-ID-by-group",
           deciding(lambda member, now: named_file(now).group == now.credential.gid.filesystem),
           "The list of groups is not looked at."),
    mutant("chmod-member-by-list-alone", PAGE + "set-group-ID-by-group",
           deciding(lambda member, now: named_file(now).group in now.credential.groups),
           "The gid is not looked at."),
    mutant("chmod-not-the-last-group", PAGE + "set-group-ID-by-group",
           deciding(lambda member, now: named_file(now).group in (now.credential.gid.filesystem, *now.credential.groups[:-1])),
           "The last group of the list is not looked at."),
    mutant("chmod-no-CAP_FSETID", PAGE + "set-group-ID-by-CAP_FSETID", giving(False),
           "The capability does nothing."),
    mutant("chmod-CAP_FOWNER-is-enough", PAGE + "set-group-ID-is-turned-off",
           deciding(lambda lost, now: 0 if now.credential.capabilities.effective & 8 else lost),
           "Whoever may change all modes may set the bit too."),
    mutant("chmod-real-gid", PAGE + "group-is-the-fsgid", deciding(lambda gid, now: now.credential.gid.real),
           "The real gid is compared with the group."),
    mutant("write-keeps-bits", PAGE + "writing-clears-set-id-bits", deciding(lambda mode, now: named_file(now).mode),
           "A program is written to and keeps its bits (gVisor before 2020; WSL)."),
    mutant("write-keeps-set-group-ID", PAGE + "writing-clears-set-id-bits",
           deciding(lambda mode, now: mode | named_file(now).mode & 0o2000),
           "The set-user-ID bit goes, the other stays."),
    mutant("write-clears-lock-bit", PAGE + "writing-clears-set-id-bits", deciding(lambda mode, now: mode & ~0o2000),
           "Set-group-ID goes, whatever it means."),
    mutant("truncate-keeps-bits", PAGE + "writing-clears-set-id-bits",
           deciding(lambda mode, now: named_file(now).mode if now.name == "truncate" else mode),
           "Only a write clears the bits, to be cut off does not."),
    mutant("open-truncates-and-keeps-bits", PAGE + "writing-clears-set-id-bits",
           deciding(lambda mode, now: named_file(now).mode if now.name == "open" else mode),
           "O_TRUNC leaves the bits."),
    mutant("pwrite-keeps-bits", PAGE + "writing-clears-set-id-bits",
           deciding(lambda mode, now: named_file(now).mode if now.name == "pwrite" else mode),
           "Only write(2) clears the bits, pwrite(2) does not."),
    mutant("writing-nothing-clears-bits", PAGE + "linux/writing-nothing-keeps-set-id-bits", giving(False),
           "A write of no bytes takes the bits away."),
    mutant("write-root-keeps-bits", PAGE + "CAP_FSETID-keeps-set-id-bits", deciding(lambda keeps, now: is_root(now)),
           "User 0 keeps the bits, the capability is not asked for."),
    mutant("write-clears-always", PAGE + "CAP_FSETID-keeps-set-id-bits", giving(False),
           "The bits go whoever writes."),
    mutant("write-owner-keeps-bits", PAGE + "CAP_FSETID-keeps-set-id-bits",
           deciding(lambda keeps, now: keeps or named_file(now).owner == now.credential.uid.filesystem),
           "The owner may write to its program as it likes."),
    mutant("write-in-a-namespace-keeps-one-bit", PAGE + "writing-in-a-user-namespace",
           deciding(lambda mode, now: mode | 0o4000),
           "In a namespace root keeps the set-user-ID bit, which is its own, and loses the other."),
    mutant("chmod-answers-1", PAGE + "returns-zero", giving(Answer("", 1)),
           "A success answers 1."),
    mutant("chmod-false-success", PAGE + "error-minus-one", giving(Answer()),
           "A refusal answers 0 (fake-root layers)."),
    mutant("chmod-EACCES", PAGE + "EPERM", answering("EACCES"),
           "What may not be changed is EACCES."),
    mutant("chmod-for-everybody", PAGE + "EPERM", never(),
           "Everybody may change modes."),
    mutant("chmod-any-owner", LINUX + "CAP_FOWNER-over-a-mapped-owner", giving(True),
           "The capability of a namespace reaches all files (Linux before 3.10)."),
    mutant("chmod-group-must-be-mapped", LINUX + "CAP_FOWNER-over-a-mapped-owner",
           deciding(lambda known, now: known and now.world.namespaces[now.task.namespace].has_gid(named_file(now).group)),
           "The group must have a mapping as well, as for other capabilities."),
    mutant("chmod-failure-sets", LINUX + "failure-changes-nothing", deciding(_mode_is_set),
           "A refused call has set the mode."),
)  # fmt: skip
