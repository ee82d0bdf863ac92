"""Ways to get unshare(2) wrong."""

from __future__ import annotations

from credstone.model.namespaces.ioctl_ns import KINDS
from credstone.model.rules import Context
from credstone.model.world import Task
from credstone.proof.mutants.build import (
    always,
    answering,
    arguments,
    deciding,
    giving,
    is_root,
    mutant,
    never,
    refusing,
    replace,
    when,
    world_with,
)
from credstone.words.answer import Answer

PAGE = "unshare(2)/"
LINUX = PAGE + "linux/"
NEW_USER = KINDS["user"]
OTHERS = sum(flag for kind, flag in KINDS.items() if kind != "user")


def _stays(task: Task, now: Context) -> Task:
    return replace(task, namespace=now.task.namespace)


MUTANTS = (
    mutant("unshare-moves-nobody", PAGE + "NEWUSER-moves-the-caller", deciding(_stays),
           "The call answers 0 and the caller stays where it was."),
    mutant("unshare-gives-no-capabilities", PAGE + "all-capabilities",
           deciding(lambda credential, now: replace(credential, capabilities=now.credential.capabilities)),
           "The caller has in its namespace what it had outside."),
    mutant("unshare-with-threads", PAGE + "NEWUSER-not-threaded", never(),
           "One thread can go where the others do not."),
    mutant("unshare-shared-memory-EPERM", PAGE + "NEWUSER-implies-CLONE_VM",
           refusing("EPERM"),
           "Whoever shares its memory is refused with EPERM."),
    mutant("unshare-shared-directories", PAGE + "NEWUSER-implies-CLONE_FS", when(lambda now: bool(now.task.sharing)),
           "Whoever shares its directories is refused (Linux 3.8)."),
    mutant("unshare-without-uid", PAGE + "EPERM-unmapped-uid", never(),
           "A namespace can be made by somebody who is nobody."),
    mutant("unshare-without-gid", PAGE + "EPERM-unmapped-gid", never(),
           "Only the user ID is asked for a mapping."),
    mutant("unshare-in-chroot", PAGE + "EPERM-chroot", never(),
           "A new namespace is a way out of a chroot(2) environment (Linux 3.8)."),
    mutant("unshare-nesting-EUSERS", PAGE + "ENOSPC-nesting", answering("EUSERS"),
           "The last level answers EUSERS (Linux before 4.9)."),
    mutant("unshare-beyond-the-limit", PAGE + "ENOSPC-max_user_namespaces", never(),
           "The limit can be written and is not kept."),
    mutant("unshare-limit-EUSERS", PAGE + "ENOSPC-max_user_namespaces", answering("EUSERS"),
           "The limit answers EUSERS."),
    mutant("unshare-for-everybody", PAGE + "EPERM-capability", never(),
           "Namespaces of other kinds take no capability."),
    mutant("unshare-for-root", PAGE + "EPERM-capability",
           when(lambda now: bool(arguments(now)[0] & OTHERS) and not is_root(now)),
           "User 0 may, whatever its capabilities."),
    mutant("unshare-asks-before", PAGE + "NEWUSER-gives-the-right",
           when(lambda now: bool(arguments(now)[0] & OTHERS) and not now.credential.capabilities.effective),
           "The right to the other namespaces is asked in the old one (gVisor before bb47d8a54)."),
    mutant("unshare-makes-nothing", PAGE + "new-namespaces", giving(0),
           "The call answers 0 and the namespaces are the old ones."),
    mutant("unshare-any-flags", PAGE + "EINVAL-flags", never(),
           "Bits that mean nothing are taken."),
    mutant("unshare-threads-part", PAGE + "EINVAL-multithreaded", never(),
           "CLONE_THREAD is taken in a process of several threads (gVisor)."),
    mutant("unshare-memory-parts", PAGE + "EINVAL-shared-memory", never(),
           "CLONE_VM is taken where memory is shared."),
    mutant("unshare-thread-flags-refused", PAGE + "no-effect-on-one-thread",
           when(lambda now: bool(arguments(now)[0] & 0x10900)),
           "CLONE_THREAD, CLONE_SIGHAND and CLONE_VM are always EINVAL."),
    mutant("unshare-zero-resets", PAGE + "zero-does-nothing",
           deciding(lambda task, now: replace(task, credential=replace(task.credential, keep_caps=False))),
           "A call without flags resets the caller."),
    mutant("unshare-answers-1", PAGE + "returns-zero", giving(Answer("", 1)),
           "A success answers 1."),
    mutant("unshare-false-success", PAGE + "error-minus-one", giving(Answer()),
           "A call that is refused answers 0 and changes nothing (sandboxes that pretend)."),
    mutant("unshare-failure-drops-capabilities", LINUX + "failure-changes-nothing",
           world_with(lambda old, now: {"capabilities": replace(old.capabilities, permitted=0, effective=0)}),
           "A call that is refused has taken the capabilities away."),
    mutant("unshare-failure-resets-keepcaps", LINUX + "failure-changes-nothing",
           world_with(lambda old, now: {"keep_caps": False}),
           "A call that is refused has reset the securebits."),
    mutant("userns-limit-is-one-for-all", LINUX + "limit-of-each-namespace", giving(None),
           "The number that is written is not that of the namespace."),
    mutant("userns-limit-for-all", LINUX + "limit-takes-CAP_SYS_RESOURCE", never(),
           "Everybody can set the limit of a namespace."),
    mutant("userns-limit-for-nobody", LINUX + "limit-takes-CAP_SYS_RESOURCE", always(),
           "Nobody inside can set the limit of a namespace."),
)  # fmt: skip
