"""Ways to get prctl(2) wrong, where it concerns credentials."""

from __future__ import annotations

from typing import Any

from credstone.model.rules import Context
from credstone.proof.mutants.build import (
    answering,
    arguments,
    but_the_last,
    deciding,
    every_thread,
    giving,
    is_root,
    looking_first,
    mutant,
    named_file,
    never,
    only_caller,
    privileged,
    replace,
    when,
    world_with,
)
from credstone.words.answer import Answer
from credstone.words.capability import CAP_SETPCAP, MASKS

PAGE = "prctl(2)/"
LINUX = "prctl(2)/linux/"
EVERYTHING = (1 << len(MASKS)) - 1


def _second(now: Context) -> Any:
    return arguments(now)[1] if len(arguments(now)) > 1 else 0


def _sets(now: Context) -> Any:
    return now.credential.capabilities


def _as_it_was(name: str) -> Any:
    """The attribute does not change."""
    return deciding(lambda value, now: getattr(now.credential, name))


WHOLE = (
    mutant("prctl-all-threads", PAGE + "calling-thread", deciding(every_thread),
           "What one thread asks for becomes the case in all threads."),
    mutant("prctl-answers-1", PAGE + "returns-zero", giving(Answer("", 1)), "A success answers 1."),
    mutant("prctl-false-success", PAGE + "error-minus-one", giving(Answer()),
           "An option that is refused answers 0 (gVisor, for options it did not have)."),
    mutant("prctl-unknown-option", PAGE + "EINVAL-option", answering("ENOSYS"), "An unknown option is ENOSYS."),
    mutant("prctl-unknown-option-succeeds", PAGE + "EINVAL-option", never(), "An unknown option does nothing, and answers 0."),
    mutant("prctl-failure-sets", LINUX + "failure-changes-nothing",
           world_with(lambda who, now: {"keep_caps": True, "no_new_privs": True, "dumpable": 3, "parent_death_signal": 3,
                                        "securebits": who.securebits ^ 0x40,
                                        "capabilities": replace(who.capabilities, bounding=0, ambient=1)}),
           "An option that is refused has changed the attribute."),
)  # fmt: skip

KEEPCAPS = (
    mutant("keepcaps-does-nothing", PAGE + "PR_SET_KEEPCAPS", _as_it_was("keep_caps"),
           "The option answers 0 and sets nothing."),
    mutant("keepcaps-cannot-be-cleared", PAGE + "PR_SET_KEEPCAPS", giving(True), "To clear the flag sets it."),
    mutant("keepcaps-any-number", PAGE + "PR_SET_KEEPCAPS-EINVAL", never(), "Any number but 0 sets the flag."),
    mutant("keepcaps-two-is-a-state", PAGE + "PR_SET_KEEPCAPS-EINVAL", when(lambda now: _second(now) not in (0, 1, 2)),
           "2 is taken for a state."),
    mutant("keepcaps-lock-is-ignored", PAGE + "PR_SET_KEEPCAPS-EPERM", never(), "The lock holds PR_SET_SECUREBITS only."),
    mutant("keepcaps-lock-lets-clear", PAGE + "PR_SET_KEEPCAPS-EPERM",
           when(lambda now: bool(now.credential.securebits & 0x20) and _second(now) == 1),
           "Under the lock the flag cannot be set, but cleared."),
    mutant("keepcaps-lock-of-another-flag", PAGE + "PR_SET_KEEPCAPS-EPERM",
           when(lambda now: bool(now.credential.securebits & 0xAA)), "Any lock is taken for this flag's."),
    mutant("keepcaps-over-execve", PAGE + "PR_SET_KEEPCAPS-over-execve",
           deciding(lambda kept, now: now.credential.keep_caps),
           "The flag survives execve (a kernel that copies the securebits whole)."),
    mutant("keepcaps-read-0", PAGE + "PR_GET_KEEPCAPS", giving(0), "The answer is always 0."),
    mutant("keepcaps-read-bit", PAGE + "PR_GET_KEEPCAPS", deciding(lambda value, now: value << 4),
           "The answer is the securebit, 16, and not 1."),
)  # fmt: skip

