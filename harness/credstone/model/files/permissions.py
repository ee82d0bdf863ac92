"""Who may read, write, execute or search what: path_resolution(7), "Permissions" and "Bypassing permission checks"."""

from __future__ import annotations

from credstone.model.moment import Moment
from credstone.model.rules import Choosing, rule
from credstone.words.capability import CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, MASKS
from credstone.words.credential import Credential
from credstone.words.scenario import File

CAP_FOWNER = MASKS["CAP_FOWNER"]
READ, WRITE, EXECUTE = 4, 2, 1
ANYONE_EXECUTES = 0o111


def may(now: Moment, file: File, wanted: int, credential: Credential | None = None) -> Choosing:
    """Whether the caller may read, write, execute or search a file, by its filesystem ids.

    The first class that fits decides alone: a member of the file's group is refused what the group is refused, though
    all others may do it.
    """
    who = credential or now.credential
    uid, gid = yield rule("credentials(7)/filesystem-ids-decide", (who.uid.filesystem, who.gid.filesystem))
    uid = yield rule("path_resolution(7)/fsuid", uid)
    gid = yield rule("path_resolution(7)/fsgid", gid)
    uid = yield rule("setfsuid(2)/decides-access", uid)
    gid = yield rule("setfsgid(2)/decides-access", gid)
    groups = yield rule("setgroups(2)/linux/decides-access", who.groups)
    groups = yield rule("credentials(7)/supplementary-groups-count", groups)
    groups = yield rule("path_resolution(7)/supplementary-groups", groups)
    is_owner = yield rule("user_namespaces(7)/access-by-outer-ids", uid == file.owner)
    is_owner = yield rule("path_resolution(7)/owner-class", is_owner)
    in_group = yield rule("path_resolution(7)/group-class", file.group == gid or file.group in groups)
    fitting = [place for place, fits in ((6, is_owner), (3, in_group), (0, True)) if fits]
    looked_at = yield rule("path_resolution(7)/first-class-decides", 1)
    bits = [file.mode >> place & 7 for place in fitting[:looked_at]]
    bits = yield rule("path_resolution(7)/permission-bits", bits)
    return not all(wanted & ~granted for granted in bits) or (yield from _above_the_bits(now, who, file, wanted))


def _above_the_bits(now: Moment, who: Credential, file: File, wanted: int) -> Choosing:
    """Whether a capability grants what the bits do not."""
    folder, held = file.kind == "folder", who.capabilities.effective
    known = yield rule("user_namespaces(7)/file-capabilities-need-both-ids", now.namespace.has_ids_of(file))
    known = yield rule("path_resolution(7)/linux/capability-over-mapped-ids", known)
    overrides = yield rule("path_resolution(7)/CAP_DAC_OVERRIDE", bool(held & CAP_DAC_OVERRIDE))
    # A folder can always be searched; what nobody executes not even this capability does.
    runs = folder or not wanted & EXECUTE or bool(file.mode & ANYONE_EXECUTES)
    runs = yield rule("path_resolution(7)/execute-takes-a-bit", runs)
    reads = yield rule("path_resolution(7)/CAP_DAC_READ_SEARCH", bool(held & CAP_DAC_READ_SEARCH))
    enough = not wanted & WRITE if folder else wanted == READ
    enough = yield rule("path_resolution(7)/read-and-search-only", enough)
    above = known and ((overrides and runs) or (reads and enough))
    return (yield rule("path_resolution(7)/fsuid-0", above))


def holds(now: Moment, capability: int, file: File) -> bool:
    """Whether a capability counts for this file: both its ids must have a mapping where the caller lives."""
    return now.namespace.has_ids_of(file) and now.capable(capability)


def owner_or_capable(now: Moment, file: File) -> bool:
    """Whether the caller may change what belongs to the owner: the mode, the times.

    For CAP_FOWNER it is enough here that the owner has a mapping; the group need not.
    """
    if now.credential.uid.filesystem == file.owner:
        return True
    return now.namespace.has_uid(file.owner) and now.capable(CAP_FOWNER)


def is_member(who: Credential, gid: int | None) -> bool:
    """Whether a group is the filesystem gid or one of the supplementary groups."""
    return gid == who.gid.filesystem or gid in who.groups
