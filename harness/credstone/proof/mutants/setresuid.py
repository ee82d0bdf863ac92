"""Ways to get setresuid(2), setresgid(2), seteuid(2) and setegid(2) wrong."""

from __future__ import annotations

from typing import Any

from credstone.model.caller import given
from credstone.model.ids.halves import GROUPS, USERS, Half
from credstone.model.rules import Context, Mutant
from credstone.proof.mutants.build import (
    Change,
    answering,
    asked,
    but_the_last,
    deciding,
    giving,
    mutant,
    never,
    only_caller,
)
from credstone.proof.mutants.setters import (
    each,
    ids_of,
    of_every_setter,
    of_sixteen_bits,
    of_the_process_limit,
    of_threads,
    of_uid_0,
    old,
)

FIELDS = ("real", "effective", "saved")


def _had(half: Half, now: Context) -> tuple[int, int, int]:
    ids = ids_of(half, now)
    return ids.real, ids.effective, ids.saved


def _in_place(half: Half, place: int, value: Any) -> Change:
    """One of the three becomes something else."""

    def changed(three: tuple[int, ...], now: Context) -> tuple[int, ...]:
        return tuple(value(three, now) if at == place else one for at, one in enumerate(three))

    return deciding(changed)


def _minus_one_as_zero(three: tuple[int, ...], now: Context) -> tuple[int, ...]:
    return tuple(one if given(number) else 0 for one, number in zip(three, asked(now), strict=True))


def _permits(half: Half, test: Any) -> Change:
    """Whether the test holds for each argument that is not -1: it gets the place, the number and the three ids."""

    def permitted(_: bool, now: Context) -> bool:
        had = _had(half, now)
        return all(test(at, number, had) for at, number in enumerate(asked(now)) if given(number))

    return deciding(permitted)


def _of_three(call: str, half: Half) -> tuple[Mutant, ...]:
    page, field, fsid = f"{call}(2)/", half.field, f"{call}(2)/{half.filesystem}-follows"
    sets, permutes = page + "sets-all", page + "unprivileged-permutes"
    return (
        *of_every_setter(call, half, fsid),
        *of_threads(call),
        *of_sixteen_bits(call),
        of_uid_0(call),
        mutant(f"{call}-does-nothing", sets, old(half, *FIELDS),
               "The call answers 0 and nothing happens (parrot; StarryOS; runtimes under a filter that answers 0)."),
        mutant(f"{call}-real-and-effective-swapped", sets, deciding(lambda new, now: (new[1], new[0], new[2])),
               "The first two arguments are taken in the other order."),
        mutant(f"{call}-effective-and-saved-swapped", sets, deciding(lambda new, now: (new[0], new[2], new[1])),
               "The last two arguments are taken in the other order."),
        *(mutant(f"{call}-{name}-stays", sets, _in_place(half, place, lambda new, now, at=place: _had(half, now)[at]),
                 f"The {name} {field} never changes.") for place, name in enumerate(FIELDS)),
        mutant(f"{call}-saved-is-effective", sets, _in_place(half, 2, lambda new, now: new[1]),
               f"The saved {field} becomes the effective one, as after setre{field}(2) (Gramine, which has no saved ids)."),
        mutant(f"{call}-minus-one-is-zero", page + "minus-one-keeps", deciding(_minus_one_as_zero),
               "-1 sets the id to 0."),
        mutant(f"{call}-minus-one-is-real", page + "minus-one-keeps",
               deciding(lambda new, now: tuple(one if given(number) else new[0]
                                               for one, number in zip(new, asked(now), strict=True))),
               f"-1 stands for the real {field}."),
        mutant(f"{call}-one-suffices", permutes,
               deciding(lambda may, now: any(number % 2**32 in _had(half, now) for number in asked(now))),
               "One permitted argument lets foreign ones pass (fakeroot)."),
        mutant(f"{call}-looks-at-the-first", permutes,
               _permits(half, lambda place, number, had: place > 0 or number in had),
               "Only the first argument is looked at."),
        mutant(f"{call}-looks-at-the-first-two", permutes,
               _permits(half, lambda place, number, had: place > 1 or number in had),
               f"The saved {field} is free."),
        mutant(f"{call}-each-its-own", permutes,
               _permits(half, lambda place, number, had: number == had[place]),
               "An unprivileged caller can change nothing."),
        mutant(f"{call}-not-from-saved", permutes,
               _permits(half, lambda place, number, had: number in had[:2]),
               f"An unprivileged caller cannot take up its saved {field}."),
        mutant(f"{call}-real-not-to-saved", permutes,
               _permits(half, lambda place, number, had: number in (had if place else had[:2])),
               f"The real {field} cannot become the saved one, as in setre{field}(2)."),
        mutant(f"{call}-as-set{field}", permutes,
               _permits(half, lambda place, number, had: number in (had[0], had[2])),
               f"The effective {field} is none that may be asked for, as in set{field}(2)."),
        mutant(f"{call}-{half.filesystem}-too", permutes,
               deciding(lambda may, now: may or ids_of(half, now).filesystem in asked(now)),
               f"The filesystem {field} is one that may be asked for."),
        mutant(f"{call}-large-ids-keep", page + "every-id-is-an-id",
               each(lambda kernel, number, now: _had(half, now)[0] if 2**31 <= number < 2**32 - 1 else kernel),
               "Ids from 2^31 on leave the id as it is, as all negative numbers: the call answers 0 (Asterinas)."),
    )  # fmt: skip