SECUREBITS = (
    mutant("securebits-missing", PAGE + "PR_SET_SECUREBITS", _as_it_was("securebits"),
           "The option answers 0 and sets nothing (gVisor had no such option until 2026)."),
    mutant("securebits-add", PAGE + "PR_SET_SECUREBITS", deciding(lambda bits, now: bits | now.credential.securebits),
           "Flags are added to those that are set."),
    mutant("securebits-KEEP_CAPS-only", PAGE + "PR_SET_SECUREBITS", deciding(lambda bits, now: bits & 0x30),
           "Only the keep-capabilities flag is kept."),
    mutant("securebits-for-everybody", PAGE + "PR_SET_SECUREBITS-EPERM-capability", never(), "Anybody may set the flags."),
    mutant("securebits-for-root", PAGE + "PR_SET_SECUREBITS-EPERM-capability", when(lambda now: not is_root(now)),
           "User ID 0 is asked for, not the capability."),
    mutant("securebits-permitted-is-enough", PAGE + "PR_SET_SECUREBITS-EPERM-capability",
           when(lambda now: not _sets(now).permitted & CAP_SETPCAP), "The capability need not be in effect."),
    mutant("securebits-lock-comes-off", PAGE + "PR_SET_SECUREBITS-EPERM-unlock", never(), "A lock can be taken off."),
    mutant("securebits-lock-holds-nothing", PAGE + "PR_SET_SECUREBITS-EPERM-locked-flag", never(),
           "A flag can be changed under its lock."),
    mutant("securebits-lock-holds-KEEP_CAPS-only", PAGE + "PR_SET_SECUREBITS-EPERM-locked-flag",
           when(lambda now: bool(now.credential.securebits & 0x20) and bool((now.credential.securebits ^ _second(now)) & 0x10)),
           "Only the lock of the keep-capabilities flag holds."),
    mutant("securebits-lock-lets-clear", PAGE + "PR_SET_SECUREBITS-EPERM-locked-flag",
           when(lambda now: bool((now.credential.securebits & 0xAA) >> 1 & _second(now) & ~now.credential.securebits)),
           "Under its lock a flag cannot be set, but cleared."),
    mutant("securebits-unknown-are-taken", PAGE + "PR_SET_SECUREBITS-unknown", never(), "Unknown bits are set."),
    mutant("securebits-read-base-flags", PAGE + "PR_GET_SECUREBITS", deciding(lambda bits, now: bits & 0x55),
           "The locks are not shown."),
    mutant("securebits-read-0", PAGE + "PR_GET_SECUREBITS", giving(0), "The answer is always 0."),
    mutant("securebits-no-change-is-free", LINUX + "PR_SET_SECUREBITS-EPERM-no-change", never(),
           "To set what is set takes no capability."),
    mutant("securebits-exec-flags-are-privileged", LINUX + "PR_SET_SECUREBITS-for-everybody", giving(False),
           "The flags for programs that run scripts take CAP_SETPCAP too."),
)  # fmt: skip

