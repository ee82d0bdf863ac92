"""Machines that there are not, and what cells lack on them."""

from __future__ import annotations

from building import credential, facts
from credstone.doctor.machine import ROOM, Folder, Here
from credstone.words.capability import MASKS
from credstone.words.container_start import Asked
from credstone.words.facts import Facts

ROOM_ENOUGH = Folder("/var/tmp", free=ROOM, writable=True)
NO_CAPABILITY = credential(1000, 1000, (1000,), 0)


def here(*programs: str, **other: object) -> Here:
    """A machine of Debian's with these programs besides apt-get, and root at it, unless said otherwise."""
    usual: dict[str, object] = {
        "uid": 0,
        "user": "somebody",
        "programs": {name: f"/usr/bin/{name}" for name in ("apt-get", *programs)},
        "settings": {},
        "folder": Folder("/tmp", free=ROOM, writable=True),
        "others": (ROOM_ENOUGH,),
        "command": "/opt/credstone",
    }
    return Here(**(usual | other))  # type: ignore[arg-type]


FILTERED = dict.fromkeys(
    ("setgroups", "setresgid", "setresuid", "unshare", "setns", "ptrace", "process_vm_readv"), "EPERM"
)
HOSTILE: dict[str, Facts] = {
    "an ordinary user": facts(NO_CAPABILITY),
    "some capabilities": facts(credential(capabilities=MASKS["CAP_SETUID"] | MASKS["CAP_SETGID"] | MASKS["CAP_CHOWN"])),
    "user 0 without any": facts(credential(capabilities=0)),
    "one id": facts(uid_map="0 1000 1", gid_map="0 1000 1", setgroups="deny", initial_user_namespace=False),
    "a filter": facts(seccomp=2, refused=FILTERED, new_user_namespace="EPERM", new_mount_namespace="EPERM"),
    "no namespaces": facts(
        new_user_namespace="ENOSPC", new_mount_namespace="ENOSPC", max_user_namespaces=0, max_mnt_namespaces=0
    ),
    "a bad folder": facts(folder_options="rw,nosuid,noexec", file_capabilities="EOPNOTSUPP"),
    "no_new_privs": facts(credential(no_new_privs=1)),
    "Yama": facts(ptrace_scope=2, process_limit=5, sysctl_options="ro"),
    "Yama a little": facts(ptrace_scope=1, message_queues="ENOSYS"),
    "musl": facts(libc="musl 1.2.5", python="CPython 3.8.1"),
    "a preload that is not loaded": facts(not_used=("LD_PRELOAD names /p.so, and the agent did not load it: so.",)),
    "another library": facts(not_used=("LD_LIBRARY_PATH has the C library /l/libc.so, and the one in use is /m.",)),
    "a wrapped syscall()": facts(raw_calls="syscall(2), in /p.so, and /proc/thread-self/status contradict each other"),
    "threads of a small library": facts(libc="static dietlibc", static=True, real_threads=False),
    "an old kernel": facts(kernel="4.14.0", long_map="EINVAL", refused={"setfsuid": "ENOSYS"}),
    "a kernel that does not tell its level": facts(kernel="5.10.0-7"),
    "another kernel": facts(kernel="", execution="ENOEXEC", runtime="qemu-s390x 7.2"),
    "asked for root": facts(asked=Asked()),
    "asked for a user": facts(
        asked=Asked(uid=1000, gid=1000, groups=(2000,), capabilities=0, uid_map="0 1 1", gid_map="0 1 1")
    ),
}
"""Whatever the planner can find missing is missing on one of these."""
