"""Ways to get setfsuid(2) and setfsgid(2) wrong."""

from __future__ import annotations

import msgspec

from credstone.model.ids.halves import GROUPS, USERS, Half
from credstone.model.rules import Mutant
from credstone.proof.mutants.build import Change, asked, deciding, every_thread, giving, having, mutant, replace
from credstone.proof.mutants.setters import OTHER, each, ids_of, of_privilege, of_sixteen_bits, old
from credstone.words.answer import Answer
from credstone.words.capability import MASKS


def _but_not(half: Half, name: str) -> Change:
    """Each of the caller's own ids may be asked for but this one."""
    return deciding(lambda own, now: own and asked(now)[0] != getattr(ids_of(half, now), name))


def _keeping(capability: int) -> Change:
    """A capability that was effective stays so."""
    return deciding(
        lambda sets, now: replace(sets, effective=sets.effective | now.credential.capabilities.effective & capability)
    )


def _losing(capability: int) -> Change:
    """A capability is not effective afterwards."""
    return deciding(lambda sets, now: replace(sets, effective=sets.effective & ~capability))


def _of_half(half: Half) -> tuple[Mutant, ...]:
    call, field, other = f"set{half.filesystem}", half.field, OTHER[half]
    page, linux = f"{call}(2)/", f"{call}(2)/linux/"
    return (
        *of_privilege(call, half),
        *of_sixteen_bits(call),
        mutant(f"{call}-effective-decides", page + "decides-access",
               deciding(lambda _, now: ids_of(half, now).effective),
               f"Access to files is asked of the effective {field}."),
        mutant(f"{call}-real-decides", page + "decides-access", deciding(lambda _, now: ids_of(half, now).real),
               f"Access to files is asked of the real {field}."),
        mutant(f"{call}-does-nothing", page + "sets-filesystem-id", old(half, "filesystem"),
               "The call answers and changes nothing (moss; FreeBSD's linuxulator as proposed)."),
        mutant(f"{call}-sets-effective", page + "sets-filesystem-id", old(half, "effective"),
               f"Whatever is asked for, the filesystem {field} becomes the effective one."),
        *(mutant(f"{call}-not-to-{name}", page + "own-ids",
                 _but_not(half, name),
                 f"An unprivileged caller cannot take its {name} {field}.") for name in ("real", "effective", "saved")),
        mutant(f"{call}-to-any", page + "own-ids", giving(True),
               f"An unprivileged caller can take any {field}."),
        mutant(f"{call}-to-other-half", page + "own-ids",
               deciding(lambda own, now: own or asked(now)[0] == other.of(now.credential).filesystem),
               "The filesystem id of the other half may be asked for, as the page of setfsgid(2) has it."),
        mutant(f"{call}-ENOSYS", page + "returns-previous", giving(Answer("ENOSYS", -1)),
               "There is no such call (gVisor; StarryOS; Quark)."),
        mutant(f"{call}-answers-0", page + "returns-previous", giving(Answer()),
               "The answer is 0, as of the calls that can fail."),
        mutant(f"{call}-answers-the-new-one", page + "returns-previous",
               deciding(lambda answer, now: Answer("", asked(now)[0] % 2**32)),
               "The answer is what was asked for."),
        mutant(f"{call}-answers-the-effective-one", page + "returns-previous",
               deciding(lambda answer, now: Answer("", half.of(now.world.seen(now.who)).effective)),
               f"The answer is the effective {field} (moss; FreeBSD's linuxulator as proposed)."),
        mutant(f"{call}-EPERM", page + "returns-previous",
               deciding(lambda answer, now: Answer("EPERM", -1)
                        if asked(now)[0] % 2**32 not in msgspec.structs.astuple(ids_of(half, now)) else answer),
               "A refusal is an error (Asterinas)."),
        mutant(f"{call}-refusal-sets", page + "refused-silently",
               deciding(lambda _, now: asked(now)[0] % 2**32 if asked(now)[0] != -1 else _),
               "What is refused is set all the same."),
        mutant(f"{call}-refusal-resets", page + "refused-silently", old(half, "effective"),
               f"A refusal makes the filesystem {field} the effective one."),
        mutant(f"{call}-minus-one-is-0", page + "minus-one-is-refused",
               deciding(lambda kernel, now: 0 if asked(now)[0] % 2**32 == 2**32 - 1 else kernel),
               "-1 is taken for 0."),
        mutant(f"{call}-minus-one-is-effective", page + "minus-one-is-refused",
               deciding(lambda kernel, now: ids_of(half, now).effective
                        if asked(now)[0] % 2**32 == 2**32 - 1 else kernel),
               f"-1 brings the effective {field} back."),
        mutant(f"{call}-signed", page + "every-id-is-an-id",
               each(lambda kernel, number, now: None if 2**31 <= number < 2**32 - 1 else kernel),
               "Ids from 2^31 on are refused as negative (Asterinas)."),
        mutant(f"{call}-16-bits", page + "every-id-is-an-id",
               each(lambda kernel, number, now: kernel if kernel is None else kernel & 0xFFFF),
               "Ids are cut to 16 bits."),
        mutant(f"{call}-unmapped", linux + "unmapped-is-refused",
               deciding(lambda kernel, now: asked(now)[0] if kernel is None and asked(now)[0] != -1 else kernel),
               "An id without a mapping is taken for one of outside."),
        mutant(f"{call}-unmapped-is-0", linux + "unmapped-is-refused",
               deciding(lambda kernel, now: 0 if kernel is None else kernel),
               "An id without a mapping is taken for 0 outside."),
        mutant(f"{call}-previous-is-0", linux + "overflow-shown",
               deciding(lambda number, now: 0 if number == 65534 else number),
               f"A previous {field} without a number is answered as 0."),
        mutant(f"{call}-previous-is-outside", linux + "overflow-shown", old(half, "filesystem"),
               f"A previous {field} is answered as outside."),
        mutant(f"{call}-moves-effective", linux + "nothing-else",
               having(lambda new: {field: replace(half.of(new), effective=half.of(new).filesystem)}),
               f"The effective {field} moves too."),
        mutant(f"{call}-moves-saved", linux + "nothing-else",
               having(lambda new: {field: replace(half.of(new), saved=half.of(new).filesystem)}),
               f"The saved {field} moves too."),
        mutant(f"{call}-moves-{other.filesystem}", linux + "nothing-else",
               having(lambda new: {other.field: replace(other.of(new), filesystem=half.of(new).filesystem)}),
               "The filesystem id of the other half moves too."),
        mutant(f"{call}-drops-groups", linux + "nothing-else", having(lambda new: {"groups": ()}),
               "The supplementary groups are gone afterwards."),
        mutant(f"{call}-all-threads", linux + "per-thread", deciding(every_thread),
               "All threads move."),
    )  # fmt: skip


