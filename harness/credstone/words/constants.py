"""The constants of the headers that scripts use, with the values that all architectures of today share."""

from __future__ import annotations

from credstone.words.capability import MASKS

CONSTANTS = {
    "O_RDONLY": 0, "O_WRONLY": 1, "O_RDWR": 2, "O_CREAT": 0o100, "O_EXCL": 0o200, "O_TRUNC": 0o1000, "O_APPEND": 0o2000,
    "F_OK": 0, "X_OK": 1, "W_OK": 2, "R_OK": 4, "AT_EACCESS": 0x200,
    "CLONE_VM": 0x100, "CLONE_FS": 0x200, "CLONE_FILES": 0x400, "CLONE_SIGHAND": 0x800, "CLONE_PARENT": 0x8000,
    "CLONE_THREAD": 0x10000, "CLONE_NEWNS": 0x20000, "CLONE_SYSVSEM": 0x40000, "CLONE_NEWCGROUP": 0x2000000,
    "CLONE_NEWUTS": 0x4000000, "CLONE_NEWIPC": 0x8000000, "CLONE_NEWUSER": 0x10000000, "CLONE_NEWPID": 0x20000000,
    "CLONE_NEWNET": 0x40000000, "CLONE_NEWTIME": 0x80,
    "NS_GET_USERNS": 0xB701, "NS_GET_PARENT": 0xB702, "NS_GET_OWNER_UID": 0xB704,
    "PR_SET_PDEATHSIG": 1, "PR_GET_PDEATHSIG": 2, "PR_GET_DUMPABLE": 3, "PR_SET_DUMPABLE": 4,
    "PR_GET_KEEPCAPS": 7, "PR_SET_KEEPCAPS": 8, "PR_CAPBSET_READ": 23, "PR_CAPBSET_DROP": 24,
    "PR_GET_SECUREBITS": 27, "PR_SET_SECUREBITS": 28, "PR_SET_NO_NEW_PRIVS": 38, "PR_GET_NO_NEW_PRIVS": 39,
    "PR_CAP_AMBIENT": 47, "PR_CAP_AMBIENT_IS_SET": 1, "PR_CAP_AMBIENT_RAISE": 2, "PR_CAP_AMBIENT_LOWER": 3,
    "PR_CAP_AMBIENT_CLEAR_ALL": 4,
    "SECBIT_NOROOT": 0x1, "SECBIT_NOROOT_LOCKED": 0x2, "SECBIT_NO_SETUID_FIXUP": 0x4,
    "SECBIT_NO_SETUID_FIXUP_LOCKED": 0x8, "SECBIT_KEEP_CAPS": 0x10, "SECBIT_KEEP_CAPS_LOCKED": 0x20,
    "SECBIT_NO_CAP_AMBIENT_RAISE": 0x40, "SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED": 0x80,
    "_LINUX_CAPABILITY_VERSION_1": 0x19980330, "_LINUX_CAPABILITY_VERSION_2": 0x20071026,
    "_LINUX_CAPABILITY_VERSION_3": 0x20080522,
    "SIGHUP": 1, "SIGINT": 2, "SIGQUIT": 3, "SIGABRT": 6, "SIGKILL": 9, "SIGUSR1": 10, "SIGSEGV": 11, "SIGUSR2": 12,
    "SIGPIPE": 13, "SIGALRM": 14, "SIGTERM": 15, "SIGCHLD": 17, "SIGCONT": 18, "SIGSTOP": 19, "SIGURG": 23,
    "SIGWINCH": 28, "SIGSYS": 31,
    "SIG_DFL": 0, "SIG_IGN": 1, "SIG_BLOCK": 0, "SIG_UNBLOCK": 1, "SIG_SETMASK": 2,
    "PTRACE_TRACEME": 0, "PTRACE_ATTACH": 16, "PTRACE_DETACH": 17, "PTRACE_SEIZE": 0x4206,
    "AT_UID": 11, "AT_EUID": 12, "AT_GID": 13, "AT_EGID": 14, "AT_SECURE": 23,
    "RLIMIT_CORE": 4, "RLIMIT_NPROC": 6, "RLIMIT_NOFILE": 7,
    "PRIO_PROCESS": 0, "PRIO_PGRP": 1, "PRIO_USER": 2, "SCHED_OTHER": 0, "SCHED_FIFO": 1, "SCHED_BATCH": 3,
    "IOPRIO_WHO_PROCESS": 1,
    "SO_PEERCRED": 17, "SO_PEERGROUPS": 59, "SCM_CREDENTIALS": 2, "IPC_RMID": 0, "IPC_SET": 1, "IPC_STAT": 2,
    "NGROUPS_MAX": 65536,
}  # fmt: skip
"""By name.  A capability stands for its number where a call takes one, and for its bit in a set."""


def value_of(name: str) -> int | None:
    """The value of a constant, capabilities by their number; None if it is not known."""
    if name in MASKS:
        return MASKS[name].bit_length() - 1
    return CONSTANTS.get(name)


def bits_of(name: str) -> int | None:
    """The value of a constant in a set of bits, capabilities by their mask; None if it is not known."""
    return MASKS.get(name, CONSTANTS.get(name))
