"""What this target is: probed once, before anything runs, and written as the agent's first line.

Facts decide what applies, so each is looked at, not concluded.  Whatever could change the agent is tried in a child.
"""

import errno
import os
import resource
import struct
import sys
from typing import Any, Callable, Dict, List, Tuple

import c_library
import home
import status
from wire import encode

try:
    import beginning
    import constants
    import credential
    import door
    import kernel
    import processes
    import queues
    import syscalls

    MISSING = ""
except ImportError as _error:  # without ctypes, or on a machine that kernel.py does not know: __main__ says so
    MISSING = str(_error)

Probe = Tuple[str, Callable[[], Any]]  # a name, and the call


def encoded() -> str:
    """The facts as one line of JSON.  Without ctypes those that need raw system calls are missing."""
    found = _readable()
    parts: List[str] = []
    if not MISSING:
        found.update(_probed())
        parts = ['"credential":' + credential.encoded()]
    return "{" + ",".join([f"{encode(name)}:{encode(value)}" for name, value in found.items()] + parts) + "}"


def _readable() -> Dict[str, Any]:
    system = os.uname()
    return {
        "api_level": 1,
        "kernel": system.release,
        "kernel_version": system.version,
        "kernel_signature": _text("/proc/version_signature"),
        "machine": system.machine,
        "abi": syscalls.abi() if not MISSING else "",
        "libc": c_library.name(),
        "libc_file": c_library.file(),
        "ld_preload": os.environ.get("LD_PRELOAD", ""),
        "ld_library_path": os.environ.get("LD_LIBRARY_PATH", ""),
        "python": _python(),
        "pid": os.getpid(),
        "uid_map": _map("uid_map"),
        "gid_map": _map("gid_map"),
        "setgroups": _text("/proc/self/setgroups"),
        "ngroups_max": _number("/proc/sys/kernel/ngroups_max"),
        "sysconf_ngroups_max": _sysconf("SC_NGROUPS_MAX"),
        "overflow_uid": _number("/proc/sys/kernel/overflowuid", 65534),
        "overflow_gid": _number("/proc/sys/kernel/overflowgid", 65534),
        "suid_dumpable": _number("/proc/sys/fs/suid_dumpable", 0),
        "security_label": _text("/proc/self/attr/current").rstrip("\0"),
        "folder_options": _mount_options(os.getcwd()),
        "sysctl_options": _mount_options("/proc/sys"),
        "initial_user_namespace": home.is_first(),
        "user_namespaces": home.is_told(),
        "max_user_namespaces": _number("/proc/sys/user/max_user_namespaces"),
        "max_mnt_namespaces": _number("/proc/sys/user/max_mnt_namespaces"),
        "threads": _threads(),
        "ptrace_scope": _number("/proc/sys/kernel/yama/ptrace_scope", 0),
        "process_limit": resource.getrlimit(resource.RLIMIT_NPROC)[1],
    }


def _probed() -> Dict[str, Any]:
    now = credential.observe()
    refused = _tried(_harmless(now))
    user = _tried([("unshare", lambda: kernel.call("unshare", constants.CLONE_NEWUSER))])
    mount = _tried([("unshare", lambda: kernel.call("unshare", constants.CLONE_NEWNS))])
    return {
        "umask": beginning.umask,
        "raw_calls": door.answered_by(),
        "last_capability": _last_capability(),
        "seccomp": _seccomp(),
        "new_user_namespace": user["unshare"],
        "new_mount_namespace": mount["unshare"],
        "file_capabilities": _tried([("setxattr", _with_capabilities)])["setxattr"],
        "message_queues": _tried([("msgget", queues.probe)])["msgget"],
        "refused": {name: error for name, error in refused.items() if error},
    }


