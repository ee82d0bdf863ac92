"""What changes of user IDs do to the capability sets: capabilities(7), "Effect of user ID changes on capabilities"."""

from __future__ import annotations

import msgspec

from credstone.model.caller import Moment
from credstone.model.subjects import PERMITTED
from credstone.words.capability import FILE_SYSTEM
from credstone.words.constants import CONSTANTS
from credstone.words.credential import Capabilities, Ids

replace = msgspec.structs.replace

NOROOT, NO_SETUID_FIXUP = CONSTANTS["SECBIT_NOROOT"], CONSTANTS["SECBIT_NO_SETUID_FIXUP"]
KEEP_CAPS, KEEP_CAPS_LOCKED = CONSTANTS["SECBIT_KEEP_CAPS"], CONSTANTS["SECBIT_KEEP_CAPS_LOCKED"]
NO_AMBIENT_RAISE = CONSTANTS["SECBIT_NO_CAP_AMBIENT_RAISE"]


def after_uid_change(now: Moment, uid: Ids) -> Capabilities:
    """The sets after the real, effective and saved uid became these, by any call but setfsuid(2).

    0 is that of the caller's user namespace.
    """
    before = now.credential
    sets, old = before.capabilities, before.uid
    if _switched_off(now):
        return sets
    root = now.rule(now.namespace.uid(0), "capabilities(7)/linux/uid-0-of-the-namespace", of=PERMITTED)
    permitted, effective, ambient = sets.permitted, sets.effective, sets.ambient
    had, has = root in (old.real, old.effective, old.saved), root in (uid.real, uid.effective, uid.saved)
    if now.rule(
        had and not has,
        "capabilities(7)/one-uid-0-is-enough",
        of=("permitted capabilities", "effective capabilities", "ambient capabilities"),
    ):
        if now.rule(before.keep_caps, "capabilities(7)/KEEP_CAPS", of=PERMITTED):
            effective = now.rule(effective, "capabilities(7)/KEEP_CAPS-effective-stays", of="effective capabilities")
            ambient = now.rule(0, "capabilities(7)/linux/KEEP_CAPS-spares-no-ambient", of="ambient capabilities")
        else:
            permitted, effective, ambient = now.rule(
                (0, 0, 0),
                "capabilities(7)/leaving-uid-0",
                of=("permitted capabilities", "effective capabilities", "ambient capabilities"),
            )
    if old.effective == root != uid.effective:
        effective = now.rule(0, "capabilities(7)/effective-uid-leaves-0", of="effective capabilities")
        if before.keep_caps:
            effective = now.rule(effective, "capabilities(7)/KEEP_CAPS-effective-cleared", of="effective capabilities")
    if old.effective != root == uid.effective:
        effective = now.rule(permitted, "capabilities(7)/effective-uid-becomes-0", of="effective capabilities")
    with_rights = with_file_rights(root, old.filesystem, uid.filesystem, effective, permitted)
    # Linux looks at the filesystem uid in setfsuid(2) alone: it takes the first of the two, the page the second.
    effective, _ = now.rule(
        (effective, with_rights), "capabilities(7)/filesystem-uid-by-any-call", of="effective capabilities"
    )
    return replace(sets, permitted=permitted, effective=effective, ambient=ambient)


def after_fsuid_change(now: Moment, fsuid: int) -> Capabilities:
    """The sets after setfsuid(2) made the filesystem uid this one."""
    before = now.credential
    sets, old = before.capabilities, before.uid.filesystem
    if _switched_off(now):
        return sets
    root = now.rule(now.namespace.uid(0), "capabilities(7)/linux/uid-0-of-the-namespace", of=PERMITTED)
    effective = with_file_rights(root, old, fsuid, sets.effective, sets.permitted)
    if old == root != fsuid:
        effective = now.rule(effective, "capabilities(7)/filesystem-uid-leaves-0", of="effective capabilities")
    if old != root == fsuid:
        effective = now.rule(effective, "capabilities(7)/filesystem-uid-becomes-0", of="effective capabilities")
    return replace(sets, effective=effective)


def with_file_rights(root: int | None, old: int, new: int, effective: int, permitted: int) -> int:
    """The effective set when the filesystem uid changes: the capabilities that concern files go and come with 0."""
    if old == root != new:
        return effective & ~FILE_SYSTEM
    if old != root == new:
        return effective | permitted & FILE_SYSTEM
    return effective


def _switched_off(now: Moment) -> bool:
    """Whether SECBIT_NO_SETUID_FIXUP leaves the sets alone."""
    before = now.credential
    off = now.rule(
        bool(before.securebits & NO_SETUID_FIXUP),
        "capabilities(7)/NO_SETUID_FIXUP",
        of=("permitted capabilities", "effective capabilities", "ambient capabilities"),
    )
    if off and before.keep_caps:
        off = now.rule(off, "capabilities(7)/KEEP_CAPS-ignored", of=("effective capabilities", "ambient capabilities"))
    return off
