"""Every call that the agents know, in every form, with the values at which arguments go wrong.

A form is a call with so many arguments; each argument has values to try.  The first value of each is harmless.  What
could reach processes outside of a cell is not among them: a process is named, never numbered.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from credstone.words.call import Argument, Call, Items, Text, Word

Values = Sequence[Argument]

NUMBERS = (
    1, -(2**63), -(2**32) - 1, -(2**32), -(2**31) - 1, -(2**31), -65536, -2, -1, 0, 2, 3, 5, 7, 8, 9, 16, 17, 19, 31, 32, 33,
    40, 41, 63, 64, 65, 255, 256, 4095, 4096, 65535, 65536, 65537, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1, 2**32, 2**32 + 1,
    2**63 - 1,
)  # fmt: skip
"""What a parameter of 16, 32 or 64 bits, with a sign or without, gets wrong, and the ends of signals and capabilities."""
IDS = (
    1000,
    -1,
    0,
    1,
    65534,
    65535,
    65536,
    2**31 - 1,
    2**31,
    2**32 - 2,
    2**32 - 1,
    2**32,
    2**32 + 1000,
    -(2**31),
    -(2**63),
)
PROCESSES = (Word("c"), Word("$pid"))
BEYOND = (*PROCESSES, 2**22, 2**31 - 1)
"""Processes, and numbers that no process has."""
POINTERS = (Word("valid"), Word("null"), Word("bad-pointer"))
FILES = (
    Word("f"), Word("mine"), Word("d"), Text("none"), Text("none/x"), Text("f/x"), Text("d/x"), Text("d/in"), Text(""),
    Text("."), Text("./f"), Text("d/"), Text("f/"),
)  # fmt: skip
NEW = (Text("new"), Text("f"), Text("d/new"), Text(""), Text("none/new"), Text("f/new"), Text("./new"))
TEXTS = (Text("x"), Text(""), Text("xyzzy"), Text("a\n"), Text("\0"), Text("\N{LATIN SMALL LETTER E WITH ACUTE}"))
OPENS = (0, 1, 2, 3, 0o100, 0o300, 0o301, 0o1000, 0o1001, 0o2001, 0o3002, 0o1101, -1, 2**32, 2**32 + 1)
MODES = (0o600, 0, 0o7777, 0o6755, 0o10000, -1, 2**31, 2**32 + 0o644)
LISTS = (Items(()), Items((-1,)), Items((2**32,)), Items((5, 2**32 - 1)), Items((-(2**63), 7)))
NAMESPACES = (
    Text("/proc/self/ns/user"),
    Text("/proc/$c/ns/user"),
    Text("/proc/self/ns/uts"),
    Text("/proc/self/ns/mnt"),
)
NEW_NAMESPACES = (
    0,
    0x80,
    0x100,
    0x200,
    0x400,
    0x800,
    0x10000,
    0x20000,
    0x10000000,
    0x4000000,
    -1,
    2**31,
    2**32,
    0x10000200,
)
VERSIONS = (0x20080522, 0, 1, -1, 0x19980330, 0x20071026, 0x20080523)
FIELDS = ("Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "SigBlk", "Threads")
OPTIONS = ("DUMPABLE", "KEEPCAPS", "PDEATHSIG", "SECUREBITS", "NO_NEW_PRIVS")
NAMES = (Text("root"), Text("none"), Text(""))
USER = (Text("root"), 0)


def _words(*names: str) -> tuple[Word, ...]:
    return tuple(Word(name) for name in names)


_GETTERS = ("getuid", "geteuid", "getgid", "getegid")
_SETTERS = {
    "setuid": 1,
    "setgid": 1,
    "setfsuid": 1,
    "setfsgid": 1,
    "setreuid": 2,
    "setregid": 2,
    "setresuid": 3,
    "setresgid": 3,
}
_SENDERS = ("kill", "tgkill", "tkill", "sigqueue", "pidfd_send_signal")

FORMS: tuple[tuple[str, tuple[Values, ...]], ...] = (
    *((name + bits, ()) for name in _GETTERS for bits in ("", "16")),
    *((name + bits, (IDS,) * count) for name, count in _SETTERS.items() for bits in ("", "16")),
    *((name + bits, form) for name in ("getresuid", "getresgid") for bits in ("", "16") for form in ((), (POINTERS,) * 3)),
    *(("getgroups" + bits, form) for bits in ("", "16") for form in ((), (NUMBERS,), (NUMBERS, POINTERS))),
    *(("setgroups" + bits, form) for bits in ("", "16") for form in ((LISTS,), (NUMBERS, POINTERS))),
    ("setgroups16", (LISTS, _words("wide"))),
    ("seteuid", (IDS,)), ("setegid", (IDS,)), ("group_member", (IDS,)),
    ("initgroups", (NAMES, IDS)), ("getgrouplist", (NAMES, IDS)), ("getgrouplist", (NAMES, IDS, NUMBERS)),
    ("sysconf", (_words("_SC_NGROUPS_MAX"),)), ("constant", (_words("NGROUPS_MAX", "SIGRTMIN"),)),
    ("getpwnam", (NAMES,)), ("getgrnam", (NAMES,)), ("getgrgid", (IDS,)),
    ("sigaction", (NUMBERS, NUMBERS)), ("pthread_kill", (NUMBERS,)), ("left_behind", ()),
    ("unshare", (NEW_NAMESPACES,)), ("clone", (NEW_NAMESPACES[:-2],)), ("hold", (NAMESPACES,)),
    ("setns", (NAMESPACES, NEW_NAMESPACES)),
    ("ioctl", (NAMESPACES, (Word("NS_GET_OWNER_UID"), 0, -1, 0xB705))),
    ("ioctl", (NAMESPACES, _words("NS_GET_USERNS", "NS_GET_PARENT"), NAMESPACES)),
    ("same_namespace", (NAMESPACES, NAMESPACES)), ("chroot", (FILES,)),
    ("read", (FILES,)), ("write", (FILES, TEXTS)), ("write", (FILES, TEXTS, NUMBERS)), ("pwrite", (FILES, TEXTS, NUMBERS)),
    ("open", (FILES, OPENS)), ("open", (NEW, (0o101, *OPENS), MODES)),
    ("access", (FILES, NUMBERS)), ("faccessat", (FILES, NUMBERS, NUMBERS)), ("stat", (FILES,)),
    ("chown", (FILES, IDS, IDS)), ("lchown", (FILES, IDS, IDS)), ("chmod", (FILES, MODES)),
    ("mkdir", (NEW, MODES)), ("rmdir", (FILES,)), ("unlink", (FILES,)), ("rename", (FILES, (*NEW, *FILES))),
    ("link", (FILES, NEW)), ("truncate", (FILES, NUMBERS)), ("utimensat", (FILES,)), ("utimensat", (FILES, NUMBERS)),
    ("umask", (MODES,)),
    ("status", (_words("self", "thread-self", "c", "$pid"), _words(*FIELDS))),
    *((name, (BEYOND, NUMBERS)) for name in _SENDERS),
    ("sigprocmask", (NUMBERS, (*NUMBERS, Word("all")))), ("sigwaitinfo", (NUMBERS,)), ("waitid", (PROCESSES,)),
    ("exit", (NUMBERS,)), ("abort", ()), ("getpid", ()),
    ("prctl", (NUMBERS,)), ("prctl", (_words(*(f"PR_SET_{name}" for name in OPTIONS)), NUMBERS)),
    ("prctl", (_words("PR_CAPBSET_READ", "PR_CAPBSET_DROP", "PR_GET_PDEATHSIG"), NUMBERS)),
    ("prctl", (_words("PR_CAP_AMBIENT"), NUMBERS, NUMBERS)), ("prctl", (_words("PR_CAP_AMBIENT"), NUMBERS, NUMBERS, (0, 1))),
    ("prctl", (_words("PR_CAP_AMBIENT", *(f"PR_GET_{name}" for name in OPTIONS)), (0, 1, 2, 4, 5), (0, 1, 40, -1), (0, 1), (0, 1))),
    ("capget", ()), ("capget", (BEYOND,)), ("capget", (POINTERS, POINTERS)), ("capget", ((0,), VERSIONS, POINTERS)),
    ("capget", ((0,), VERSIONS, POINTERS, _words("header"))),
    ("capset", (POINTERS,)), ("capset", (POINTERS, POINTERS)), ("capset", (NUMBERS, NUMBERS, NUMBERS)),
    ("capset", ((0,), (0,), (0,), (0, -1, 2**22))), ("capset", ((0,), (0,), (0,), (0,), VERSIONS)),
    ("capset", ((0,), (0,), (0,), (0,), VERSIONS, _words("header"))),
    ("exec", (_words("program", "f", "d"),)), ("getauxval", (_words("AT_SECURE", "AT_UID", "AT_EGID"),)),
    ("setrlimit", (NUMBERS, NUMBERS)), ("prlimit", (PROCESSES, NUMBERS, NUMBERS)),
    ("ptrace", (_words("PTRACE_TRACEME"),)),
    ("ptrace", (_words("PTRACE_SEIZE", "PTRACE_ATTACH", "PTRACE_DETACH"), PROCESSES)),
    ("process_vm_readv", (PROCESSES,)), ("setpriority", (NUMBERS[8:14], PROCESSES, NUMBERS)),
    ("getpriority", (NUMBERS[8:14], PROCESSES)), ("sched_setscheduler", (PROCESSES, NUMBERS)),
    ("sched_setaffinity", (PROCESSES,)), ("ioprio_set", (PROCESSES,)),
    ("listen", (NAMES,)), ("connect", (NAMES,)), ("accept", ()), ("socketpair", ()),
    ("getsockopt", (_words("SO_PEERCRED", "SO_PEERGROUPS"),)), ("recvmsg", ()),
    ("sendmsg", ()), ("sendmsg", (_words("SCM_CREDENTIALS"), PROCESSES, IDS, IDS)),
    ("msgget", (MODES,)), ("msgsnd", ()), ("msgctl", (_words("IPC_STAT", "IPC_RMID"),)),
    ("msgctl", (_words("IPC_SET"), IDS, IDS)),
    ("pause", ()), ("pause", (_words("on-a-small-stack"),)), ("read_pipe", ()), ("write_pipe", ()),
)  # fmt: skip
"""The forms; ``subprocess`` and the functions of ``os`` are Python's own."""


def calls(name: str, form: Sequence[Values], pairs: int, chance: random.Random) -> Iterator[Call]:
    """The calls of a form: each value of each argument beside harmless ones, then ``pairs`` of values by chance."""
    usual = [values[0] for values in form]
    yield Call(name, tuple(usual))
    for place, values in enumerate(form):
        for value in values[1:]:
            yield Call(name, (*usual[:place], value, *usual[place + 1 :]))
    for _ in range(pairs if len(form) > 1 else 0):
        yield Call(name, tuple(chance.choice(values) for values in form))
