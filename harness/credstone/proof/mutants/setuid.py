"""Ways to get setuid(2) and setgid(2) wrong."""

from __future__ import annotations

from credstone.model.ids.halves import GROUPS, USERS, Half
from credstone.model.rules import Mutant
from credstone.proof.mutants.build import answering, asked, deciding, giving, mutant
from credstone.proof.mutants.setters import (
    ids_of,
    of_every_setter,
    of_sixteen_bits,
    of_the_process_limit,
    of_threads,
    of_uid_0,
    old,
)


def _of_half(call: str, half: Half, fsid: str) -> tuple[Mutant, ...]:
    page, field = f"{call}(2)/", half.field
    return (
        *of_every_setter(call, half, fsid),
        *of_threads(call),
        *of_sixteen_bits(call),
        mutant(f"{call}-does-nothing", page + "sets-effective", old(half, "effective"),
               f"The call answers 0 and the effective {field} stays (Asterinas before 2026; StarryOS)."),
        mutant(f"{call}-sets-real-only", page + "privileged-sets-all",
               deciding(lambda pair, now: (pair[0], ids_of(half, now).saved)),
               f"A privileged caller's saved {field} stays, so the old one can be taken up again."),
        mutant(f"{call}-sets-saved-only", page + "privileged-sets-all",
               deciding(lambda pair, now: (ids_of(half, now).real, pair[1])),
               f"A privileged caller's real {field} stays."),
        mutant(f"{call}-is-sete{field}", page + "privileged-sets-all", old(half, "real", "saved"),
               f"A privileged caller sets the effective {field} alone."),
        mutant(f"{call}-user-loses-saved", page + "unprivileged-sets-effective-only",
               deciding(lambda pair, now: (pair[0], asked(now)[0])),
               f"An unprivileged caller's saved {field} follows (kernels without saved ids; Gramine)."),
        mutant(f"{call}-user-sets-all", page + "unprivileged-sets-effective-only",
               deciding(lambda pair, now: (asked(now)[0],) * 2),
               f"An unprivileged caller's real and saved {field} follow (4.4BSD)."),
        mutant(f"{call}-saved-is-not-given-back", page + "saved-id-gives-it-back", giving(False),
               f"The saved {field} cannot be taken up again (kernels without saved ids)."),
        mutant(f"{call}-EINVAL-without-a-reason", page + "EINVAL", answering("errno 0"),
               "What is no id is refused without a reason."),
    )  # fmt: skip


MUTANTS = (
    *_of_half("setuid", USERS, "setuid(2)/fsuid-follows"),
    *_of_half("setgid", GROUPS, "setgid(2)/linux/fsgid-follows"),
    of_uid_0("setuid"),
    of_the_process_limit("setuid"),
    mutant("setuid-root-comes-back", "setuid(2)/root-is-gone",
           deciding(lambda capable, now: capable or asked(now)[0] == 0),
           "Whoever was root once can be root again (proot; fakeroot)."),
    mutant("setuid-core-dumps", "setuid(2)/no-core-dumps", giving(1),
           "The process stays dumpable (CVE-2016-8659: bubblewrap could be traced after its drop)."),
)  # fmt: skip
