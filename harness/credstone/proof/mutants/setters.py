"""Ways to get any call wrong that changes ids: what is the same for all of them, users' and groups'.

The clauses have the same names on every page, so one list serves all; what only one page says is in that page's module.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from credstone.model.ids.halves import GROUPS, USERS, Half
from credstone.model.rules import Context, Mutant
from credstone.proof.mutants.build import (
    Change,
    always,
    answering,
    asked,
    but_the_last,
    deciding,
    every_thread,
    giving,
    having,
    is_root,
    looking_first,
    mutant,
    never,
    only_caller,
    privileged,
    replace,
    world_with,
)
from credstone.words.answer import Answer
from credstone.words.credential import Ids

OTHER = {USERS: GROUPS, GROUPS: USERS}
CAPABILITY = {USERS: "CAP_SETUID", GROUPS: "CAP_SETGID"}


def ids_of(half: Half, now: Context) -> Ids:
    """The caller's ids of this half before the call."""
    return half.of(now.credential)


def old(half: Half, *fields: str) -> Change:
    """The rule gives the caller's ids of before: one, or several as a tuple."""
    if len(fields) == 1:
        return deciding(lambda _, now: getattr(ids_of(half, now), fields[0]))
    return deciding(lambda _, now: tuple(getattr(ids_of(half, now), field) for field in fields))


def each(change: Callable[[Any, int, Context], Any]) -> Change:
    """The rule decides on one kernel id for each argument; this changes every one, knowing the argument."""

    def all_of(value: Any, now: Context) -> Any:
        if not isinstance(value, tuple):
            return change(value, asked(now)[0], now)
        return tuple(change(one, number, now) for one, number in zip(value, asked(now), strict=True))

    return deciding(all_of)


def of_every_setter(call: str, half: Half, fsid: str, every_id: str = "every-id-is-an-id") -> tuple[Mutant, ...]:
    """The mutants of one call's page, such as ``setgid``.

    ``fsid`` is its clause on the filesystem id, ``every_id`` the name of the one on what is an id.
    """
    page, linux, other, field = f"{call}(2)/", f"{call}(2)/linux/", OTHER[half], half.field
    failure, nothing_else = linux + "failure-changes-nothing", linux + "nothing-else"
    return (
        *of_privilege(call, half),
        mutant(f"{call}-answers-1", page + "returns-zero", giving(Answer("", 1)),
               "A success answers 1 (musl before 1.2.5)."),
        mutant(f"{call}-answers-the-id", page + "returns-zero",
               deciding(lambda answer, now: Answer("", asked(now)[0] % 2**32 or 1)),
               "A success answers the id that was asked for."),
        mutant(f"{call}-false-success", page + "error-minus-one", giving(Answer()),
               "A call that is refused answers 0 and changes nothing (Asterinas; proot; parrot)."),
        mutant(f"{call}-fails-silently", page + "error-minus-one", giving(Answer("errno 0", -1)),
               "A call that is refused leaves errno 0."),
        mutant(f"{call}-EINVAL-is-EPERM", page + "EINVAL", answering("EPERM"),
               "An id without a mapping is EPERM, as users expect it."),
        mutant(f"{call}-EINVAL-is-ERANGE", page + "EINVAL", answering("ERANGE"),
               "An id without a mapping is ERANGE."),
        mutant(f"{call}-unmapped", page + "EINVAL", never(),
               "An id without a mapping is accepted (StarryOS; proot)."),
        mutant(f"{call}-for-everybody", page + "EPERM", never(),
               "An unprivileged caller can ask for any id (proot; fakeroot; Asterinas)."),
        mutant(f"{call}-EACCES", page + "EPERM", answering("EACCES"),
               "What takes privilege is EACCES."),
        mutant(f"{call}-EPERM-is-EINVAL", page + "EPERM", answering("EINVAL"),
               "What takes privilege is EINVAL."),
        mutant(f"{call}-{half.filesystem}-stays", fsid, old(half, "filesystem"),
               f"The filesystem {field} does not follow (Asterinas)."),
        mutant(f"{call}-{half.filesystem}-follows-real", fsid, old(half, "real"),
               f"The filesystem {field} follows the real one."),
        mutant(f"{call}-privilege-first", linux + "check-order",
               looking_first(page + "EPERM", page + "EPERM-real-to-saved"),
               "Privilege is looked at before the ids."),
        mutant(f"{call}-failure-sets", failure, _failing(half, lambda ids: replace(ids, effective=7, filesystem=7)),
               f"A call that is refused has changed the effective {field}."),
        mutant(f"{call}-failure-sets-real", failure, _failing(half, lambda ids: replace(ids, real=7)),
               f"A call that is refused has changed the real {field}."),
        mutant(f"{call}-failure-drops-saved", failure, _failing(half, lambda ids: replace(ids, saved=ids.real)),
               f"A call that is refused has overwritten the saved {field}."),
        mutant(f"{call}-failure-moves-{half.filesystem}", failure,
               _failing(half, lambda ids: replace(ids, filesystem=ids.real)),
               f"A call that is refused has moved the filesystem {field}."),
        mutant(f"{call}-drops-groups", nothing_else, having(lambda new: {"groups": ()}),
               "The supplementary groups are gone afterwards."),
        mutant(f"{call}-adds-group", nothing_else,
               having(lambda new: {"groups": tuple(sorted((*new.groups, half.of(new).effective)))}),
               "The new id is put into the supplementary list."),
        mutant(f"{call}-sets-{other.field}", nothing_else, having(lambda new: {other.field: half.of(new)}),
               "The ids of the other half are set as well (mimiker, by a typing error)."),
        *(_of_capabilities_that_follow(call) if half is USERS else _of_capabilities_that_stay(call)),
        mutant(f"{call}-signed", page + every_id,
               each(lambda kernel, number, now: None if 2**31 <= number < 2**32 - 1 else kernel),
               "Ids from 2^31 on are refused as negative (Asterinas)."),
        mutant(f"{call}-16-bits", page + every_id,
               each(lambda kernel, number, now: kernel if kernel is None else kernel & 0xFFFF),
               "Ids are cut to 16 bits."),
        mutant(f"{call}-16-bit-minus-one", page + every_id,
               each(lambda kernel, number, now: None if number == 0xFFFF else kernel),
               "65535 is taken for -1, as the 16-bit call does."),
    )  # fmt: skip