NO_NEW_PRIVS = (
    mutant("nnp-does-nothing", PAGE + "PR_SET_NO_NEW_PRIVS", giving(False), "The option answers 0 and sets nothing."),
    mutant("nnp-any-value", PAGE + "PR_SET_NO_NEW_PRIVS-EINVAL", when(lambda now: any(arguments(now)[2:])),
           "Any value is taken for 1."),
    mutant("nnp-unused-arguments", PAGE + "PR_SET_NO_NEW_PRIVS-EINVAL", when(lambda now: _second(now) != 1),
           "The arguments behind the second one are not looked at."),
    mutant("nnp-last-argument", PAGE + "PR_SET_NO_NEW_PRIVS-EINVAL",
           when(lambda now: _second(now) != 1 or any(arguments(now)[2:4])), "The fifth argument is not looked at."),
    mutant("nnp-taken-back", PAGE + "PR_SET_NO_NEW_PRIVS-final", never(), "The attribute can be cleared."),
    mutant("nnp-taken-back-by-root", PAGE + "PR_SET_NO_NEW_PRIVS-final",
           when(lambda now: now.credential.no_new_privs and _second(now) == 0 and not is_root(now)),
           "Root may clear the attribute."),
    mutant("nnp-children-are-free", PAGE + "PR_SET_NO_NEW_PRIVS-inherited", giving(False),
           "Children and programs start without the attribute."),
    mutant("nnp-programs-are-free", PAGE + "PR_SET_NO_NEW_PRIVS-inherited",
           deciding(lambda kept, now: kept and now.name != "exec"), "A new program starts without the attribute."),
    mutant("nnp-set-id-counts", PAGE + "PR_SET_NO_NEW_PRIVS-over-programs", giving(False),
           "Set-user-ID and set-group-ID bits count all the same (Asterinas until 2026)."),
    mutant("nnp-capabilities-count", PAGE + "PR_SET_NO_NEW_PRIVS-capabilities",
           deciding(lambda permitted, now: EVERYTHING),
           "Capabilities come with the program all the same, root's among them."),
    mutant("nnp-file-capabilities-count", PAGE + "PR_SET_NO_NEW_PRIVS-capabilities",
           deciding(lambda permitted, now: permitted | _of_file(now)), "The capabilities of a file count all the same."),
    mutant("nnp-status", PAGE + "PR_SET_NO_NEW_PRIVS-status", giving(0), "The field in /proc says 0."),
    mutant("nnp-read-0", PAGE + "PR_GET_NO_NEW_PRIVS", giving(0), "The answer is always 0."),
    mutant("nnp-read-takes-arguments", PAGE + "PR_GET_NO_NEW_PRIVS-EINVAL", never(), "Arguments are not looked at."),
    mutant("nnp-read-second-argument", PAGE + "PR_GET_NO_NEW_PRIVS-EINVAL", when(lambda now: bool(_second(now))),
           "Only the second argument is looked at."),
    mutant("nnp-effective-id-stays", LINUX + "PR_SET_NO_NEW_PRIVS-real-ids",
           deciding(lambda pair, now: (now.credential.uid.effective, now.credential.gid.effective)),
           "The effective ids stay where capabilities are withheld."),
)  # fmt: skip


def _of_file(now: Context) -> int:
    """What the file that is executed has, permitted or inheritable."""
    given = named_file(now).capabilities
    return given.permitted | given.inheritable if given is not None else 0


BOUNDING = (
    mutant("bounding-read-1", PAGE + "PR_CAPBSET_READ", giving(1), "Every capability is in the set."),
    mutant("bounding-read-permitted", PAGE + "PR_CAPBSET_READ",
           deciding(lambda found, now: int(_sets(now).permitted >> _second(now) & 1)), "The permitted set is asked."),
    mutant("bounding-read-any-number", PAGE + "PR_CAPBSET_READ-EINVAL", never(), "A number of no capability answers 0."),
    mutant("bounding-read-64", PAGE + "PR_CAPBSET_READ-EINVAL", when(lambda now: not 0 <= _second(now) <= 64),
           "The last number is one too high."),
    mutant("bounding-drop-does-nothing", PAGE + "PR_CAPBSET_DROP", deciding(lambda mask, now: _sets(now).bounding),
           "The option answers 0 and drops nothing."),
    mutant("bounding-drop-all", PAGE + "PR_CAPBSET_DROP", giving(0), "The set is emptied."),
    mutant("bounding-drop-low-half", PAGE + "PR_CAPBSET_DROP",
           deciding(lambda mask, now: mask | _sets(now).bounding & ~0xFFFFFFFF), "Capabilities from 32 on are not dropped."),
    mutant("bounding-child-has-all", PAGE + "PR_CAPBSET_DROP-inherited", giving(EVERYTHING),
           "A child starts with every capability in its bounding set."),
    mutant("bounding-drop-for-everybody", PAGE + "PR_CAPBSET_DROP-EPERM", never(), "Anybody may drop."),
    mutant("bounding-drop-for-root", PAGE + "PR_CAPBSET_DROP-EPERM", when(lambda now: not is_root(now)),
           "User ID 0 is asked for, not the capability."),
    mutant("bounding-drop-in-the-first-namespace", PAGE + "PR_CAPBSET_DROP-EPERM",
           when(lambda now: not privileged(now, CAP_SETPCAP) or now.task.namespace != 0),
           "The capability must be had in the initial user namespace."),
    mutant("bounding-drop-any-number", PAGE + "PR_CAPBSET_DROP-EINVAL", never(), "A number of no capability is dropped."),
    mutant("bounding-drop-number-first", LINUX + "PR_CAPBSET_DROP-order", looking_first(PAGE + "PR_CAPBSET_DROP-EINVAL"),
           "The number is looked at before privilege."),
)  # fmt: skip

