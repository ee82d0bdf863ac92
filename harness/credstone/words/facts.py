"""What was probed on a target before anything ran.  Facts decide what applies; names and guesses do not."""

from __future__ import annotations

import re

import msgspec

from credstone.words.container_start import Asked
from credstone.words.credential import Credential
from credstone.words.kernel import Kernel, read_kernel

NEWEST_PYTHON = (3, 14)


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of one target, as its agent reports them.

    ``libc`` is the C library with its whole version, behind the word ``static`` where the agent brings it along;
    ``unknown libc`` is one that says nothing of itself.  ``libc_file`` is the file that was loaded, ``ld_preload`` and
    ``ld_library_path`` are what the environment of the agent says of it.  ``not_used`` says which libraries the caller
    named that this agent does not use, and why (the harness finds out).  ``raw_calls`` is empty where the kernel
    answers the raw system calls of the agent; else it says what does (agent in Python alone).

    ``kernel`` and ``kernel_version`` are the release and the version that uname(2) tells, ``kernel_signature`` what
    stands in /proc/version_signature.  ``credential`` is what the agent itself was started with.

    Probes answer an errno name, or an empty text where the thing works: ``new_user_namespace`` and
    ``new_mount_namespace`` were tried in a child, ``setgroups`` and the others of ``refused`` likewise with the agent's
    own values, so that a filter shows; ``long_map`` is a map of six lines, ``execution`` a copy of the agent (agent in C
    alone).  ``folder_options`` are the mount options of the temporary folder, ``sysctl_options`` those of /proc/sys.
    ``user_namespaces`` is whether there is a /proc/self/ns/user, ``max_user_namespaces`` and ``max_mnt_namespaces`` are what
    /proc/sys/user has of these limits, ``threads`` is how many threads the kernel counts in the agent, which has one: an
    emulator that runs it may have others.
    ``initial_user_namespace`` is whether the agent lives in the one that the kernel started with, where levels of
    nesting are counted from; ``ptrace_scope`` is that of Yama, ``umask`` the mask that the agent was started with,
    ``process_limit`` the hard limit on processes (-1: none).  ``static`` is whether the agent brings its own C library,
    ``thread_pointer_kept`` whether a thread is still itself to that library when it has handled a signal, ``real_threads``
    whether its threads are threads of one process to the kernel, with variables of their own (agent in C alone).
    Absent things are empty texts or -1.

    What the harness knows of a container it adds itself: ``engine``, ``host_kernel`` (that of the engine's machine, which
    need not be the container's), ``runtime``, ``image``, ``posture`` in words, and what was ``asked`` of the runtime; None
    where no runtime was asked.  Of a program that stands in for a kernel ``runtime`` is its name and version; of one that
    only pretends that its programs are root's ``pretends_to`` is whose calls it answers: ``libc`` for callers of the C
    library alone, ``syscall`` for everybody.  Then ``credential`` is what it pretends, and ``groups_kept`` whether
    getgroups(2) tells there what setgroups(2) was given.
    """

    api_level: int = 1
    kernel: str = ""
    kernel_version: str = ""
    kernel_signature: str = ""
    machine: str = ""
    abi: str = ""
    libc: str = ""
    libc_file: str = ""
    ld_preload: str = ""
    ld_library_path: str = ""
    not_used: tuple[str, ...] = ()
    raw_calls: str = ""
    python: str = ""
    pid: int = 0
    credential: Credential
    uid_map: str = ""
    gid_map: str = ""
    setgroups: str = ""
    ngroups_max: int = -1
    sysconf_ngroups_max: int = -1
    overflow_uid: int = 65534
    overflow_gid: int = 65534
    last_capability: int = -1
    suid_dumpable: int = 0
    seccomp: int = 0
    security_label: str = ""
    new_user_namespace: str = ""
    new_mount_namespace: str = ""
    long_map: str = ""
    refused: dict[str, str] = {}
    folder_options: str = ""
    sysctl_options: str = ""
    initial_user_namespace: bool = True
    user_namespaces: bool = True
    max_user_namespaces: int = -1
    max_mnt_namespaces: int = -1
    threads: int = 1
    ptrace_scope: int = 0
    file_capabilities: str = ""
    execution: str = ""
    message_queues: str = ""
    process_limit: int = -1
    umask: int = 0o022
    static: bool = False
    engine: str = ""
    host_kernel: str = ""
    runtime: str = ""
    image: str = ""
    posture: str = ""
    asked: Asked | None = None
    pretends_to: str = ""
    groups_kept: bool = True
    thread_pointer_kept: bool = True
    real_threads: bool = True

    @property
    def linux(self) -> Kernel:
        """Which Linux the kernel is, by its own words."""
        return read_kernel(self.kernel, self.kernel_version, self.kernel_signature)

    @property
    def library(self) -> str:
        """Which C library it is, without its version: ``glibc``, ``musl``, …; ``unknown`` for one that is not known."""
        return self.libc.removeprefix("static ").partition(" ")[0]

    @property
    def loading(self) -> tuple[str, ...]:
        """What the environment of the agent says of libraries, as a shell has it; empty where it says nothing."""
        told = (("LD_PRELOAD", self.ld_preload), ("LD_LIBRARY_PATH", self.ld_library_path))
        return tuple(f"{name}={value}" for name, value in told if value)

    @property
    def python_version(self) -> tuple[int, int]:
        """The version of the Python language that the agent runs in; the newest where the facts name none."""
        found = re.search(r"(\d+)\.(\d+)", self.python)
        return (int(found[1]), int(found[2])) if found else NEWEST_PYTHON
