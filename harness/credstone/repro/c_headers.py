"""Which headers a program needs: decided by the names that it uses."""

from __future__ import annotations

import re

_DECLARES = {
    "dirent.h": r"opendir",
    "errno.h": r"errno",
    "fcntl.h": r"O_\w+|open\(",
    "grp.h": r"setgroups\(|initgroups|getgrouplist|getgr(nam|gid)|struct group|group_member",
    "limits.h": r"NGROUPS_MAX|PTHREAD_STACK_MIN",
    "linux/capability.h": r"CAP_\w+|__user_cap\w+",
    "pthread.h": r"pthread_\w+",
    "pwd.h": r"getpwnam|struct passwd",
    "sched.h": r"unshare|CLONE_\w+",
    "signal.h": r"SIG\w+|kill\(",
    "stdbool.h": r"bool",
    "stdint.h": r"u?int\w+_t|intptr_t",
    "stdio.h": r"printf|FILE|fputs",
    "stdlib.h": r"exit\(|malloc|strtou?ll?|mkdtemp|atoi|qsort",
    "string.h": r"str(len|cmp|ncmp|chr|spn|cspn|error)",
    "sys/fsuid.h": r"(?<!SYS_)setfs[ug]id\(",
    "sys/mman.h": r"mmap",
    "sys/mount.h": r"mount\(",
    "sys/prctl.h": r"prctl",
    "sys/sendfile.h": r"sendfile",
    "sys/socket.h": r"socketpair",
    "sys/stat.h": r"f?chmod|struct stat|umask",
    "sys/statvfs.h": r"f?statvfs",
    "sys/syscall.h": r"SYS_\w+",
    "sys/wait.h": r"wait(pid)?\(",
    "unistd.h": r"\w+",
}


def headers(code: str) -> str:
    """The #include lines, in the order of their names."""
    code = re.sub(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"', "", code, flags=re.DOTALL)
    return "\n".join(f"#include <{name}>" for name, names in _DECLARES.items() if re.search(rf"\b(?:{names})", code))
