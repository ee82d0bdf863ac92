"""Since which kernel a rule holds: the one table of it, for the model and for what a target lacks.

A rule that came as a feature holds from a series on.  One that came as a fix was put into the stable updates of older
series too; those levels stand here as the changelogs of the updates have them.  Where a kernel does not tell its level, or
nobody has looked through the updates of its series, it is not known whether it has the rule: a cell in which that would
decide is ``unsupported`` (``Unknown``), so that no kernel is blamed for a rule that it may rightly lack, or have.
"""

from __future__ import annotations

import msgspec

from credstone.model.arguments import NotModelled
from credstone.words.kernel import Kernel


class Since(msgspec.Struct, frozen=True):
    """A rule of the kernel: ``what`` is the case since ``mainline``.

    ``updates`` are the first levels of older series that have it, None for a feature, which is in no update, and empty for
    one that vendors have put into older kernels, so that of none of those it is known.  Kernels from ``began`` on, where it
    is given, have the beginnings of it: neither the old rule nor the new one.  ``clauses`` are those that scenarios are
    about whose answers it changes.
    """

    what: str
    mainline: tuple[int, int]
    updates: tuple[tuple[tuple[int, int], int], ...] | None = None
    began: tuple[int, int] | None = None
    clauses: tuple[str, ...] = ()

    def __str__(self) -> str:
        """``to map user 0 takes CAP_SETFCAP since Linux 5.12``."""
        return f"{self.what} since {self.since}"

    @property
    def since(self) -> str:
        """``Linux 5.12``."""
        return f"Linux {self.mainline[0]}.{self.mainline[1]}"


class Unknown(NotModelled):
    """What decides a call is not known of the target: whether its kernel has a rule, or a fact.  The text says what."""


def holds(rule: Since, kernel: Kernel) -> bool:
    """Whether the rule holds on this kernel.  Raises Unknown."""
    if rule.began is not None and kernel.series < rule.began:
        return False
    if kernel.series > rule.mainline or (kernel.series == rule.mainline and not kernel.candidate):
        return True
    if kernel.series == rule.mainline:
        raise Unknown(f"{rule}, and this kernel is a candidate of that")
    levels = dict(rule.updates or ())
    if kernel.series in levels:
        first = levels[kernel.series]
        if kernel.level is None:
            series = f"{kernel.series[0]}.{kernel.series[1]}"
            raise Unknown(f"{rule} and {series}.{first}, and this kernel tells no more than {kernel}")
        if kernel.level >= first:
            return True
    elif rule.updates is not None:
        raise Unknown(f"{rule}, and it is not known whether an update of {kernel} has it")
    if rule.began is not None:
        raise Unknown(f"{rule}, and {kernel} has the beginnings of it alone")
    return False


