"""System calls by number, for the machines that are known.

On the machines whose first calls had 16-bit ids (i386, arm) the numbers are those of the 32-bit successors, as the C
agent uses them.
"""

import os
import struct
from typing import Dict

import table

# Calls that are in no script: their numbers on the machines of the table, in its order.
_OTHERS = {
    "mount": (165, 21, 21, 21, 21, 40),
    "prlimit64": (302, 340, 369, 334, 325, 261),
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


def _place() -> int:
    """The place of this machine in the rows of numbers."""
    for place, machines in enumerate(table.MACHINES):
        if abi() in machines:
            return place
    raise ImportError("no system call numbers for " + abi())


def _numbers() -> Dict[str, int]:
    place = _place()
    found = {name: row[place] for rows in (table.NUMBERS, _OTHERS) for name, row in rows.items()}
    found.update(_EVERYWHERE)
    return found


NUMBER = _numbers()
