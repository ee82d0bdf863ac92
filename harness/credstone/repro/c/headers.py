"""Which headers a program needs: decided by the names that it uses.

Those of calls are in the table of calls; here are the names of all else.
"""

from __future__ import annotations

import re
from functools import lru_cache

from credstone.calls.table import declarations

_OTHERS = {
    "alloca.h": r"alloca\(",
    "dirent.h": r"opendir",
    "errno.h": r"errno",
    "fcntl.h": r"O_\w+|open\(",
    "ftw.h": r"nftw",
    "grp.h": r"struct group",
    "limits.h": r"NGROUPS_MAX|PTHREAD_STACK_MIN",
    "linux/capability.h": r"CAP_\w+|__user_cap\w+|_LINUX_CAP\w+|vfs_ns_cap_data",
    "linux/nsfs.h": r"NS_GET_\w+",
    "linux/securebits.h": r"SECBIT_\w+",
    "pthread.h": r"pthread_\w+",
    "pwd.h": r"struct passwd",
    "sched.h": r"sched_yield|CLONE_\w+|setns|sched_param|SCHED_\w+",
    "signal.h": r"SIG\w+|siginfo_t|sigset_t|sigqueue|struct sigaction|SI_\w+|stack_t",
    "stdarg.h": r"va_list",
    "stdbool.h": r"bool",
    "stddef.h": r"offsetof",
    "stdint.h": r"u?int\w+_t|intptr_t",
    "stdio.h": r"\w*printf|FILE|fputs|putc",
    "stdlib.h": r"exit\(|abort\(|malloc|strtou?ll?|mkdtemp|atoi|qsort",
    "string.h": r"(str(len|ncpy|cmp|ncmp|chr|spn|cspn|error)|mem(cpy|set))",
    "sys/auxv.h": r"getauxval|AT_[A-Z]*[UG]ID|AT_SECURE",
    "sys/ioctl.h": r"ioctl\(",
    "sys/mman.h": r"mmap|memfd_create|mprotect",
    "sys/mount.h": r"mount\(",
    "sys/msg.h": r"msg(get|ctl|snd)\(|struct msqid_ds",
    "sys/prctl.h": r"prctl",
    "sys/ptrace.h": r"ptrace\(|PTRACE_\w+",
    "sys/resource.h": r"\w*rlimit|RLIMIT_\w+|PRIO_\w+",
    "sys/sendfile.h": r"sendfile",
    "sys/socket.h": r"socket(pair)?\(|(set|get)sockopt|accept\(|SO_\w+|msghdr",
    "sys/stat.h": r"fchmod|struct stat|utimensat|mode_t",
    "sys/statvfs.h": r"f?statvfs",
    "sys/syscall.h": r"SYS_\w+",
    "sys/uio.h": r"process_vm_readv|struct iovec",
    "sys/un.h": r"sockaddr_un",
    "sys/wait.h": r"wait(pid|id)?\(|WIF\w+|WEXIT\w+|WTERM\w+|WSTOPPED|__WALL|P_ALL",
    "sys/xattr.h": r"setxattr",
    "time.h": r"struct timespec|time\(|time_t",
    "unistd.h": r"\w+",
}


def _declares() -> dict[str, str]:
    """The names that each header declares, in the order of the headers."""
    names = {header: [pattern] for header, pattern in _OTHERS.items()}
    for call in declarations().values():
        if call.header and call.header != "unistd.h":
            names.setdefault(call.header, []).append(rf"{call.name}\(")
    return {header: "|".join(names[header]) for header in sorted(names)}


_DECLARES = _declares()


def headers(*texts: str) -> str:
    """The #include lines for these parts of a program, in the order of their names."""
    used = frozenset[str]().union(*map(_declaring, texts))
    return "\n".join(f"#include <{name}>" for name in _DECLARES if name in used)


@lru_cache(maxsize=256)
def _declaring(text: str) -> frozenset[str]:
    """The headers for one part; the helpers are in many programs."""
    code = re.sub(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"', "", text, flags=re.DOTALL)
    return frozenset(name for name, names in _DECLARES.items() if re.search(rf"\b(?:{names})", code))
