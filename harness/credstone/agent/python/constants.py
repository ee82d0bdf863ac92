"""What the bare words of a line mean: the constants of the headers that a scenario can name.

Python knows those of ``os`` and ``signal``; the others are spelled out, because an old Python has no
``os.CLONE_NEWUSER`` and the numbers are the same on every machine.
"""

import os
import resource
import signal
import socket
from typing import Any, Dict

import kernel
from wire import Unreadable

CAPABILITIES = [
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "KILL",
    "SETGID",
    "SETUID",
    "SETPCAP",
    "LINUX_IMMUTABLE",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_ADMIN",
    "NET_RAW",
    "IPC_LOCK",
    "IPC_OWNER",
    "SYS_MODULE",
    "SYS_RAWIO",
    "SYS_CHROOT",
    "SYS_PTRACE",
    "SYS_PACCT",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_NICE",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "MKNOD",
    "LEASE",
    "AUDIT_WRITE",
    "AUDIT_CONTROL",
    "SETFCAP",
    "MAC_OVERRIDE",
    "MAC_ADMIN",
    "SYSLOG",
    "WAKE_ALARM",
    "BLOCK_SUSPEND",
    "AUDIT_READ",
    "PERFMON",
    "BPF",
    "CHECKPOINT_RESTORE",
]

PR_GET_DUMPABLE, PR_SET_DUMPABLE = 3, 4
PR_GET_PDEATHSIG, PR_SET_PDEATHSIG = 2, 1
PR_GET_KEEPCAPS, PR_SET_KEEPCAPS = 7, 8
PR_GET_SECCOMP = 21
PR_CAPBSET_READ, PR_CAPBSET_DROP = 23, 24
PR_GET_SECUREBITS, PR_SET_SECUREBITS = 27, 28
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS = 38, 39
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_IS_SET, PR_CAP_AMBIENT_RAISE, PR_CAP_AMBIENT_LOWER = 1, 2, 3

CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000

SECBIT_KEEP_CAPS = 1 << 4

_NSIO = 0xB700 | (1 << 29 if os.uname().machine.startswith("ppc") else 0)  # where _IOC_NONE is not 0
NS_GET_OWNER_UID = _NSIO | 4

# Kinds of pointers that name no buffer of ours.
POINTERS: Dict[str, int] = {"null": 0, "bad-pointer": kernel.BAD_POINTER}

WORDS: Dict[str, int] = {
    "NS_GET_USERNS": _NSIO | 1,
    "NS_GET_PARENT": _NSIO | 2,
    "NS_GET_NSTYPE": _NSIO | 3,
    "NS_GET_OWNER_UID": NS_GET_OWNER_UID,
    "AT_SYMLINK_NOFOLLOW": 0x100,
    "AT_EACCESS": 0x200,
    "AT_EMPTY_PATH": 0x1000,
    "CLONE_PARENT": 0x8000,
    "_LINUX_CAPABILITY_VERSION_1": 0x19980330,
    "_LINUX_CAPABILITY_VERSION_2": 0x20071026,
    "_LINUX_CAPABILITY_VERSION_3": kernel.CAPABILITY_VERSION_3,
    "PTRACE_TRACEME": 0,
    "PTRACE_ATTACH": 16,
    "PTRACE_DETACH": 17,
    "PTRACE_SEIZE": 0x4206,
    "IOPRIO_WHO_PROCESS": 1,
    "SO_PEERCRED": socket.SO_PEERCRED,
    "SO_PEERGROUPS": 59,
    "SCM_CREDENTIALS": 2,
    "IPC_RMID": 0,
    "IPC_SET": 1,
    "IPC_STAT": 2,
    "CLONE_FILES": 0x400,
    "CLONE_FS": 0x200,
    "CLONE_NEWTIME": 0x80,
    "CLONE_NEWCGROUP": 0x2000000,
    "CLONE_NEWUTS": 0x4000000,
    "CLONE_NEWIPC": 0x8000000,
    "CLONE_NEWPID": 0x20000000,
    "CLONE_NEWNET": 0x40000000,
    "CLONE_THREAD": 0x10000,
    "CLONE_VM": 0x100,
    "CLONE_SIGHAND": 0x800,
    "CLONE_SYSVSEM": 0x40000,
    "SECBIT_NOROOT": 1,
    "SECBIT_NOROOT_LOCKED": 2,
    "SECBIT_NO_SETUID_FIXUP": 4,
    "SECBIT_NO_SETUID_FIXUP_LOCKED": 8,
    "SECBIT_KEEP_CAPS_LOCKED": 32,
    "SECBIT_NO_CAP_AMBIENT_RAISE": 64,
    "SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED": 128,
    "PR_SET_SECCOMP": 22,
    "PR_GET_CHILD_SUBREAPER": 37,
    "PR_SET_NAME": 15,
    "PR_CAP_AMBIENT_CLEAR_ALL": 4,
}
WORDS.update(
    (name, value)
    for name, value in list(globals().items())
    if name.startswith(("PR_", "CLONE_", "SECBIT_")) and isinstance(value, int)
)
WORDS.update(("CAP_" + name, number) for number, name in enumerate(CAPABILITIES))

_OBJECTS: Dict[str, Any] = {"None": None, "True": True, "False": False}


def _one(word: str) -> Any:
    if word in _OBJECTS:
        return _OBJECTS[word]
    if word in WORDS:
        return WORDS[word]
    if word.startswith("_SC_") and word[1:] in os.sysconf_names:
        return os.sysconf_names[word[1:]]
    if word in POINTERS:
        return POINTERS[word]
    if word.startswith("SIG"):
        found = getattr(signal, word, None)
    elif word.startswith("RLIMIT_"):
        found = getattr(resource, word, None)
    elif word.isupper():
        found = getattr(os, word, None)
    else:
        found = None
    if isinstance(found, int):
        return int(found)
    try:
        return float(word)
    except ValueError:
        raise Unreadable("unknown word " + word) from None


def value(word: str) -> Any:
    """A word or several joined with ``|`` as what Python passes on; Unreadable if it is none that this agent knows."""
    if "|" not in word:
        return _one(word)
    total = 0
    for part in word.split("|"):
        total |= int(part) if part.isdigit() else int(_one(part))
    return total


def mask(word: str) -> int:
    """Capability names joined with ``|`` as a set: bit n is the capability with number n."""
    total = 0
    for part in word.split("|"):
        if not part.startswith("CAP_"):
            raise Unreadable("a capability was expected, not " + part)
        total |= 1 << int(_one(part))
    return total
