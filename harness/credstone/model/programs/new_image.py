"""The credential of a new program: execve(2).

What its capabilities are is in ``capabilities.over_execve``; who may stand in the way in ``processes.tracing``.
"""

from __future__ import annotations

from credstone.model.capabilities.over_execve import Given, given_by, new_flags, new_sets
from credstone.model.commit import elevated, new_effective_ids, new_permitted, replace
from credstone.model.files.ownership import GROUP_EXECUTES, SET_GID, SET_UID
from credstone.model.moment import Moment
from credstone.model.processes.tracing import capable_tracer
from credstone.model.rules import Choosing, refuse, rule
from credstone.model.since import PROGRAMS_BY_CHANGE, SECURE_BY_THE_FILE
from credstone.model.world import Auxiliary
from credstone.words.capability import CAP_SETUID
from credstone.words.credential import Credential, Ids
from credstone.words.scenario import File


def new_image(now: Moment, file: File, readable: bool) -> Choosing:
    """The credential in the new program, and what the kernel tells it."""
    old = now.credential
    restricted = yield rule("prctl(2)/PR_SET_NO_NEW_PRIVS-over-programs", old.no_new_privs)
    restricted = yield rule("execve(2)/ignored-no_new_privs", restricted)
    suid = yield rule("execve(2)/ignored-nosuid", not now.system.nosuid)
    uid, gid = yield from _effective_ids(now, file, suid and not restricted)
    given = yield from given_by(now, file, uid, suid)
    short = yield rule("execve(2)/EPERM-capability-dumb", bool(given.missing))
    yield refuse("EPERM", "capabilities(7)/dumb-EPERM", short)
    changed = yield rule("execve(2)/linux/ids-that-were-there", _changed(now, uid, gid))
    permitted = given.permitted
    if changed or permitted & ~old.capabilities.permitted:
        uid, gid, permitted = yield from _held_back(now, uid, gid, permitted, restricted)
    permitted = yield rule("execve(2)/capabilities-ignored", permitted)
    new_uid = yield rule("execve(2)/linux/filesystem-ids", Ids(old.uid.real, uid, uid, uid))
    new_gid = yield rule("execve(2)/linux/filesystem-ids", Ids(old.gid.real, gid, gid, gid))
    sets = yield from new_sets(now, given, permitted, changed)
    sets = yield rule("user_namespaces(7)/execve-recalculates", sets)
    new = replace(old, uid=new_uid, gid=new_gid, capabilities=sets)
    new = yield from _what_stays(now, new)
    new = replace(new, dumpable=(yield from _dumpable(now, new, readable)))
    return (yield from _secured(now, file, new, given, changed))


def _effective_ids(now: Moment, file: File, works: bool) -> Choosing:
    """The effective ids: those of the file where its bits say so and nothing switches them off."""
    old = now.credential
    known = yield rule("user_namespaces(7)/set-id-unmapped-ignored", now.namespace.has_ids_of(file))
    known = yield rule("execve(2)/linux/ignored-unmapped", known)
    both = SET_GID | GROUP_EXECUTES
    is_group = yield rule("execve(2)/linux/set-group-ID-without-execution", file.mode & both == both)
    by_uid, by_gid = works and known and file.mode & SET_UID, works and known and is_group
    uid = yield rule("user_namespaces(7)/set-id-mapped", file.owner if by_uid else old.uid.effective)
    uid = yield rule("execve(2)/set-user-ID", uid)
    gid = yield rule("execve(2)/set-group-ID", file.group if by_gid else old.gid.effective)
    return uid, gid


def _changed(now: Moment, uid: int, gid: int) -> bool:
    """Whether these effective ids are taken for new ones: by those before (a group, by whether the caller is in it)."""
    old = now.credential
    if not now.system.has(PROGRAMS_BY_CHANGE):  # then by the real ones
        return uid != old.uid.real or gid != old.gid.real
    return uid != old.uid.effective or not (gid == old.gid.filesystem or gid in old.groups)


