"""What changes of user IDs do to the capability sets: capabilities(7), "Effect of user ID changes on capabilities"."""

from __future__ import annotations

import msgspec

from credstone.model.rules import Choosing, rule
from credstone.model.world import Namespace
from credstone.words.capability import FILE_SYSTEM
from credstone.words.constants import CONSTANTS
from credstone.words.credential import Credential, Ids

replace = msgspec.structs.replace

NOROOT, NO_SETUID_FIXUP = CONSTANTS["SECBIT_NOROOT"], CONSTANTS["SECBIT_NO_SETUID_FIXUP"]
KEEP_CAPS, KEEP_CAPS_LOCKED = CONSTANTS["SECBIT_KEEP_CAPS"], CONSTANTS["SECBIT_KEEP_CAPS_LOCKED"]
NO_AMBIENT_RAISE = CONSTANTS["SECBIT_NO_CAP_AMBIENT_RAISE"]


def after_uid_change(before: Credential, uid: Ids, namespace: Namespace) -> Choosing:
    """The sets after the real, effective and saved uid became these, by any call but setfsuid(2).

    0 is that of the caller's user namespace.
    """
    sets, old = before.capabilities, before.uid
    if (yield from _switched_off(before)):
        return sets
    root = yield rule("capabilities(7)/linux/uid-0-of-the-namespace", namespace.uid(0))
    permitted, effective, ambient = sets.permitted, sets.effective, sets.ambient
    had, has = root in (old.real, old.effective, old.saved), root in (uid.real, uid.effective, uid.saved)
    if (yield rule("capabilities(7)/one-uid-0-is-enough", had and not has)):
        if (yield rule("capabilities(7)/KEEP_CAPS", before.keep_caps)):
            effective = yield rule("capabilities(7)/KEEP_CAPS-effective-stays", effective)
            ambient = yield rule("capabilities(7)/linux/KEEP_CAPS-spares-no-ambient", 0)
        else:
            permitted, effective, ambient = yield rule("capabilities(7)/leaving-uid-0", (0, 0, 0))
    if old.effective == root != uid.effective:
        effective = yield rule("capabilities(7)/effective-uid-leaves-0", 0)
        if before.keep_caps:
            effective = yield rule("capabilities(7)/KEEP_CAPS-effective-cleared", effective)
    if old.effective != root == uid.effective:
        effective = yield rule("capabilities(7)/effective-uid-becomes-0", permitted)
    with_rights = with_file_rights(root, old.filesystem, uid.filesystem, effective, permitted)
    # Linux looks at the filesystem uid in setfsuid(2) alone: it takes the first of the two, the page the second.
    effective, _ = yield rule("capabilities(7)/filesystem-uid-by-any-call", (effective, with_rights))
    return replace(sets, permitted=permitted, effective=effective, ambient=ambient)


def after_fsuid_change(before: Credential, fsuid: int, namespace: Namespace) -> Choosing:
    """The sets after setfsuid(2) made the filesystem uid this one."""
    sets, old = before.capabilities, before.uid.filesystem
    if (yield from _switched_off(before)):
        return sets
    root = yield rule("capabilities(7)/linux/uid-0-of-the-namespace", namespace.uid(0))
    effective = with_file_rights(root, old, fsuid, sets.effective, sets.permitted)
    if old == root != fsuid:
        effective = yield rule("capabilities(7)/filesystem-uid-leaves-0", effective)
    if old != root == fsuid:
        effective = yield rule("capabilities(7)/filesystem-uid-becomes-0", effective)
    return replace(sets, effective=effective)


def with_file_rights(root: int | None, old: int, new: int, effective: int, permitted: int) -> int:
    """The effective set when the filesystem uid changes: the capabilities that concern files go and come with 0."""
    if old == root != new:
        return effective & ~FILE_SYSTEM
    if old != root == new:
        return effective | permitted & FILE_SYSTEM
    return effective


def _switched_off(before: Credential) -> Choosing:
    """Whether SECBIT_NO_SETUID_FIXUP leaves the sets alone."""
    off = yield rule("capabilities(7)/NO_SETUID_FIXUP", bool(before.securebits & NO_SETUID_FIXUP))
    if off and before.keep_caps:
        off = yield rule("capabilities(7)/KEEP_CAPS-ignored", off)
    return off
