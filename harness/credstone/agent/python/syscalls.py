"""System calls by number, for the machines that are known.

On the machines whose first calls had 16-bit ids (i386, arm) the numbers are those of the 32-bit successors, as the C
agent uses them.
"""

import os
import struct
from typing import Dict, Tuple

# fmt: off
_NAMES = (
    "getgroups", "setgroups", "setresuid", "getresuid", "setresgid", "getresgid", "setfsuid", "setfsgid", "capget",
    "capset", "prctl", "unshare", "mount", "setreuid", "setregid", "setuid", "setgid", "prlimit64", "tgkill",
    "ioprio_set", "clone", "exit", "tkill",
)
_X86_64 = (
    115, 116, 117, 118, 119, 120, 122, 123, 125, 126, 157, 272, 165, 113, 114, 105, 106, 302, 234, 251, 56, 60, 200,
)
_I386 = (
    205, 206, 208, 209, 210, 211, 215, 216, 184, 185, 172, 310, 21, 203, 204, 213, 214, 340, 270, 289, 120, 1, 238,
)
_ARM = (
    205, 206, 208, 209, 210, 211, 215, 216, 184, 185, 172, 337, 21, 203, 204, 213, 214, 369, 268, 314, 120, 1, 238,
)
_S390X = (
    205, 206, 208, 209, 210, 211, 215, 216, 184, 185, 172, 303, 21, 203, 204, 213, 214, 334, 241, 282, 120, 1, 237,
)
_POWERPC = (
    80, 81, 164, 165, 169, 170, 138, 139, 183, 184, 171, 282, 21, 70, 71, 23, 46, 325, 250, 273, 120, 1, 208,
)
_GENERIC = (
    158, 159, 147, 148, 149, 150, 151, 152, 90, 91, 167, 97, 40, 145, 143, 146, 144, 261, 131, 30, 220, 93, 130,
)
# fmt: on
_NUMBERS: Dict[str, Tuple[int, ...]] = {
    "x86_64": _X86_64,
    "i386": _I386,
    "arm": _ARM,
    "s390x": _S390X,
    "ppc64le": _POWERPC,
    "ppc64": _POWERPC,
    "aarch64": _GENERIC,
    "riscv64": _GENERIC,
    "loongarch64": _GENERIC,
}
# Since Linux 5.1 a new call has the same number everywhere.
_EVERYWHERE = {"pidfd_send_signal": 424, "pidfd_open": 434, "faccessat2": 439}


def abi() -> str:
    """The ABI of this Python, which need not be the machine's own: a 32-bit Python runs on a 64-bit kernel."""
    machine = os.uname().machine
    if struct.calcsize("P") == 4:
        if machine == "x86_64" or (machine[:1] == "i" and machine[2:] == "86"):
            return "i386"
        if machine == "aarch64" or machine.startswith("arm"):
            return "arm"
    return machine


if abi() not in _NUMBERS:
    raise ImportError("no system call numbers for " + abi())
NUMBER: Dict[str, int] = dict(zip(_NAMES, _NUMBERS[abi()]))
NUMBER.update(_EVERYWHERE)
