"""Ways to get getuid(2), getgid(2) and getresuid(2) wrong."""

from __future__ import annotations

from typing import Any

from credstone.model.ids.halves import GROUPS, USERS, Half
from credstone.model.rules import Mutant
from credstone.proof.mutants.build import (
    Change,
    answering,
    arguments,
    deciding,
    giving,
    mutant,
    never,
    replace,
    when,
)
from credstone.proof.mutants.setters import ids_of
from credstone.words.answer import Answer


def _each(change: Any) -> Change:
    """One id, or each of three, becomes another."""
    return deciding(lambda value, now: tuple(map(change, value)) if isinstance(value, tuple) else change(value))


def _in_answer(change: Any) -> Change:
    """The same for the ids of an answer."""

    def changed(answer: Answer, now: Any) -> Answer:
        value = answer.value
        return replace(answer, value=tuple(map(change, value)) if isinstance(value, tuple) else change(value))

    return deciding(changed)


def _signed(number: int) -> int:
    return number if number < 2**31 else number - 2**32


def _of_every_getter(call: str, page: str, half: Half) -> tuple[Mutant, ...]:
    linux, field = page + "linux/", half.field
    return (
        mutant(f"{call}-signed", page + "every-id-is-an-id", _in_answer(_signed),
               "Ids from 2^31 on are negative (Asterinas)."),
        mutant(f"{call}-16-bits", page + "every-id-is-an-id", _in_answer(lambda number: number & 0xFFFF),
               "Ids are cut to 16 bits."),
        mutant(f"{call}-16-bit-call", page + "every-id-is-an-id", _in_answer(lambda number: min(number, 65534)),
               "The library makes the 16-bit call."),
        mutant(f"{call}-shows-0", linux + "overflow-shown", _each(lambda number: 0 if number == 65534 else number),
               f"What has no number in the namespace shows as {field} 0."),
        mutant(f"{call}-shows-kernel-ids", linux + "overflow-shown",
               deciding(lambda value, now: _kernel(half, value, now)),
               "What has no number in the namespace shows as outside."),
        mutant(f"{call}16-minus-one", page + "16-bit", _each(lambda number: -1 if number == 65535 else number),
               "65535 is given as -1."),
        mutant(f"{call}16-signed", page + "16-bit",
               _each(lambda number: number if number < 2**15 else number - 2**16),
               "The 16 bits are read with a sign."),
        mutant(f"{call}16-cuts", linux + "16-bit-overflow",
               deciding(lambda value, now: tuple(number & 0xFFFF for number in _kernel(half, value, now))),
               "The ids are cut, so that one shows as another."),
        mutant(f"{call}16-overflow-is-0", linux + "16-bit-overflow",
               _each(lambda number: 0 if number == 65534 else number),
               f"What does not fit shows as {field} 0."),
    )  # fmt: skip


def _kernel(half: Half, value: Any, now: Any) -> Any:
    """The ids as the kernel has them, as many as the call gives."""
    ids = ids_of(half, now)
    if not isinstance(value, tuple):
        return ids.effective if now.name.startswith("gete") else ids.real
    return (ids.real, ids.effective, ids.saved) if len(value) == 3 else (
        (ids.effective,) if now.name.startswith("gete") else (ids.real,)
    )  # fmt: skip


def _of_one(half: Half) -> tuple[Mutant, ...]:
    field = half.field
    page, real, effective = f"get{field}(2)/", f"get{field}", f"gete{field}"
    return (
        *_of_every_getter(real, page, half),
        mutant(f"{real}-is-{effective}", page + "real", deciding(lambda _, now: half.of(now.world.seen(now.who)).effective),
               f"{real} gives the effective {field}."),
        mutant(f"{real}-is-0", page + "real", giving(0),
               f"{real} always gives 0 (StarryOS, before its getters were written)."),
        mutant(f"{effective}-is-{real}", page + "effective", deciding(lambda _, now: half.of(now.world.seen(now.who)).real),
               f"{effective} gives the real {field}."),
        mutant(f"{effective}-is-{half.filesystem}", page + "effective",
               deciding(lambda _, now: half.of(now.world.seen(now.who)).filesystem),
               f"{effective} gives the filesystem {field}."),
        mutant(f"{effective}-is-saved", page + "effective",
               deciding(lambda _, now: half.of(now.world.seen(now.who)).saved),
               f"{effective} gives the saved {field}."),
        mutant(f"{real}-fails", page + "always-successful",
               deciding(lambda answer, now: Answer("ENOENT", -1) if answer.value == 2**32 - 2 else answer),
               "The highest id is taken for an errno."),
        mutant(f"{real}-sets-errno", page + "always-successful", deciding(lambda answer, now: replace(answer, stray=4)),
               "A success modifies errno."),
    )  # fmt: skip


def _of_three(half: Half) -> tuple[Mutant, ...]:
    field = half.field
    call = f"getres{field}"
    page = f"{call}(2)/"
    return (
        *_of_every_getter(call, page, half),
        mutant(f"{call}-saved-is-effective", page + "returns-ids", deciding(lambda ids, now: (ids[0], ids[1], ids[1])),
               f"There is no saved {field} (Gramine; kernels without saved ids)."),
        mutant(f"{call}-swapped", page + "returns-ids", deciding(lambda ids, now: (ids[1], ids[0], ids[2])),
               "Real and effective are exchanged."),
        mutant(f"{call}-reversed", page + "returns-ids", deciding(lambda ids, now: ids[::-1]),
               "Real and saved are exchanged."),
        mutant(f"{call}-is-{half.filesystem}", page + "returns-ids",
               deciding(lambda ids, now: (ids[0], half.of(now.world.seen(now.who)).filesystem, ids[2])),
               f"The filesystem {field} is given for the effective one."),
        mutant(f"{call}-is-0", page + "returns-ids", giving((0, 0, 0)),
               "All three are 0 (StarryOS, before its getters were written)."),
        mutant(f"{call}-writes-beside", page + "returns-zero", deciding(lambda answer, now: replace(answer, stray=4)),
               "An id of 64 bits is written where there is room for 32."),
        mutant(f"{call}-fails", page + "returns-zero", giving(Answer("ENOSYS", -1)),
               "There is no such call."),
        mutant(f"{call}-fails-silently", page + "error-minus-one", giving(Answer("errno 0", -1)),
               "A failure leaves errno 0."),
        mutant(f"{call}-false-success", page + "error-minus-one", giving(Answer("", 0)),
               "A failure answers 0."),
        mutant(f"{call}-ignores-null", page + "EFAULT",
               when(lambda now: any(getattr(pointer, "kind", "") == "bad-pointer" for pointer in arguments(now))),
               "A null pointer says that this one is of no interest."),
        mutant(f"{call}-looks-at-the-first", page + "EFAULT",
               when(lambda now: any(not pointer.valid for pointer in arguments(now)[:1])),
               "Only the first pointer is looked at."),
        mutant(f"{call}-ignores-pointers", page + "EFAULT", never(),
               "A pointer that leads nowhere is no error."),
        mutant(f"{call}-EINVAL", page + "EFAULT", answering("EINVAL"),
               "A pointer that leads nowhere is EINVAL."),
    )  # fmt: skip


MUTANTS = (*_of_one(USERS), *_of_one(GROUPS), *_of_three(USERS), *_of_three(GROUPS))