def _held_back(now: Moment, uid: int, gid: int, permitted: int, restricted: bool) -> Choosing:
    """What a program gets that would have more than its caller, where somebody stands in the way.

    With no_new_privs the ids are the real ones and no capability is new.  The same where the caller is traced by one
    who has no power over the new program, unless it has CAP_SETUID and could have taken the ids without the program.
    """
    old, tracer, powerless = now.credential, now.task.tracer, False
    if tracer is not None:
        powerless = not (yield rule("execve(2)/traced-by-CAP_SYS_PTRACE", capable_tracer(now, tracer)))
        powerless = yield rule("execve(2)/ignored-traced", powerless)
    own = powerless and (yield rule("execve(2)/linux/traced-with-CAP_SETUID", now.capable(CAP_SETUID)))
    if restricted:
        uid, gid = yield rule("prctl(2)/linux/PR_SET_NO_NEW_PRIVS-real-ids", (old.uid.real, old.gid.real))
        permitted = yield rule("prctl(2)/PR_SET_NO_NEW_PRIVS-capabilities", permitted & old.capabilities.permitted)
    elif powerless and not own:
        uid, gid = old.uid.real, old.gid.real
    return uid, gid, permitted & old.capabilities.permitted if powerless else permitted


def _what_stays(now: Moment, new: Credential) -> Choosing:
    """What a new program has from the old one."""
    groups = yield rule("getgroups(2)/preserved-over-execve", now.credential.groups)
    new = yield rule("execve(2)/real-ids-and-groups", replace(new, groups=groups))
    new = yield rule("credentials(7)/preserved-over-execve", new)
    new = yield rule("execve(2)/saved-ids", new)
    new = yield rule("credentials(7)/saved-ids-are-copies", new)
    securebits, keep_caps = yield rule("execve(2)/keep-caps-cleared", (yield from new_flags(now)))
    no_new_privs = yield rule("prctl(2)/PR_SET_NO_NEW_PRIVS-inherited", new.no_new_privs)
    new = replace(new, securebits=securebits, keep_caps=keep_caps, no_new_privs=no_new_privs)
    return (yield rule("execve(2)/attributes-preserved", new))


def _secured(now: Moment, file: File, new: Credential, given: Given, changed: bool) -> Choosing:
    """What a program that has more than its caller is spared and told: the parent-death signal, AT_SECURE."""
    old, here = now.credential, now.namespace
    by_file = changed and now.system.has(SECURE_BY_THE_FILE)
    by_ids = by_file or new.uid.effective != new.uid.real or new.gid.effective != new.gid.real
    by_ids = yield rule("execve(2)/linux/AT_SECURE", by_ids)
    beyond = given.effective or bool(new.capabilities.permitted & ~new.capabilities.ambient)
    beyond = yield rule("capabilities(7)/ambient-is-no-secure-execution", beyond)
    by_capabilities = yield rule("execve(2)/linux/AT_SECURE-capabilities", new.uid.real != here.uid(0) and beyond)
    secure = by_ids or by_capabilities
    by_bits = new_effective_ids(old, new)
    signal = new.parent_death_signal
    if not by_bits:
        held = secure or elevated(old, new)
        signal = yield rule("execve(2)/linux/parent-death-signal-secure", 0 if held else signal)
    signal = yield rule("execve(2)/parent-death-signal", 0 if by_bits else signal)
    if signal and file.mode & (SET_UID | SET_GID):
        signal = yield rule("execve(2)/parent-death-signal-of-oneself", signal)
    signal = yield rule("prctl(2)/PR_SET_PDEATHSIG-cleared-by-programs", signal)
    signal = yield rule("prctl(2)/PR_SET_PDEATHSIG-over-execve", signal)
    shown = now.world.seen_from(new, here)
    told = Auxiliary(shown.uid.real, shown.uid.effective, shown.gid.real, shown.gid.effective, int(secure))
    told = yield rule("execve(2)/linux/auxiliary-ids", told)
    return replace(new, parent_death_signal=signal), told


def _dumpable(now: Moment, new: Credential, readable: bool) -> Choosing:
    """Whether the memory of the new program can be dumped, and looked into."""
    old = now.credential
    changed = new_effective_ids(old, new)
    mixed = (old.uid.effective, old.gid.effective) != (old.uid.real, old.gid.real)
    by_set_id = yield rule("prctl(2)/PR_SET_DUMPABLE-set-id-program", changed)
    gained = new_permitted(old, new)
    by_capabilities = yield rule("prctl(2)/PR_SET_DUMPABLE-file-capabilities", gained)
    besides = (mixed or not readable or elevated(old, new)) and not (changed or gained)
    by_others = yield rule("prctl(2)/linux/PR_SET_DUMPABLE-over-execve", besides)
    dumpable = now.system.suid_dumpable if by_set_id or by_capabilities or by_others else 1
    dumpable = yield rule("prctl(2)/PR_SET_DUMPABLE-normally", dumpable)
    return (yield rule("execve(2)/dumpable", dumpable))