def _of_one(call: str, half: Half) -> tuple[Mutant, ...]:
    page, linux, field = f"{call}(2)/", f"{call}(2)/linux/", half.field
    return (
        *of_every_setter(call, half, linux + f"{half.filesystem}-follows", "linux/every-id-is-an-id"),
        of_uid_0(call),
        mutant(f"{call}-does-nothing", page + "sets-effective", old(half, "effective"),
               "The call answers 0 and nothing happens (StarryOS)."),
        mutant(f"{call}-sets-real", page + "real-stays",
               deciding(lambda real, now: asked(now)[0]),
               f"The real {field} is set too, as by a privileged set{field}(2)."),
        mutant(f"{call}-is-setre{field}", page + "saved-stays",
               deciding(lambda saved, now: saved if asked(now)[0] == ids_of(half, now).real else asked(now)[0]),
               f"The call is setre{field}(-1, e{field}): the saved {field} follows (glibc 2.0)."),
        mutant(f"{call}-sets-saved", page + "saved-stays", deciding(lambda saved, now: asked(now)[0]),
               f"The saved {field} is set too: there is no way back."),
        mutant(f"{call}-not-to-saved", page + "unprivileged",
               deciding(lambda own, now: asked(now)[0] in _had(half, now)[:2]),
               f"An unprivileged caller cannot take up its saved {field} (kernels without saved ids)."),
        mutant(f"{call}-not-to-real", page + "unprivileged",
               deciding(lambda own, now: asked(now)[0] in _had(half, now)[1:]),
               f"An unprivileged caller cannot take up its real {field}."),
        mutant(f"{call}-not-to-effective", page + "unprivileged",
               deciding(lambda own, now: asked(now)[0] in (ids_of(half, now).real, ids_of(half, now).saved)),
               f"An unprivileged caller cannot name its own effective {field} (as POSIX allows)."),
        mutant(f"{call}-free", page + "unprivileged", giving(True),
               f"An unprivileged caller can take any {field}."),
        mutant(f"{call}-minus-one-EPERM", page + "EINVAL-minus-one", answering("EPERM"),
               "-1 is EPERM."),
        mutant(f"{call}-minus-one-is-the-overflow-id", page + "EINVAL-minus-one", never(),
               "-1 is taken."),
        mutant(f"{call}-one-thread", linux + "all-threads", deciding(only_caller),
               "The calling thread alone changes (Go before 1.16)."),
        mutant(f"{call}-misses-one", linux + "all-threads", deciding(but_the_last),
               "A thread that is just being created is missed (musl before 1.1.22)."),
    )  # fmt: skip


MUTANTS = (
    *_of_three("setresuid", USERS),
    of_the_process_limit("setresuid"),
    *_of_three("setresgid", GROUPS),
    *_of_one("seteuid", USERS),
    *_of_one("setegid", GROUPS),
)
