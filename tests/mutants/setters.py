"""Ways to get any call wrong that changes ids: what is the same for all of them, for each page."""

from __future__ import annotations

from credstone.model.rules import Mutant
from credstone.words.answer import Answer
from mutants.build import (
    answering,
    but_the_last,
    deciding,
    every_thread,
    giving,
    is_root,
    mutant,
    never,
    only_caller,
)


def of_every_setter(call: str) -> tuple[Mutant, ...]:
    """The mutants of one call's page, such as ``setgid``; its clauses have the same names on every page."""
    page = f"{call}(2)/"
    return (
        mutant(f"{call}-root-only", page + "privilege-is-the-capability", deciding(lambda capable, now: is_root(now)),
               "The effective uid 0 is privileged, the capability is not (Asterinas)."),
        mutant(f"{call}-answers-1", page + "returns-zero", giving(Answer("", 1)),
               "A success answers 1 (musl before 1.2.5)."),
        mutant(f"{call}-false-success", page + "error-minus-one", giving(Answer()),
               "A call that is refused answers 0 and changes nothing (Asterinas; proot; parrot)."),
        mutant(f"{call}-EINVAL-is-EPERM", page + "EINVAL", answering("EPERM"),
               "An id without a mapping is EPERM, as users expect it."),
        mutant(f"{call}-for-everybody", page + "EPERM", never(),
               "An unprivileged caller can ask for any id (proot; fakeroot; Asterinas)."),
        mutant(f"{call}-libc-one-thread", page + "C-library-kernel-differences", deciding(only_caller),
               "The wrapper changes the calling thread alone (Go before 1.16)."),
        mutant(f"{call}-libc-misses-one", page + "C-library-kernel-differences", deciding(but_the_last),
               "The wrapper misses a thread that is just being created (musl before 1.1.22)."),
        mutant(f"{call}-raw-moves-all", page + "kernel-per-thread", deciding(every_thread),
               "The raw call changes all threads of the process."),
    )  # fmt: skip