def _harmless(now: "credential.Credential") -> List[Probe]:
    """The calls that set credentials or look into processes, each so that it changes nothing: only a filter refuses that.
    What the man pages themselves forbid here is left out: setgroups without the privilege, and ids that no map knows."""
    uid, gid, sets = now.uid, now.gid, now.capabilities
    probes: List[Probe] = [
        ("capset", lambda: kernel.set_capabilities(sets[1], sets[2], sets[0])),
        ("prctl", lambda: kernel.prctl(constants.PR_SET_DUMPABLE, 1)),
        ("setfsuid", lambda: kernel.call("setfsuid", -1)),
        ("setfsgid", lambda: kernel.call("setfsgid", -1)),
        ("unshare", lambda: kernel.library("unshare", 0)),
        ("setns", _no_namespace),
        ("ptrace", lambda: kernel.library("ptrace", constants.WORDS["PTRACE_TRACEME"], 0, 0, 0)),
        ("process_vm_readv", lambda: processes.read_one_byte(os.getpid())),
    ]
    if sets[2] >> constants.WORDS["CAP_SETGID"] & 1 and _map("gid_map") and _text("/proc/self/setgroups") != "deny":
        probes.append(("setgroups", lambda: kernel.set_groups(now.groups)))
    if gid[1] != _number("/proc/sys/kernel/overflowgid", 65534):
        probes += [
            ("setgid", lambda: kernel.call("setgid", gid[1])),
            ("setresgid", lambda: kernel.call("setresgid", *gid[:3])),
            ("setregid", lambda: kernel.call("setregid", gid[0], gid[1])),
        ]
    if uid[1] != _number("/proc/sys/kernel/overflowuid", 65534):
        probes += [
            ("setuid", lambda: kernel.call("setuid", uid[1])),
            ("setresuid", lambda: kernel.call("setresuid", *uid[:3])),
            ("setreuid", lambda: kernel.call("setreuid", uid[0], uid[1])),
        ]
    return probes


def _no_namespace() -> None:
    """setns(2) with what is no descriptor: that it is none is to be found."""
    try:
        kernel.library("setns", -1, 0)
    except OSError as refusal:
        if refusal.errno != errno.EBADF:
            raise


def _with_capabilities() -> None:
    """Give a file of the session's folder an attribute that gives nothing."""
    name = f"capabilities-{os.getpid()}"
    os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    try:
        os.setxattr(name, "security.capability", struct.pack("<5I", 2 << 24, 0, 0, 0, 0))
    finally:
        os.unlink(name)


def _tried(probes: List[Probe]) -> Dict[str, str]:
    """Make these calls one after the other in a child: the errno of each by name, empty where it worked.  A call that
    kills the child is blamed as ``signal N``, and a new child goes on with the next."""
    found: Dict[str, str] = {}
    while len(found) < len(probes):
        left = probes[len(found) :]
        hear, say = os.pipe()
        child = kernel.fork()
        if child == 0:
            try:
                for _, probe in left:
                    error = ""
                    try:
                        probe()
                    except OSError as refusal:
                        error = kernel.errno_name(refusal.errno or 0)
                    os.write(say, error.encode() + b"\n")
            finally:
                os._exit(0)
        os.close(say)
        with open(hear) as answers:
            told = answers.read().split("\n")[:-1]
        _, ended = os.waitpid(child, 0)
        if len(told) < len(left):
            told.append(f"signal {os.WTERMSIG(ended)}")
        found.update((name, error) for (name, _), error in zip(left, told))
    return found


def _map(name: str) -> str:
    """An id map, a line for each extent, with single spaces."""
    return "\n".join(" ".join(line.split()) for line in _text("/proc/self/" + name).split("\n"))


def _last_capability() -> int:
    found = _number("/proc/sys/kernel/cap_last_cap")
    if found < 0:
        try:
            while True:
                kernel.prctl(constants.PR_CAPBSET_READ, found + 1)
                found += 1
        except OSError:
            pass
    return found


def _seccomp() -> int:
    try:
        return kernel.prctl(constants.PR_GET_SECCOMP)
    except OSError:  # a kernel without it
        return 0


def _threads() -> int:
    """How many threads the kernel counts in this process: what runs the agent may have some of its own."""
    try:
        return int(status.field(status.read("/proc/self/status"), "Threads"))
    except (OSError, KeyError, ValueError):
        return 1


def _text(path: str) -> str:
    try:
        return os.fsdecode(status.read(path)).rstrip("\n")
    except OSError:
        return ""


def _number(path: str, absent: int = -1) -> int:
    found = _text(path)
    return int(found) if found.isdigit() else absent


def _sysconf(name: str) -> int:
    try:
        return os.sysconf(name)
    except (OSError, ValueError):
        return -1


def _python() -> str:
    """``CPython 3.11.7``, as the platform module has it; that module is slow to import."""
    names = {"cpython": "CPython", "pypy": "PyPy"}
    name = sys.implementation.name
    return f"{names.get(name, name)} {sys.version.split()[0]}"


def _mount_options(folder: str) -> str:
    """The options of the mount that a folder lies on: the last one above it in the list hides others."""
    best, options = "", ""
    for line in _text("/proc/self/mountinfo").split("\n"):
        fields = line.split(" ")
        if len(fields) < 6:
            continue
        point = fields[4].replace("\\040", " ").replace("\\134", "\\")
        inside = folder == point or folder.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, options = point, fields[5]
    return options
