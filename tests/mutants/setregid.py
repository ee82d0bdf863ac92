"""Ways to get setregid(2) wrong."""

from __future__ import annotations

from typing import Any

from credstone.model.moment import given
from credstone.model.rules import Context
from credstone.words.capability import CAP_SETUID
from credstone.words.credential import Ids
from mutants.build import (
    answering,
    asked,
    deciding,
    giving,
    having,
    is_root,
    looking_first,
    mutant,
    never,
    replace,
    world_with,
)
from mutants.setters import of_every_setter

PAGE = "setregid(2)/"
LINUX = "setregid(2)/linux/"


def _changes_effective(now: Context) -> bool:
    egid = asked(now)[1] % 2**32
    return egid not in (2**32 - 1, now.credential.gid.effective)


def _saved_by_old_effective(saved: int, now: Context) -> int:
    """GVisor's rule: the saved gid follows where the effective one changes."""
    namespace = now.world.namespaces[now.task.namespace]
    new: Any = namespace.gid(asked(now)[1])
    return new if _changes_effective(now) and new is not None else now.credential.gid.saved


def _minus_one_as_zero(pair: tuple[int, int], now: Context) -> tuple[int, ...]:
    return tuple(gid if given(number) else 0 for gid, number in zip(pair, asked(now), strict=True))


