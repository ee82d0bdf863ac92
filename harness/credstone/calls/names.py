"""What people type for a call: the names that strace(1), the kernel and C libraries have for it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

TYPED = {
    "execve": "exec", "execveat": "exec", "execv": "exec", "fexecve": "exec",
    "_exit": "exit", "exit_group": "exit", "wait": "waitid", "wait4": "waitid", "waitpid": "waitid",
    "creat": "open", "openat": "open", "openat2": "open", "pwrite64": "pwrite",
    "faccessat2": "faccessat", "fstat": "stat", "lstat": "stat", "newfstatat": "stat", "statx": "stat",
    "fchmod": "chmod", "fchmodat": "chmod", "fchown": "chown", "fchownat": "chown", "ftruncate": "truncate",
    "mkdirat": "mkdir", "unlinkat": "unlink", "renameat": "rename", "renameat2": "rename", "linkat": "link",
    "utime": "utimensat", "utimes": "utimensat", "futimens": "utimensat",
    "rt_sigprocmask": "sigprocmask", "pthread_sigmask": "sigprocmask", "rt_sigaction": "sigaction", "signal": "sigaction",
    "rt_sigqueueinfo": "sigqueue", "rt_sigtimedwait": "sigwaitinfo", "sigtimedwait": "sigwaitinfo",
    "prlimit64": "prlimit", "nice": "setpriority", "clone3": "clone", "getgroups_list": "getgroups",
    "cap_get_proc": "capget", "cap_set_proc": "capset", "process_vm_writev": "process_vm_readv",
}  # fmt: skip
"""Names that are no calls here, and the call that stands for them."""
BY_WHO = ("fork", "vfork", "pthread_create")
"""What a line does by naming a child, a process of vfork(2) or a thread."""


def meant(name: str, known: Iterable[str]) -> str:
    """The hint for a name that is no call; empty where none is near."""
    if name in BY_WHO:
        return "a new process or thread is named before its first line: 'child c: getuid()', 'thread t: getuid()'"
    names = list(known)
    for other in (TYPED.get(name), name.removesuffix("32"), TYPED.get(name.removesuffix("32"))):
        if other in names:
            return f"did you mean {other}?"
    near = difflib.get_close_matches(name, names, n=2, cutoff=0.75)
    return f"did you mean {' or '.join(near)}?" if near else ""