AMBIENT = (
    mutant("ambient-raise-nothing", PAGE + "PR_CAP_AMBIENT_RAISE", deciding(lambda mask, now: _sets(now).ambient),
           "The option answers 0 and raises nothing."),
    mutant("ambient-raise-replaces", PAGE + "PR_CAP_AMBIENT_RAISE",
           deciding(lambda mask, now: mask & ~_sets(now).ambient), "What was ambient before is gone."),
    mutant("ambient-raise-anything", PAGE + "PR_CAP_AMBIENT_RAISE-EPERM-sets", never(), "Anything can be raised."),
    mutant("ambient-raise-permitted", PAGE + "PR_CAP_AMBIENT_RAISE-EPERM-sets",
           when(lambda now: len(arguments(now)) > 2 and _second(now) == 2
                and not _sets(now).permitted >> arguments(now)[2] & 1), "Permitted is enough."),
    mutant("ambient-raise-inheritable", PAGE + "PR_CAP_AMBIENT_RAISE-EPERM-sets",
           when(lambda now: len(arguments(now)) > 2 and _second(now) == 2
                and not _sets(now).inheritable >> arguments(now)[2] & 1), "Inheritable is enough."),
    mutant("ambient-raise-effective", PAGE + "PR_CAP_AMBIENT_RAISE-EPERM-sets",
           when(lambda now: len(arguments(now)) > 2 and _second(now) == 2
                and not _sets(now).inheritable & _sets(now).effective >> arguments(now)[2] & 1),
           "The capability must be in effect."),
    mutant("ambient-raise-forbids-nothing", PAGE + "PR_CAP_AMBIENT_RAISE-EPERM-securebit", never(),
           "The securebit is not looked at."),
    mutant("ambient-securebit-clears", PAGE + "PR_CAP_AMBIENT_LOWER", giving(0), "To lower one lowers all."),
    mutant("ambient-lower-nothing", PAGE + "PR_CAP_AMBIENT_LOWER", deciding(lambda mask, now: _sets(now).ambient),
           "The option answers 0 and lowers nothing."),
    mutant("ambient-asked-for-inheritable", PAGE + "PR_CAP_AMBIENT_IS_SET",
           deciding(lambda found, now: int(_sets(now).inheritable >> arguments(now)[2] & 1)), "The inheritable set is asked."),
    mutant("ambient-asked-for-any", PAGE + "PR_CAP_AMBIENT_IS_SET",
           deciding(lambda found, now: int(_sets(now).ambient != 0)), "The answer is whether anything is ambient."),
    mutant("ambient-clear-nothing", PAGE + "PR_CAP_AMBIENT_CLEAR_ALL", deciding(lambda mask, now: _sets(now).ambient),
           "The option answers 0 and clears nothing."),
    mutant("ambient-clear-one", PAGE + "PR_CAP_AMBIENT_CLEAR_ALL",
           deciding(lambda mask, now: _sets(now).ambient & _sets(now).ambient - 1), "One capability is cleared."),
    mutant("ambient-clear-third-argument", PAGE + "PR_CAP_AMBIENT_CLEAR_ALL-EINVAL", never(),
           "The third argument is not looked at."),
    mutant("ambient-unused-arguments", PAGE + "PR_CAP_AMBIENT-EINVAL-unused", never(),
           "The arguments that are not used are not looked at."),
    mutant("ambient-fifth-argument", PAGE + "PR_CAP_AMBIENT-EINVAL-unused", when(lambda now: any(arguments(now)[3:4])),
           "The fifth argument is not looked at."),
    mutant("ambient-any-operation", PAGE + "PR_CAP_AMBIENT-EINVAL-operation", never(), "Another operation raises."),
    mutant("ambient-any-number", PAGE + "PR_CAP_AMBIENT-EINVAL-capability", never(),
           "A number of no capability is not ambient, and can be lowered."),
    mutant("ambient-sets-first", LINUX + "PR_CAP_AMBIENT-order", looking_first(PAGE + "PR_CAP_AMBIENT_RAISE-EPERM-sets"),
           "The sets are looked at before the arguments."),
)  # fmt: skip