FOLLOW = "setfsuid(2)/linux/capabilities-follow"

MUTANTS = (
    *_of_half(USERS),
    *_of_half(GROUPS),
    mutant("setfsuid-capabilities-stay", FOLLOW, deciding(lambda sets, now: now.credential.capabilities),
           "Filesystem uid 0 and the capabilities have nothing to do with each other."),
    mutant("setfsuid-capabilities-all-go", FOLLOW,
           deciding(lambda sets, now: replace(sets, effective=0) if asked(now)[0] else sets),
           "All effective capabilities go, as with the effective uid."),
    mutant("setfsuid-permitted-go-too", FOLLOW,
           deciding(lambda sets, now: replace(sets, permitted=sets.permitted & sets.effective)),
           "What leaves the effective set leaves the permitted set, and never comes back."),
    mutant("setfsuid-capabilities-do-not-come-back", FOLLOW,
           deciding(lambda sets, now: replace(sets, effective=sets.effective & now.credential.capabilities.effective)),
           "What has gone does not come back."),
    mutant("setfsuid-capabilities-come-from-nowhere", FOLLOW,
           deciding(lambda sets, now: sets if asked(now)[0] else replace(
               sets, effective=sets.effective | MASKS["CAP_CHOWN"])),
           "Filesystem uid 0 brings capabilities that are not permitted."),
    *(mutant(f"setfsuid-{name}-stays", FOLLOW,
             _keeping(MASKS[name]), f"{name} stays effective.")
      for name in ("CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID",
                   "CAP_LINUX_IMMUTABLE", "CAP_MKNOD", "CAP_MAC_OVERRIDE")),
    *(mutant(f"setfsuid-{name}-goes", FOLLOW,
             _losing(MASKS[name]), f"{name} leaves the effective set too.") for name in ("CAP_KILL", "CAP_SYS_CHROOT", "CAP_SETUID")),
    mutant("setfsgid-takes-capabilities", "setfsgid(2)/linux/capabilities-stay",
           deciding(lambda sets, now: replace(sets, effective=sets.effective & ~MASKS["CAP_CHOWN"])
                    if asked(now)[0] else sets),
           "Leaving filesystem gid 0 takes capabilities, as leaving filesystem uid 0 does."),
    mutant("setfsgid-clears-capabilities", "setfsgid(2)/linux/capabilities-stay",
           deciding(lambda sets, now: replace(sets, effective=0, permitted=0)),
           "The capabilities are cleared as by a change of user ids."),
)  # fmt: skip
