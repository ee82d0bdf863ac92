"""Ways to get setreuid(2) and setregid(2) wrong."""

from __future__ import annotations

from typing import Any

from credstone.model.caller import given
from credstone.model.ids.halves import GROUPS, USERS, Half
from credstone.model.rules import Context, Mutant
from credstone.proof.mutants.build import Change, asked, deciding, giving, mutant, never
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

KEPT = 2**32 - 1


def _in_kernel(half: Half, now: Context, number: int) -> int | None:
    namespace = now.world.namespaces[now.task.namespace]
    return namespace.uid(number) if half is USERS else namespace.gid(number)


def _by_old_effective(half: Half) -> Change:
    """GVisor's rule: the saved id follows where the effective one changes."""

    def saved(_: int, now: Context) -> int:
        new = _in_kernel(half, now, asked(now)[1])
        return new if new not in (None, ids_of(half, now).effective) else ids_of(half, now).saved

    return deciding(saved)


def _minus_one_as_zero(pair: tuple[int, int], now: Context) -> tuple[int, ...]:
    return tuple(kernel if given(number) else 0 for kernel, number in zip(pair, asked(now), strict=True))


def _among(half: Half, place: int, *fields: str) -> Any:
    """Whether the argument in this place is -1 or one of these ids of the caller."""

    def permits(_: bool, now: Context) -> bool:
        ids = ids_of(half, now)
        return asked(now)[place] % 2**32 in (KEPT, *(getattr(ids, field) for field in fields))

    return deciding(permits)


def _of_half(call: str, half: Half) -> tuple[Mutant, ...]:
    page, field = f"{call}(2)/", half.field
    real_set, effective_set, kept = (
        page + clause for clause in ("saved-follows-real-set", "saved-follows-effective", "saved-kept")
    )
    return (
        *of_every_setter(call, half, f"{call}(2)/linux/{half.filesystem}-follows"),
        *of_threads(call),
        *of_sixteen_bits(call),
        of_uid_0(call),
        mutant(f"{call}-does-nothing", page + "sets-real-and-effective", old(half, "real", "effective"),
               "The call answers 0 and nothing happens (parrot; StarryOS)."),
        mutant(f"{call}-swapped", page + "sets-real-and-effective", deciding(lambda pair, now: pair[::-1]),
               "The arguments are taken in the other order."),
        mutant(f"{call}-real-stays", page + "sets-real-and-effective",
               deciding(lambda pair, now: (ids_of(half, now).real, pair[1])),
               f"The real {field} never changes."),
        mutant(f"{call}-minus-one-is-zero", page + "minus-one-keeps", deciding(_minus_one_as_zero),
               "-1 sets the id to 0."),
        mutant(f"{call}-minus-one-is-real", page + "minus-one-keeps",
               deciding(lambda pair, now: pair if given(asked(now)[1]) else (pair[0], ids_of(half, now).real)),
               f"-1 for the effective {field} makes it the real one."),
        mutant(f"{call}-effective-not-to-saved", page + "unprivileged-effective", _among(half, 1, "real", "effective"),
               f"An unprivileged caller cannot take up its saved {field}."),
        mutant(f"{call}-effective-not-to-real", page + "unprivileged-effective", _among(half, 1, "effective", "saved"),
               f"An unprivileged caller cannot make its real {field} the effective one."),
        mutant(f"{call}-effective-not-to-effective", page + "unprivileged-effective", _among(half, 1, "real", "saved"),
               f"An unprivileged caller cannot name its own effective {field}."),
        mutant(f"{call}-effective-free", page + "unprivileged-effective", giving(True),
               f"An unprivileged caller can make its effective {field} any (fakeroot's setreuid(-1, 4000))."),
        mutant(f"{call}-real-free", page + "unprivileged-real", giving(True),
               f"An unprivileged caller can make its real {field} any."),
        mutant(f"{call}-real-not-to-effective", page + "unprivileged-real", _among(half, 0, "real"),
               f"An unprivileged caller cannot make its effective {field} the real one, so the ids cannot be swapped."),
        mutant(f"{call}-saved-ignores-real", real_set, old(half, "saved"),
               f"Setting the real {field} leaves the saved one, and with it a way back (rust-posix-os)."),
        mutant(f"{call}-saved-follows-if-real-differs", real_set,
               deciding(lambda saved, now: ids_of(half, now).saved
                        if asked(now)[0] == ids_of(half, now).real else saved),
               f"Setting the real {field} to what it is leaves the saved one."),
        mutant(f"{call}-saved-is-real", real_set, deciding(lambda saved, now: _in_kernel(half, now, asked(now)[0])),
               f"The saved {field} becomes the real one."),
        mutant(f"{call}-saved-by-old-effective-follows", effective_set, _by_old_effective(half),
               f"The saved {field} follows where the effective one changes, not where it differs from the real one"
               " (gVisor)."),
        mutant(f"{call}-saved-never-follows", effective_set, old(half, "saved"),
               f"The saved {field} does not follow the effective one (kernels without saved ids)."),
        mutant(f"{call}-saved-by-old-effective-kept", kept, _by_old_effective(half),
               f"The saved {field} follows an effective one that becomes the real one (gVisor): there is no way back."),
        mutant(f"{call}-saved-always-follows", kept, old(half, "effective"),
               f"The saved {field} becomes the effective one, whatever is set."),
        mutant(f"{call}-real-to-saved", page + "EPERM-real-to-saved", never(),
               f"The saved {field} can become the real one (elfuse; POSIX lets it)."),
        mutant(f"{call}-large-ids-keep", page + "every-id-is-an-id", each(_large_keeps(half)),
               "Ids from 2^31 on leave the id as it is, as all negative numbers (Asterinas)."),
    )  # fmt: skip


def _large_keeps(half: Half) -> Any:
    def kept(kernel: int | None, number: int, now: Context) -> int | None:
        ids = ids_of(half, now)
        if not 2**31 <= number < KEPT:
            return kernel
        return ids.real if number == asked(now)[0] else ids.effective

    return kept


MUTANTS = (*_of_half("setreuid", USERS), of_the_process_limit("setreuid"), *_of_half("setregid", GROUPS))