DUMPABLE = (
    mutant("dumpable-does-nothing", PAGE + "PR_SET_DUMPABLE", _as_it_was("dumpable"),
           "The option answers 0 and sets nothing."),
    mutant("dumpable-cannot-come-back", PAGE + "PR_SET_DUMPABLE",
           deciding(lambda value, now: value & now.credential.dumpable), "What is not dumpable stays so."),
    mutant("dumpable-2", PAGE + "PR_SET_DUMPABLE-EINVAL", when(lambda now: _second(now) not in (0, 1, 2)),
           "2 can be asked for (Linux 2.6.13 to 2.6.17)."),
    mutant("dumpable-any-number", PAGE + "PR_SET_DUMPABLE-EINVAL", never(), "Any number is taken."),
    mutant("dumpable-read-1", PAGE + "PR_GET_DUMPABLE", giving(1), "The answer is always 1."),
    mutant("dumpable-plain-program-stays", PAGE + "PR_SET_DUMPABLE-normally",
           deciding(lambda value, now: value & now.credential.dumpable), "A new program is what its predecessor was."),
    mutant("dumpable-effective-uid", PAGE + "PR_SET_DUMPABLE-effective-ids", giving(False),
           "A change of the effective id leaves the attribute."),
    mutant("dumpable-by-groups-not", PAGE + "PR_SET_DUMPABLE-effective-ids",
           deciding(lambda resets, now: resets and "gid" not in now.name), "Group ids do not count."),
    mutant("dumpable-filesystem-ids", PAGE + "PR_SET_DUMPABLE-filesystem-ids", giving(False),
           "Filesystem ids do not count."),
    mutant("dumpable-filesystem-gid", PAGE + "PR_SET_DUMPABLE-filesystem-ids",
           deciding(lambda resets, now: resets and now.name != "setfsgid"), "The filesystem group ID does not count."),
    mutant("dumpable-set-id-program", PAGE + "PR_SET_DUMPABLE-set-id-program", giving(False),
           "A set-user-ID program is dumpable."),
    mutant("dumpable-bits-count", PAGE + "PR_SET_DUMPABLE-set-id-program",
           deciding(lambda changed, now: changed or any(file.mode & 0o6000 for file in now.world.files)),
           "The bits make it, whether or not an id changes."),
    mutant("dumpable-file-capabilities", PAGE + "PR_SET_DUMPABLE-file-capabilities", giving(False),
           "A program that gains capabilities is dumpable."),
    mutant("dumpable-all-file-capabilities", PAGE + "PR_SET_DUMPABLE-file-capabilities",
           deciding(lambda gained, now: gained or bool(_of_file(now))),
           "Every program with capabilities is not dumpable, be they nothing new."),
    mutant("dumpable-open-to-all", PAGE + "PR_SET_DUMPABLE-ptrace", giving(True),
           "A process of the same user can be looked into, dumpable or not."),
    mutant("dumpable-proc-stays-the-users", PAGE + "PR_SET_DUMPABLE-proc-files",
           deciding(lambda file, now: replace(file, owner=now.credential.uid.effective, group=now.credential.gid.effective)),
           "The files below /proc stay the user's (gVisor)."),
    mutant("dumpable-by-any-id", LINUX + "PR_SET_DUMPABLE-other-ids", giving(True),
           "Every change of credentials resets the attribute."),
    mutant("dumpable-of-the-thread", LINUX + "PR_SET_DUMPABLE-process", deciding(only_caller),
           "The attribute is the thread's."),
    mutant("dumpable-misses-one", LINUX + "PR_SET_DUMPABLE-process", deciding(but_the_last), "One thread is forgotten."),
    mutant("dumpable-unreadable-program", LINUX + "PR_SET_DUMPABLE-over-execve", giving(False),
           "A program that its caller may not read can be dumped."),
)  # fmt: skip

