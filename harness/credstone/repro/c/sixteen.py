"""The calls with 16-bit ids that are not regular, as C.

They are raw, and there is no C library function for any of them.  In a program for such an ABI ``SYS_setgroups`` is the
old call and ``SYS_setgroups32`` the one of today; here the old ones are written ``SYS16_setgroups``, and ``numbered`` puts
the names in place.
"""

from __future__ import annotations

import re

from credstone.calls.table import declarations
from credstone.repro.c.values import Where, number, pointer
from credstone.words.call import Argument, Call, Items, Word

_BOTH = "|".join(name for name, call in declarations().items() if call.sixteen_bits)


def answer(call: Call, where: Where) -> str:
    """The expression for such a call, empty for another one."""
    name = call.name.removesuffix("16")
    if name == call.name:
        return ""
    if name in ("getresuid", "getresgid"):
        given = call.arguments or (Word("valid"),) * 3
        pointers = ", ".join(pointer(each, f"&old_ids[{place}]") for place, each in enumerate(given))
        return f"three_old_ids(syscall(SYS16_{name}, {pointers}))"
    if name == "getgroups":
        return f"old_groups({number(call.arguments[0]) if call.arguments else -1})"
    if name == "setgroups":
        items = call.arguments[0]
        numbers = [_cut(number(each), cut=len(call.arguments) == 1) for each in _items(items)]
        kind = "gid_t" if len(call.arguments) > 1 else "unsigned short"
        listed = f"({kind}[]) {{ {', '.join(numbers)} }}" if numbers else "NULL"
        return f"number(syscall(SYS16_setgroups, {len(numbers)}, {listed}))"
    return ""


def _items(value: Argument) -> tuple[Argument, ...]:
    return value.items if isinstance(value, Items) else ()


def _cut(number: int, *, cut: bool) -> str:
    """An entry of a list; what has more than 16 bits is cut in plain sight."""
    return f"(unsigned short) {number}" if cut and not 0 <= number < 2**16 else str(number)


def numbered(program: str, abi: str) -> str:
    """The program with the numbers of its ABI, where the highest ids look like errors."""
    if not abi:
        return program
    program = re.sub(r"\([ug]id_t\) (syscall\(SYS_setfs[ug]id, -1\))", r"id_of(\g<1>)", program)
    return re.sub(rf"\bSYS_({_BOTH})\b", r"SYS_\g<1>32", program).replace("SYS16_", "SYS_")
