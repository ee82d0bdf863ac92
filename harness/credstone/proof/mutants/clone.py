"""Ways to get clone(2) wrong, as far as it makes user namespaces."""

from __future__ import annotations

from credstone.model.namespaces.ioctl_ns import KINDS
from credstone.model.rules import Refusal, Rule
from credstone.proof.mutants.build import answering, arguments, giving, mutant, never, replace, when
from credstone.words.answer import Answer

PAGE = "clone(2)/"
NEW_USER = KINDS["user"]


def _with_parent_refused(rule: Rule, now: object) -> Rule:
    if isinstance(rule, Refusal):
        return replace(rule, errno="EPERM")
    return replace(rule, value=False)


MUTANTS = (
    mutant("clone-stays", PAGE + "NEWUSER", giving(0),
           "The flag is ignored: the child is in the namespace of its parent (kernels without user namespaces)."),
    mutant("clone-leaves", PAGE + "without-NEWUSER", giving(0),
           "A child begins in the initial user namespace."),
    mutant("clone-for-root", PAGE + "NEWUSER-takes-no-privilege",
           when(lambda now: bool(arguments(now)[0] & NEW_USER) and not now.credential.capabilities.effective),
           "CLONE_NEWUSER takes a capability (Linux before 3.8)."),
    mutant("clone-thread-elsewhere", PAGE + "EINVAL-NEWUSER-and-THREAD", answering("EPERM"),
           "A thread in another user namespace is refused with EPERM (WSL 1)."),
    mutant("clone-sibling-EPERM", PAGE + "EINVAL-NEWUSER-and-PARENT", _with_parent_refused,
           "CLONE_PARENT is refused with EPERM."),
    mutant("clone-shared-root", PAGE + "EINVAL-NEWUSER-and-FS", never(),
           "The child shares its root directory with its parent (CVE-2013-1858, Linux 3.8)."),
    mutant("clone-shared-root-mounts", PAGE + "EINVAL-NEWNS-and-FS", never(),
           "A new mount namespace is taken with shared directories."),
    mutant("clone-thread-alone", PAGE + "EINVAL-THREAD-without-SIGHAND", answering("EPERM"),
           "CLONE_THREAD alone is refused with EPERM."),
    mutant("clone-sighand-alone", PAGE + "EINVAL-SIGHAND-without-VM", never(),
           "CLONE_SIGHAND is taken without CLONE_VM."),
    mutant("clone-everything-for-everybody", PAGE + "EPERM-capability", never(),
           "Namespaces of other kinds take no capability."),
    mutant("clone-everything-for-nobody", PAGE + "EPERM-capability",
           when(lambda now: bool(arguments(now)[0] & (sum(KINDS.values()) & ~NEW_USER))),
           "Namespaces of other kinds are refused to everybody (container engines without privileges)."),
    mutant("clone-without-uid", PAGE + "EPERM-unmapped-uid", never(),
           "A namespace can be made by somebody who is nobody."),
    mutant("clone-without-gid", PAGE + "EPERM-unmapped-gid", never(),
           "Only the user ID is asked for a mapping."),
    mutant("clone-in-chroot", PAGE + "EPERM-chroot", never(),
           "A new namespace is a way out of a chroot(2) environment (Linux 3.8)."),
    mutant("clone-nesting-EUSERS", PAGE + "ENOSPC-nesting", answering("EUSERS"),
           "The last level answers EUSERS (Linux before 4.9)."),
    mutant("clone-beyond-the-limit", PAGE + "ENOSPC-max_user_namespaces", never(),
           "The limit is not kept."),
    mutant("clone-makes-nothing", PAGE + "new-namespaces", giving(0),
           "The flags are taken and the child has the namespaces of its parent."),
    mutant("clone-false-success", PAGE + "error-minus-one", giving(Answer()),
           "A call that is refused answers as if there was a child."),
)  # fmt: skip