PDEATHSIG = (
    mutant("pdeathsig-does-nothing", PAGE + "PR_SET_PDEATHSIG", _as_it_was("parent_death_signal"),
           "The option answers 0 and sets nothing."),
    mutant("pdeathsig-cannot-be-cleared", PAGE + "PR_SET_PDEATHSIG",
           deciding(lambda signal, now: signal or now.credential.parent_death_signal), "0 changes nothing."),
    mutant("pdeathsig-32-signals", PAGE + "PR_SET_PDEATHSIG", deciding(lambda signal, now: signal & 31),
           "Signals from 32 on are cut."),
    mutant("pdeathsig-any-number", PAGE + "PR_SET_PDEATHSIG-EINVAL", never(), "Any number is taken."),
    mutant("pdeathsig-no-realtime", PAGE + "PR_SET_PDEATHSIG-EINVAL", when(lambda now: not 0 <= _second(now) <= 31),
           "Signals from 32 on are refused."),
    mutant("pdeathsig-process-but-one", PAGE + "PR_SET_PDEATHSIG-process", giving(()), "No thread has it afterwards."),
    mutant("pdeathsig-over-fork", PAGE + "PR_SET_PDEATHSIG-cleared-over-fork",
           deciding(lambda signal, now: now.world.task("main").credential.parent_death_signal), "A child inherits it."),
    mutant("pdeathsig-cleared-by-every-program", PAGE + "PR_SET_PDEATHSIG-over-execve", giving(0),
           "Every new program starts without one."),
    mutant("pdeathsig-kept-by-programs", PAGE + "PR_SET_PDEATHSIG-cleared-by-programs",
           deciding(lambda signal, now: now.credential.parent_death_signal),
           "A set-user-ID program keeps it (Linux before 2.6.23: CVE-2007-3848)."),
    mutant("pdeathsig-kept-by-capabilities", PAGE + "PR_SET_PDEATHSIG-cleared-by-programs",
           deciding(lambda signal, now: now.credential.parent_death_signal if _of_file(now) else signal),
           "A program with capabilities keeps it."),
    mutant("pdeathsig-kept-by-ids", PAGE + "PR_SET_PDEATHSIG-cleared-by-ids", giving(False), "A change of ids keeps it."),
    mutant("pdeathsig-kept-by-gids", PAGE + "PR_SET_PDEATHSIG-cleared-by-ids",
           deciding(lambda cleared, now: cleared and "gid" not in now.name), "A change of group ids keeps it."),
    mutant("pdeathsig-kept-by-filesystem-ids", PAGE + "PR_SET_PDEATHSIG-cleared-by-ids",
           deciding(lambda cleared, now: cleared and "fs" not in now.name), "A change of filesystem ids keeps it."),
    mutant("pdeathsig-read-0", PAGE + "PR_GET_PDEATHSIG", giving(0), "The number is always 0."),
    mutant("pdeathsig-null", PAGE + "PR_GET_PDEATHSIG-EFAULT", never(), "A pointer to nowhere is no mistake."),
    mutant("pdeathsig-cleared-by-all", LINUX + "PR_SET_PDEATHSIG-other-ids", giving(True),
           "Every change of credentials clears it."),
)  # fmt: skip

MUTANTS = (
    *WHOLE,
    *KEEPCAPS,
    *SECUREBITS,
    *NO_NEW_PRIVS,
    *BOUNDING,
    *AMBIENT,
    *DUMPABLE,
    *PDEATHSIG,
)