MUTANTS = (
    *of_every_setter("setregid"),
    mutant("setregid-does-nothing", PAGE + "sets-real-and-effective",
           deciding(lambda pair, now: (now.credential.gid.real, now.credential.gid.effective)),
           "The call answers 0 and nothing happens (parrot; StarryOS)."),
    mutant("setregid-swapped", PAGE + "sets-real-and-effective", deciding(lambda pair, now: pair[::-1]),
           "The arguments are taken in the other order."),
    mutant("setregid-real-stays", PAGE + "sets-real-and-effective",
           deciding(lambda pair, now: (now.credential.gid.real, pair[1])),
           "The real gid never changes."),
    mutant("setregid-minus-one-is-zero", PAGE + "minus-one-keeps", deciding(_minus_one_as_zero),
           "-1 sets the id to 0."),
    mutant("setregid-minus-one-is-real", PAGE + "minus-one-keeps",
           deciding(lambda pair, now: pair if given(asked(now)[1]) else (pair[0], now.credential.gid.real)),
           "-1 for the effective gid makes it the real one."),
    mutant("setregid-effective-not-to-saved", PAGE + "unprivileged-effective",
           deciding(lambda may, now: may and asked(now)[1] % 2**32 in (
               2**32 - 1, now.credential.gid.real, now.credential.gid.effective)),
           "An unprivileged caller cannot take up its saved gid."),
    mutant("setregid-effective-not-to-real", PAGE + "unprivileged-effective",
           deciding(lambda may, now: may and asked(now)[1] % 2**32 != now.credential.gid.real),
           "An unprivileged caller cannot make its real gid the effective one."),
    mutant("setregid-effective-free", PAGE + "unprivileged-effective", giving(True),
           "An unprivileged caller can make its effective gid any (fakeroot's setreuid(-1, 4000))."),
    mutant("setregid-real-free", PAGE + "unprivileged-real", giving(True),
           "An unprivileged caller can make its real gid any."),
    mutant("setregid-real-not-to-effective", PAGE + "unprivileged-real",
           deciding(lambda may, now: asked(now)[0] % 2**32 in (2**32 - 1, now.credential.gid.real)),
           "An unprivileged caller cannot make its effective gid the real one, so the ids cannot be swapped."),
    mutant("setregid-saved-ignores-real", PAGE + "saved-follows-real-set",
           deciding(lambda saved, now: now.credential.gid.saved),
           "Setting the real gid leaves the saved one, and with it a way back (rust-posix-os)."),
    mutant("setregid-saved-follows-if-real-differs", PAGE + "saved-follows-real-set",
           deciding(lambda saved, now: now.credential.gid.saved
                    if asked(now)[0] == now.credential.gid.real else saved),
           "Setting the real gid to what it is leaves the saved one."),
    mutant("setregid-saved-is-real", PAGE + "saved-follows-real-set", deciding(lambda saved, now: asked(now)[0]),
           "The saved gid becomes the real one."),
    mutant("setregid-saved-by-old-effective-follows", PAGE + "saved-follows-effective",
           deciding(_saved_by_old_effective),
           "The saved gid follows where the effective one changes, not where it differs from the real one (gVisor)."),
    mutant("setregid-saved-never-follows", PAGE + "saved-follows-effective",
           deciding(lambda saved, now: now.credential.gid.saved),
           "The saved gid does not follow the effective one (kernels without saved ids)."),
    mutant("setregid-saved-by-old-effective-kept", PAGE + "saved-kept", deciding(_saved_by_old_effective),
           "The saved gid follows an effective one that becomes the real one (gVisor): there is no way back."),
    mutant("setregid-saved-always-follows", PAGE + "saved-kept",
           deciding(lambda saved, now: now.credential.gid.effective),
           "The saved gid becomes the effective one, whatever is set."),
    mutant("setregid-uid-0-never-fails", PAGE + "uid-0-can-fail",
           deciding(lambda capable, now: capable or is_root(now)),
           "The effective uid 0 can do everything, whatever its capabilities (Asterinas)."),
    mutant("setregid-EPERM-is-EINVAL", PAGE + "EPERM", answering("EINVAL"),
           "What takes privilege is EINVAL."),
    mutant("setregid-real-to-saved", PAGE + "EPERM-real-to-saved", never(),
           "The saved gid can become the real one (elfuse; NOTES tells of it as POSIX)."),
    mutant("setregid-CAP_SETUID", PAGE + "privilege-is-the-capability",
           deciding(lambda capable, now: bool(now.credential.capabilities.effective & CAP_SETUID)),
           "CAP_SETUID is asked for, as by the user half."),
    mutant("setregid-fsgid-stays", LINUX + "fsgid-follows", deciding(lambda gid, now: now.credential.gid.filesystem),
           "The filesystem gid does not follow (Asterinas)."),
    mutant("setregid-privilege-first", LINUX + "check-order",
           looking_first(PAGE + "EPERM", PAGE + "EPERM-real-to-saved"),
           "Privilege is looked at before the ids."),
    mutant("setregid-failure-sets-real", LINUX + "failure-changes-nothing",
           world_with(lambda old, now: {"gid": replace(old.gid, real=old.gid.effective)}),
           "A call that is refused for the effective gid has set the real one."),
    mutant("setregid-failure-sets-effective", LINUX + "failure-changes-nothing",
           world_with(lambda old, now: {"gid": replace(old.gid, effective=7, filesystem=7)}),
           "A call that is refused has set the effective gid."),
    mutant("setregid-drops-groups", LINUX + "nothing-else", having(lambda new: {"groups": ()}),
           "The supplementary groups are gone afterwards."),
    mutant("setregid-sets-uid", LINUX + "nothing-else",
           having(lambda new: {"uid": Ids(new.gid.real, new.gid.effective, new.uid.saved, new.uid.filesystem)}),
           "The user IDs are set as well (mimiker, by a typing error)."),
    mutant("setregid-signed", LINUX + "every-id-is-an-id",
           deciding(lambda pair, now: tuple(None if 2**31 <= number < 2**32 - 1 else gid
                                            for gid, number in zip(pair, asked(now), strict=True))),
           "Ids from 2^31 on are refused as negative (Asterinas)."),
    mutant("setregid-large-ids-keep", LINUX + "every-id-is-an-id",
           deciding(lambda pair, now: tuple(old if 2**31 <= number < 2**32 else gid for gid, number, old in zip(
               pair, asked(now), (now.credential.gid.real, now.credential.gid.effective), strict=True))),
           "Ids from 2^31 on leave the id as it is, as all negative numbers (Asterinas)."),
    mutant("setregid-16-bits", LINUX + "every-id-is-an-id",
           deciding(lambda pair, now: tuple(gid if gid is None else gid & 0xFFFF for gid in pair)),
           "Ids are cut to 16 bits."),
)  # fmt: skip
