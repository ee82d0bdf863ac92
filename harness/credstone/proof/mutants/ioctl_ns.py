"""Ways to get ioctl_ns(2) wrong."""

from __future__ import annotations

from credstone.proof.mutants.build import answering, deciding, giving, mutant, never, when

PAGE = "ioctl_ns(2)/"

MUTANTS = (
    mutant("ioctl-owner-is-initial", PAGE + "NS_GET_USERNS", giving(0),
           "Every namespace belongs to the initial user namespace."),
    mutant("ioctl-parent-is-itself", PAGE + "NS_GET_PARENT", deciding(lambda number, now: number + 1),
           "The namespace itself comes back."),
    mutant("ioctl-parent-of-all", PAGE + "NS_GET_PARENT-EINVAL", answering("ENOTTY"),
           "Kinds without parents answer ENOTTY."),
    mutant("ioctl-owner-is-itself", PAGE + "parent-owns", deciding(lambda number, now: number + 1),
           "A user namespace owns itself."),
    mutant("ioctl-shows-all", PAGE + "EPERM", never(),
           "A process inside can get at the namespaces above."),
    mutant("ioctl-shows-nothing", PAGE + "EPERM", answering("EINVAL"),
           "What is above is EINVAL."),
    mutant("ioctl-real-owner", PAGE + "NS_GET_OWNER_UID", giving(0),
           "All user namespaces belong to root."),
    mutant("ioctl-owner-of-all", PAGE + "NS_GET_OWNER_UID-EINVAL", never(),
           "Namespaces of other kinds have an owner as well."),
    mutant("ioctl-owner-outside", PAGE + "linux/owner-in-the-callers-ids",
           deciding(lambda uid, now: 0 if uid == 65534 else uid),
           "An owner without a number shows as root."),
    mutant("ioctl-any-file", PAGE + "ENOTTY", when(lambda now: False),
           "Every file is taken for a namespace."),
)  # fmt: skip