def of_privilege(call: str, half: Half) -> tuple[Mutant, ...]:
    """Ways to take the wrong caller for a privileged one."""
    clause, capability, other = f"{call}(2)/privilege-is-the-capability", half.capability, OTHER[half]
    return (
        mutant(f"{call}-root-only", clause, deciding(lambda capable, now: is_root(now)),
               "The effective uid 0 is privileged, the capability is not (Asterinas)."),
        mutant(f"{call}-root-too", clause, deciding(lambda capable, now: capable or is_root(now)),
               f"The effective uid 0 is privileged even without {CAPABILITY[half]}."),
        mutant(f"{call}-{CAPABILITY[other]}", clause, deciding(lambda capable, now: privileged(now, other.capability)),
               "The capability of the other half is asked for."),
        mutant(f"{call}-{CAPABILITY[other]}-too", clause,
               deciding(lambda capable, now: capable or privileged(now, other.capability)),
               "The capability of the other half suffices as well."),
        mutant(f"{call}-permitted", clause,
               deciding(lambda capable, now: bool(now.credential.capabilities.permitted & capability)),
               "A capability that is permitted but not effective suffices."),
        mutant(f"{call}-privileged-outside-only", clause,
               deciding(lambda capable, now: capable and now.task.namespace == 0),
               f"{CAPABILITY[half]} counts in the outermost user namespace only."),
    )  # fmt: skip


def of_threads(call: str) -> tuple[Mutant, ...]:
    """Ways to move the wrong threads, for the calls that have a page of system calls."""
    page = f"{call}(2)/"
    return (
        mutant(f"{call}-libc-one-thread", page + "C-library-kernel-differences", deciding(only_caller),
               "The wrapper changes the calling thread alone (Go before 1.16)."),
        mutant(f"{call}-libc-misses-one", page + "C-library-kernel-differences", deciding(but_the_last),
               "The wrapper misses a thread that is just being created (musl before 1.1.22)."),
        mutant(f"{call}-raw-moves-all", page + "kernel-per-thread", deciding(every_thread),
               "The raw call changes all threads of the process."),
    )  # fmt: skip


def of_uid_0(call: str) -> Mutant:
    """For the pages that warn: the call can fail for uid 0 too."""
    return mutant(f"{call}-uid-0-never-fails", f"{call}(2)/uid-0-can-fail",
                  deciding(lambda capable, now: capable or is_root(now)),
                  "The effective uid 0 can do everything, whatever its capabilities (Asterinas).")  # fmt: skip


def of_the_process_limit(call: str) -> Mutant:
    """For the pages that tell of the kernel before Linux 3.1."""
    return mutant(f"{call}-EAGAIN", f"{call}(2)/over-the-process-limit", always(),
                  "A user who has too many processes is refused (Linux before 3.1).")  # fmt: skip


def of_sixteen_bits(call: str) -> tuple[Mutant, ...]:
    """Ways to get the first call of that name wrong."""
    page, linux = f"{call}(2)/", f"{call}(2)/linux/"
    return (
        mutant(f"{call}16-not-cut", page + "16-bit", deciding(lambda cut, now: asked(now)),
               "All 32 bits of the argument count (qemu-user 7.2)."),
        mutant(f"{call}16-minus-one", linux + "16-bit-minus-one", deciding(lambda ids, now: tuple(
               65535 if number == -1 else number for number in ids)),
               "65535 is an id like any other."),
    )  # fmt: skip


def _failing(half: Half, change: Callable[[Ids], Ids]) -> Change:
    return world_with(lambda before, now: {half.field: change(half.of(before))})


def _of_capabilities_that_follow(call: str) -> tuple[Mutant, ...]:
    clause = f"{call}(2)/linux/capabilities-follow"
    return (
        mutant(f"{call}-keeps-capabilities", clause, deciding(lambda sets, now: now.credential.capabilities),
               "Leaving root leaves the capabilities."),
        mutant(f"{call}-clears-always", clause, deciding(lambda sets, now: replace(sets, permitted=0, effective=0)),
               "Every change of user ids clears the capabilities, also one between ordinary users."),
    )  # fmt: skip


def _of_capabilities_that_stay(call: str) -> tuple[Mutant, ...]:
    return (
        mutant(f"{call}-clears-capabilities", f"{call}(2)/linux/nothing-else",
               having(lambda new: {"capabilities": replace(new.capabilities, permitted=0, effective=0)}),
               "Capabilities are cleared as by a change of user ids."),
    )  # fmt: skip
