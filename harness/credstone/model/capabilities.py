"""What changes of user IDs do to the capability sets: capabilities(7), "Effect of user ID changes on capabilities"."""

from __future__ import annotations

import msgspec

from credstone.model.world import Namespace
from credstone.words.capability import FILE_SYSTEM
from credstone.words.credential import Capabilities, Credential, Ids

replace = msgspec.structs.replace

NOROOT = 0x1
NO_SETUID_FIXUP = 0x4
KEEP_CAPS = 0x10
KEEP_CAPS_LOCKED = 0x20
NO_AMBIENT_RAISE = 0x40


def after_uid_change(before: Credential, uid: Ids, namespace: Namespace) -> Capabilities:
    """The sets after the real, effective and saved uid became these.

    Rule 1: when all three leave 0, the permitted and effective sets are emptied, unless "keep capabilities" is set; the
    ambient set is emptied in any case.  Rules 2 and 3: the effective uid leaving 0 empties the effective set, and its
    becoming 0 fills it from the permitted set.  SECBIT_NO_SETUID_FIXUP switches all of it off.  0 is that of the
    caller's user namespace.
    """
    sets, old = before.capabilities, before.uid
    if before.securebits & NO_SETUID_FIXUP:
        return sets
    root = namespace.uid(0)
    permitted, effective, ambient = sets.permitted, sets.effective, sets.ambient
    if root in (old.real, old.effective, old.saved) and root not in (uid.real, uid.effective, uid.saved):
        if not before.keep_caps:
            permitted = effective = 0
        ambient = 0
    if old.effective == root != uid.effective:
        effective = 0
    if old.effective != root == uid.effective:
        effective = permitted
    return replace(sets, permitted=permitted, effective=effective, ambient=ambient)


def after_fsuid_change(before: Credential, fsuid: int, namespace: Namespace) -> Capabilities:
    """The sets after the filesystem uid alone became this one.

    Rule 4: the capabilities that concern files follow it out of the effective set and back in.
    """
    sets = before.capabilities
    if before.securebits & NO_SETUID_FIXUP:
        return sets
    root, old = namespace.uid(0), before.uid.filesystem
    if old == root != fsuid:
        return replace(sets, effective=sets.effective & ~FILE_SYSTEM)
    if old != root == fsuid:
        return replace(sets, effective=sets.effective | sets.permitted & FILE_SYSTEM)
    return sets
