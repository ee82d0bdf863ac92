"""Who may read, write, execute or search what: path_resolution(7), "Permissions" and "Bypassing permission checks"."""

from __future__ import annotations

from credstone.model.caller import Moment
from credstone.words.capability import CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, MASKS
from credstone.words.credential import Credential
from credstone.words.scenario import File

CAP_FOWNER = MASKS["CAP_FOWNER"]
READ, WRITE, EXECUTE = 4, 2, 1
ANYONE_EXECUTES = 0o111


def may(now: Moment, file: File, wanted: int, credential: Credential | None = None) -> bool:
    """Whether the caller may read, write, execute or search a file, by its filesystem ids.

    The first class that fits decides alone: a member of the file's group is refused what the group is refused, though
    all others may do it.
    """
    who = credential or now.credential
    uid, gid = now.rule((who.uid.filesystem, who.gid.filesystem), "credentials(7)/filesystem-ids-decide", of="answer")
    uid = now.rule(uid, "path_resolution(7)/fsuid", of="answer")
    gid = now.rule(gid, "path_resolution(7)/fsgid", of="answer")
    uid = now.rule(uid, "setfsuid(2)/decides-access", of="answer")
    gid = now.rule(gid, "setfsgid(2)/decides-access", of="answer")
    groups = now.rule(
        who.groups,
        "path_resolution(7)/supplementary-groups",
        "setgroups(2)/linux/decides-access",
        "credentials(7)/supplementary-groups-count",
        of="answer",
    )
    is_owner = now.rule(
        uid == file.owner, "path_resolution(7)/owner-class", "user_namespaces(7)/access-by-outer-ids", of="answer"
    )
    in_group = now.rule(file.group == gid or file.group in groups, "path_resolution(7)/group-class", of="answer")
    fitting = [place for place, fits in ((6, is_owner), (3, in_group), (0, True)) if fits]
    looked_at = now.rule(1, "path_resolution(7)/first-class-decides", of="answer")
    bits = [file.mode >> place & 7 for place in fitting[:looked_at]]
    bits = now.rule(bits, "path_resolution(7)/permission-bits", of="answer")
    return not all(wanted & ~granted for granted in bits) or _above_the_bits(now, who, file, wanted)


def _above_the_bits(now: Moment, who: Credential, file: File, wanted: int) -> bool:
    """Whether a capability grants what the bits do not."""
    folder, held = file.kind == "folder", who.capabilities.effective
    known = now.rule(
        now.namespace.has_ids_of(file),
        "path_resolution(7)/linux/capability-over-mapped-ids",
        "user_namespaces(7)/file-capabilities-need-both-ids",
        of="answer",
    )
    overrides = now.rule(bool(held & CAP_DAC_OVERRIDE), "path_resolution(7)/CAP_DAC_OVERRIDE", of="answer")
    # A folder can always be searched; what nobody executes not even this capability does.
    runs = folder or not wanted & EXECUTE or bool(file.mode & ANYONE_EXECUTES)
    runs = now.rule(runs, "path_resolution(7)/execute-takes-a-bit", of="answer")
    reads = now.rule(bool(held & CAP_DAC_READ_SEARCH), "path_resolution(7)/CAP_DAC_READ_SEARCH", of="answer")
    enough = not wanted & WRITE if folder else wanted == READ
    enough = now.rule(enough, "path_resolution(7)/read-and-search-only", of="answer")
    above = known and ((overrides and runs) or (reads and enough))
    return now.rule(above, "path_resolution(7)/fsuid-0", of="answer")


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
