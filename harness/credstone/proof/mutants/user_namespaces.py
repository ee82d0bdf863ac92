"""Ways to get user_namespaces(7) wrong: nesting, capabilities, namespaces of other kinds, unmapped ids, files."""

from __future__ import annotations

from typing import Any

from credstone.model.rules import Context
from credstone.model.world import IDENTITY, Namespace
from credstone.proof.mutants.build import arguments, deciding, giving, is_root, mutant, named_file, never, replace
from credstone.words.capability import CAP_SYS_ADMIN

PAGE = "user_namespaces(7)/"
LINUX = PAGE + "linux/"
KEEP_CAPS = 0x10


def _here(now: Context) -> Namespace:
    return now.world.namespaces[now.task.namespace]


def _kernel_ids(three: tuple[int, ...], now: Context) -> tuple[int, ...]:
    ids = now.credential.uid if now.name == "getresuid" else now.credential.gid
    return ids.real, ids.effective, ids.saved


def _owner_by_number(fits: bool, now: Context) -> bool:
    """Whether caller and file have the same number where the caller lives."""
    file = next((file for file in now.world.files if file.name == arguments(now)[0]), None)
    if file is None:
        return fits
    here = _here(now)
    return now.world.shown_uid(file.owner, here) == now.world.shown_uid(now.credential.uid.filesystem, here)


def _queue_by_number(fits: bool, now: Context) -> bool:
    """Whether caller and queue have the same number where the caller lives."""
    queue, here = now.world.queue, _here(now)
    return queue is not None and now.world.shown_uid(queue.uid, here) == now.world.shown_uid(
        now.credential.uid.effective, here
    )


def _over_files(known: bool, now: Context) -> bool:
    """For CAP_FOWNER both ids of the file are asked for."""
    return known and _here(now).has_gid(named_file(now).group)


def _only_some(sets: Any, now: Context) -> Any:
    """The sets that the process had before."""
    return now.credential.capabilities


