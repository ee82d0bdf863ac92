"""The numbers of the capabilities, as capabilities(7) names them."""

from __future__ import annotations

from collections.abc import Iterator

NAMES = (
    "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID",
    "CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN",
    "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT",
    "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE",
    "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL",
    "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
)  # fmt: skip
"""Position is number: CAP_CHOWN is 0."""

MASKS = {name: 1 << number for number, name in enumerate(NAMES)}
"""One bit for each name."""

CAP_CHOWN = MASKS["CAP_CHOWN"]
CAP_DAC_OVERRIDE = MASKS["CAP_DAC_OVERRIDE"]
CAP_DAC_READ_SEARCH = MASKS["CAP_DAC_READ_SEARCH"]
CAP_KILL = MASKS["CAP_KILL"]
CAP_SETGID = MASKS["CAP_SETGID"]
CAP_SETUID = MASKS["CAP_SETUID"]
CAP_SETPCAP = MASKS["CAP_SETPCAP"]
CAP_SYS_ADMIN = MASKS["CAP_SYS_ADMIN"]
CAP_SETFCAP = MASKS["CAP_SETFCAP"]

FILE_SYSTEM = sum(
    MASKS[f"CAP_{name}"]
    for name in (
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "LINUX_IMMUTABLE", "MAC_OVERRIDE", "MKNOD",
    )
)  # fmt: skip
"""The capabilities that follow the filesystem UID (capabilities(7), "Effect of user ID changes on capabilities")."""


def names(mask: int) -> Iterator[str]:
    """The names of the capabilities in a mask, by number; one that has no name yet is called ``CAP_n``."""
    for number in range(mask.bit_length()):
        if mask >> number & 1:
            yield NAMES[number] if number < len(NAMES) else f"CAP_{number}"