LIMITED_NAMESPACES = Since(
    "each user namespace has a limit to those in it",
    (4, 9),
    clauses=(
        "clone(2)/ENOSPC-max_user_namespaces",
        "unshare(2)/ENOSPC-max_user_namespaces",
        "unshare(2)/linux/limit-of-each-namespace",
        "unshare(2)/linux/limit-takes-CAP_SYS_RESOURCE",
    ),
)
IDS_WITHOUT_SIGN = Since(
    "/proc/PID/status shows ids from 2147483648 on as they are, not as negative numbers",
    (4, 9),
    clauses=("user_namespaces(7)/linux/map-does-not-wrap", "user_namespaces(7)/privileged-maps-anything"),
)
NO_NEW_PRIVS_SHOWN = Since(
    "/proc/PID/status shows no_new_privs",
    (4, 10),
    clauses=(
        "container-start/no-new-privileges",
        "execve(2)/ignored-no_new_privs",
        "nptl(7)/linux/others-move-one",
        "prctl(2)/PR_SET_NO_NEW_PRIVS-status",
    ),
)
UNDUMPABLE_AT_HOME = Since(
    "the files in /proc of a process that is not dumpable belong to root of its user namespace",
    (4, 11),
    clauses=("ptrace(2)/linux/undumpable-belongs-to-root",),
)
PEER_GROUPS = Since(
    "a socket tells the groups of its peer",
    (4, 13),
    clauses=("unix(7)/linux/SO_PEERGROUPS", "user_namespaces(7)/overflow-sockets"),
)
FILE_CAPABILITIES_OF_A_ROOT = Since(
    "capabilities of files may count for the root of one user namespace",
    (4, 14),
    updates=(),
    clauses=("capabilities(7)/version-3-for-its-root",),
)
SECURE_BY_THE_FILE = Since(
    "a set-id program is executed securely even where a tracer keeps it from its new ids",
    (4, 14),
    clauses=("execve(2)/linux/AT_SECURE",),
)
MANY_MAP_LINES = Since(
    "a map of ids may have 340 lines",
    (4, 15),
    clauses=(
        "user_namespaces(7)/map-line-limit",
        "user_namespaces(7)/linux/many-lines-sorted",
        "user_namespaces(7)/nested-maps-translate",
    ),
)
NO_EUSERS = Since(
    "too many user namespaces are ENOSPC",
    (4, 9),
    clauses=("clone(2)/ENOSPC-nesting", "unshare(2)/ENOSPC-nesting", "user_namespaces(7)/nesting-limit-EUSERS"),
)
CGROUP_NAMESPACES = Since(
    "there are cgroup namespaces",
    (4, 6),
    updates=(),
    clauses=("unshare(2)/EPERM-capability", "user_namespaces(7)/user-namespace-first"),
)
TIME_NAMESPACES = Since("there are time namespaces", (5, 6))
NAMESPACE_RELATIONS = Since(
    "ioctl(2) tells the relations of namespaces",
    (4, 9),
    clauses=(
        "ioctl_ns(2)/EPERM",
        "ioctl_ns(2)/NS_GET_PARENT",
        "ioctl_ns(2)/NS_GET_PARENT-EINVAL",
        "ioctl_ns(2)/NS_GET_USERNS",
        "user_namespaces(7)/owned-by-the-creators-namespace",
        "user_namespaces(7)/parent-is-the-creators",
        "user_namespaces(7)/user-namespace-first",
    ),
)
NAMESPACE_OWNER = Since(
    "ioctl(2) tells the owner of a user namespace",
    (4, 11),
    clauses=(
        "ioctl_ns(2)/NS_GET_OWNER_UID",
        "ioctl_ns(2)/NS_GET_OWNER_UID-EINVAL",
        "ioctl_ns(2)/linux/owner-in-the-callers-ids",
        "user_namespaces(7)/owner-is-the-effective-uid",
    ),
)
PIDFD_OPEN = Since(
    "any process can be opened as a descriptor",
    (5, 3),
    clauses=(
        "kill(2)/EPERM",
        "kill(2)/itself",
        "kill(2)/linux/other-ways",
        "kill(2)/signal-0",
        "setns(2)/EINVAL-multithreaded",
        "setns(2)/EINVAL-own-user-namespace",
        "setns(2)/EINVAL-pidfd",
        "setns(2)/EPERM-user-namespace",
        "setns(2)/pidfd-joins-those-named",
    ),
)
FACCESSAT_FLAGS = Since(
    "faccessat(2) takes flags",
    (5, 8),
    clauses=(
        "access(2)/AT_EACCESS",
        "access(2)/EINVAL-flags",
        "access(2)/invoking-user",
        "access(2)/linux/filesystem-ids-are-not-asked",
        "access(2)/root-by-permitted",
    ),
)
SETNS_BY_PIDFD = Since(
    "setns(2) takes the descriptor of a process",
    (5, 8),
    clauses=("setns(2)/EINVAL-pidfd", "setns(2)/EPERM-user-namespace", "setns(2)/pidfd-joins-those-named"),
)
MAPS_OF_ROOT = Since(
    "to map user 0 takes CAP_SETFCAP",
    (5, 12),
    (((5, 10), 35), ((5, 11), 19)),
    clauses=("user_namespaces(7)/root-map-from-inside", "user_namespaces(7)/root-map-from-outside"),
)
TRACEME_BY_THE_CALLER = Since(
    "PTRACE_TRACEME keeps the credential of the caller, not that of its parent",
    (5, 2),
    (),
    clauses=("ptrace(2)/linux/TRACEME-credential-of-the-caller",),
)
"""The fix of CVE-2019-13272, which vendors took into older kernels."""
PROCESSES_BY_NAMESPACE = Since(
    "the processes of a user are counted in each user namespace apart, before the caller is one of them",
    (5, 17),
    (((5, 16), 11),),
    began=(5, 14),
    clauses=(
        "execve(2)/EAGAIN",
        "execve(2)/EAGAIN-the-last-process",
        "setresuid(2)/over-the-process-limit",
        "setreuid(2)/over-the-process-limit",
        "setuid(2)/over-the-process-limit",
    ),
)
"""5.14 began to count so; whom it counts, and when, was set right later."""
STRANGERS_LOSE_SET_GID = Since(
    "a file that its group may not execute loses its set-group-ID bit to strangers",
    (6, 2),
    (((5, 10), 176), ((6, 1), 15)),
    clauses=("chown(2)/set-group-ID-of-strangers",),
)
NO_OP_RETURNS_EARLY = Since(
    "setresuid(2) and setresgid(2) leave the filesystem ID alone where they change nothing",
    (6, 3),
    (((5, 10), 179), ((5, 15), 109), ((6, 1), 26), ((6, 2), 13)),
    clauses=("setresgid(2)/fsgid-follows", "setresuid(2)/fsuid-follows"),
)
UNPRIVILEGED_SECUREBITS = Since(
    "there are securebits that anybody may set",
    (6, 14),
    clauses=("prctl(2)/linux/PR_SET_SECUREBITS-for-everybody",),
)
PROGRAMS_BY_CHANGE = Since(
    "an execve(2) that leaves the effective ids as they were gives nobody new ids",
    (6, 17),
    clauses=("execve(2)/linux/ids-that-were-there",),
)

RULES = tuple(rule for rule in vars().values() if isinstance(rule, Since))


def tells_all(kernel: Kernel) -> bool:
    """Whether of every rule it can be told if this kernel has it."""
    try:
        for rule in RULES:
            holds(rule, kernel)
    except Unknown:
        return False
    return True