MUTANTS = (
    mutant("userns-parent-is-the-first", PAGE + "parent-is-the-creators", giving(0),
           "Every user namespace is a child of the initial one."),
    mutant("userns-31-levels", PAGE + "nesting-limit", giving(31),
           "Fewer levels are possible than the page says."),
    mutant("userns-no-nesting", PAGE + "nesting-limit", giving(1),
           "A user namespace cannot be made in another (sandboxes that keep one level)."),
    mutant("userns-no-limit", PAGE + "nesting-limit", giving(1000),
           "Nothing limits the nesting (Linux before 3.11)."),
    mutant("userns-nesting-EPERM", PAGE + "nesting-limit-EUSERS", giving("EPERM"),
           "The last level is refused with EPERM, as if it was a matter of rights."),
    mutant("fork-leaves-the-namespace", PAGE + "fork-stays", giving(0),
           "A child begins in the initial user namespace."),
    mutant("userns-not-entered", PAGE + "new-member", deciding(lambda number, now: now.task.namespace),
           "The call answers 0 and nobody moves (kernels that ignore the flag)."),
    mutant("setns-for-everybody", PAGE + "joining-takes-CAP_SYS_ADMIN", giving(True),
           "Nobody asks for CAP_SYS_ADMIN in the namespace that is joined (DragonOS's first version)."),
    mutant("setns-for-nobody", PAGE + "joining-takes-CAP_SYS_ADMIN", giving(False),
           "No user namespace can be joined (gVisor before 3f949a4e6)."),
    mutant("userns-capabilities-stay", PAGE + "all-capabilities", deciding(_only_some),
           "Whoever comes into a namespace has there what it had before."),
    mutant("userns-none-effective", PAGE + "all-capabilities", deciding(lambda sets, now: replace(sets, effective=0)),
           "The capabilities are permitted, and not in effect."),
    mutant("userns-capabilities-everywhere", PAGE + "none-in-the-parent", giving(True),
           "Capabilities of one namespace count in all (gVisor, where some checks ask no namespace)."),
    mutant("userns-programs-keep-all", PAGE + "execve-recalculates", deciding(_only_some),
           "A program inside starts with everything, whoever starts it."),
    mutant("userns-programs-lose-all", PAGE + "execve-recalculates",
           deciding(lambda sets, now: replace(sets, permitted=0, effective=0)),
           "A program inside starts with nothing, root's neither: the user 0 that is asked for is the one outside."),
    mutant("userns-securebits-stay", PAGE + "securebits-reset", deciding(lambda bits, now: now.credential.securebits),
           "The securebits come along."),
    mutant("userns-keepcaps-stays", PAGE + "securebits-reset",
           deciding(lambda bits, now: now.credential.securebits & KEEP_CAPS),
           '"Keep capabilities" alone comes along.'),
    mutant("setns-back-and-forth", PAGE + "no-way-back", giving(True),
           "A process can return to the namespace that it left."),
    mutant("userns-members-may-everything", PAGE + "capability-of-a-member", giving(True),
           "Every member of a namespace counts as privileged in it."),
    mutant("userns-permitted-is-enough", PAGE + "capability-of-a-member",
           deciding(lambda held, now: bool(now.credential.capabilities.permitted & CAP_SYS_ADMIN)),
           "The permitted set is asked, not the effective one."),
    mutant("userns-root-is-enough", PAGE + "capability-of-a-member", deciding(lambda held, now: is_root(now)),
           "User 0 of a namespace counts as privileged in it, whatever its capabilities (Asterinas)."),
    mutant("userns-no-power-below", PAGE + "capability-in-descendants", giving(False),
           "A capability counts in its own namespace and in none below."),
    mutant("userns-owner-is-the-real-uid", PAGE + "owner-is-the-effective-uid",
           deciding(lambda uid, now: now.credential.uid.real),
           "The real user ID of the creator is remembered."),
    mutant("userns-owner-is-root", PAGE + "owner-is-the-effective-uid", giving(0),
           "All namespaces belong to user 0."),
    mutant("userns-owner-may-nothing", PAGE + "owner-has-all", giving(False),
           "The owner has no more rights than any other user."),
    mutant("userns-everybody-owns", PAGE + "owner-has-all", giving(True),
           "Every process of the parent counts as the owner."),
    mutant("userns-real-uid-owns", PAGE + "owner-has-all",
           deciding(lambda owns, now: now.credential.uid.effective == 1000 or now.credential.uid.real == 1000),
           "The real user ID makes an owner as well."),
    mutant("userns-owner-one-level", PAGE + "owner-has-all-below", giving(False),
           "The owner has its rights one level down and no further."),
    mutant("userns-inheritable-stays", LINUX + "inheritable-and-ambient-emptied",
           deciding(lambda sets, now: replace(sets, inheritable=now.credential.capabilities.inheritable,
                                              ambient=now.credential.capabilities.ambient)),
           "The inheritable and the ambient set come along."),
    mutant("userns-bounding-stays", LINUX + "inheritable-and-ambient-emptied",
           deciding(lambda sets, now: replace(sets, bounding=now.credential.capabilities.bounding)),
           "The bounding set comes along."),
    mutant("userns-governs-everything", PAGE + "governed-by-the-owner", giving(True),
           "Root of a namespace may handle namespaces that belong to others."),
    mutant("userns-privileged-for-the-machine", PAGE + "not-for-the-machine", giving(True),
           "Capabilities inside count for what belongs to the whole machine."),
    mutant("userns-for-root-only", PAGE + "anyone-may-create", giving(False),
           "A user namespace takes CAP_SYS_ADMIN (Linux before 3.8; Debian's kernel.unprivileged_userns_clone)."),
    mutant("userns-others-are-the-machines", PAGE + "owned-by-the-creators-namespace", giving(0),
           "All namespaces of other kinds belong to the initial user namespace."),
    mutant("userns-others-first", PAGE + "user-namespace-first", deciding(lambda owner, now: now.task.namespace),
           "The other namespaces of the call belong to the old user namespace (gVisor before bb47d8a54)."),
    mutant("userns-ids-are-the-machines", PAGE + "ids-as-mapped", deciding(_kernel_ids),
           "The ids show as they are outside, as if there was no map (Asterinas)."),
    mutant("userns-new-files-by-number", PAGE + "files-by-outer-ids",
           deciding(lambda uid, now: now.world.shown_uid(uid, _here(now))),
           "A new file belongs to the number that its creator has inside."),
    mutant("userns-sets-uid-without-map", PAGE + "no-uid-without-a-map", giving(IDENTITY),
           "A namespace without a map has all user IDs (Asterinas, where maps are a constant)."),
    mutant("userns-sets-gid-without-map", PAGE + "no-gid-without-a-map", giving(IDENTITY),
           "A namespace without a map has all group IDs."),
    mutant("userns-one-id-more", PAGE + "only-mapped-values",
           deciding(lambda inside, now: (*inside[:-1], replace(inside[-1], count=inside[-1].count + 1))),
           "The id behind the end of a map is valid too."),
    mutant("userns-everything-is-valid", PAGE + "only-mapped-values",
           deciding(lambda inside, now: (replace(inside[0], count=4000000000),)),
           "A map has a beginning and no end."),
    mutant("setgroups-without-a-map", PAGE + "setgroups-needs-gid_map", giving(False),
           "Groups can be set before gid_map is written (Linux before 3.19)."),
    mutant("userns-groups-can-be-dropped", PAGE + "no-dropping-of-groups", giving(False),
           "Whoever maps its own group can leave all others (CVE-2014-8989, Linux before 3.19)."),
    mutant("userns-unmapped-is-root", PAGE + "overflow-ids",
           deciding(lambda three, now: tuple(0 if number == 65534 else number for number in three)),
           "An id without a mapping shows as 0 (the danger behind CVE-2015-8709)."),
    mutant("userns-unmapped-is-minus-one", PAGE + "overflow-ids",
           deciding(lambda three, now: tuple(2**32 - 1 if number == 65534 else number for number in three)),
           "An id without a mapping shows as 4294967295."),
    mutant("userns-overflow-99", PAGE + "overflow-files", giving("99"),
           "The files show another number than the one that is used."),
    mutant("userns-root-sets-overflow", PAGE + "overflow-files", never(),
           "Root of a namespace can set the overflow IDs."),
    mutant("userns-stat-shows-outside", PAGE + "overflow-stat", giving(5),
           "stat(2) shows the id outside."),
    mutant("userns-stat-shows-root", PAGE + "overflow-stat",
           deciding(lambda uid, now: 0 if uid == 65534 else uid),
           "stat(2) shows 0 for an owner without a mapping."),
    mutant("userns-status-of-nobody", PAGE + "overflow-status",
           deciding(lambda four, now: tuple(0 if number == 65534 else number for number in four)),
           "/proc/PID/status shows 0 for ids without a mapping."),
    mutant("userns-status-is-the-subjects", PAGE + "overflow-status",
           deciding(lambda four, now: tuple(number - 100000 if number > 100000 else number for number in four)),
           "/proc/PID/status shows the numbers of whom it is about, to whoever reads it."),
    mutant("userns-si_uid-is-the-senders", PAGE + "overflow-siginfo", giving(0),
           "The si_uid of a signal is the number that the sender has for itself."),
    mutant("userns-si_uid-outside", PAGE + "overflow-siginfo",
           deciding(lambda uid, now: uid + 100000 if uid < 65534 else uid),
           "The si_uid of a signal is the id outside."),
    mutant("userns-waitid-outside", PAGE + "overflow-waitid", giving(0),
           "waitid(2) shows root where the child has no number."),
    mutant("userns-sockets-outside", PAGE + "overflow-sockets",
           deciding(lambda ids, now: tuple(0 if number == 65534 else number for number in ids)),
           "Peers without a number are root (the danger behind CVE-2015-8709)."),
    mutant("userns-messages-untranslated", PAGE + "SCM_CREDENTIALS-translated",
           deciding(lambda ids, now: tuple(number + 100000 if number < 65534 else number for number in ids)),
           "What the sender said arrives as it is outside."),
    mutant("userns-messages-as-said", PAGE + "SCM_CREDENTIALS-translated", giving((0, 0)),
           "What the sender said arrives as it was said."),
    mutant("userns-messages-of-anybody", PAGE + "SCM_CREDENTIALS-mapped", giving(False),
           "An id without a mapping is passed on."),
    mutant("userns-queues-outside", PAGE + "overflow-IPC_STAT",
           deciding(lambda four, now: tuple(number + 100000 if number < 65534 else number for number in four)),
           "IPC_STAT shows the ids outside."),
    mutant("userns-queues-of-root", PAGE + "overflow-IPC_STAT",
           deciding(lambda four, now: tuple(0 if number == 65534 else number for number in four)),
           "IPC_STAT shows 0 for an owner without a mapping."),
    mutant("userns-queues-by-number", PAGE + "shared-by-outer-ids", deciding(_queue_by_number),
           "Owner and caller of a queue are compared as numbers inside."),
    mutant("userns-owner-by-number", PAGE + "access-by-outer-ids", deciding(_owner_by_number),
           "Owner and caller are compared as numbers inside, so nobody is nobody."),
    mutant("userns-capabilities-over-all-files", PAGE + "file-capabilities-need-both-ids", giving(True),
           "Capabilities inside count for every file (CVE-2018-18955, as far as it reached)."),
    mutant("userns-capabilities-over-no-file", PAGE + "file-capabilities-need-both-ids", giving(False),
           "Capabilities inside count for no file."),
    mutant("userns-FOWNER-over-all-files", PAGE + "CAP_FOWNER-needs-the-uid", giving(True),
           "CAP_FOWNER counts for every file."),
    mutant("userns-FOWNER-needs-both", PAGE + "CAP_FOWNER-needs-the-uid", deciding(_over_files),
           "CAP_FOWNER counts only where the group of the file has a mapping as well."),
    mutant("userns-set-id-ignored", PAGE + "set-id-mapped",
           deciding(lambda uid, now: now.credential.uid.effective),
           "Set-user-ID programs do nothing inside."),
    mutant("userns-set-id-of-nobody", PAGE + "set-id-unmapped-ignored", giving(True),
           "A set-user-ID program of an owner without a mapping sets the effective ID all the same."),
)  # fmt: skip
