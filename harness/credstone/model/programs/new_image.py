"""The credential of a new program: execve(2).

What its capabilities are is in ``capabilities.over_execve``; who may stand in the way in ``processes.tracing``.
"""

from __future__ import annotations

from credstone.model.caller import Moment
from credstone.model.capabilities.over_execve import Given, new_flags, new_sets, powers_of_file
from credstone.model.commit import elevated, new_effective_ids, new_permitted, replace
from credstone.model.files.ownership import GROUP_EXECUTES, SET_GID, SET_UID
from credstone.model.processes.tracing import capable_tracer
from credstone.model.since import PROGRAMS_BY_CHANGE, SECURE_BY_THE_FILE
from credstone.model.subjects import FLAGS, GIDS, PERMITTED, SET_GROUP_ID, SET_ID, SET_USER_ID, UIDS
from credstone.model.world import Auxiliary
from credstone.words.capability import CAP_SETUID
from credstone.words.credential import Credential, Ids
from credstone.words.scenario import File


def new_image(now: Moment, file: File, readable: bool) -> tuple[Credential, Auxiliary]:
    """The credential in the new program, and what the kernel tells it."""
    old = now.credential
    restricted = now.rule(
        old.no_new_privs, "execve(2)/ignored-no_new_privs", "prctl(2)/PR_SET_NO_NEW_PRIVS-over-programs", of=SET_ID
    )
    suid = now.rule(not now.system.nosuid, "execve(2)/ignored-nosuid", of=("answer", *SET_ID))
    uid, gid = _effective_ids(now, file, suid and not restricted)
    given = powers_of_file(now, file, uid, suid)
    short = now.rule(bool(given.missing), "execve(2)/EPERM-capability-dumb", of="answer")
    now.refuse("EPERM", "capabilities(7)/dumb-EPERM", short)
    changed = now.rule(_takes_new_ids(now, uid, gid), "execve(2)/linux/ids-that-were-there", of=SET_ID)
    permitted = given.permitted
    if changed or permitted & ~old.capabilities.permitted:
        uid, gid, permitted = _restrict(now, uid, gid, permitted, restricted)
    permitted = now.rule(permitted, "execve(2)/capabilities-ignored", of=PERMITTED)
    new_uid = now.rule(
        Ids(old.uid.real, uid, uid, uid), "execve(2)/linux/filesystem-ids", of=("filesystem uid", "filesystem gid")
    )
    new_gid = now.rule(
        Ids(old.gid.real, gid, gid, gid), "execve(2)/linux/filesystem-ids", of=("filesystem uid", "filesystem gid")
    )
    sets = new_sets(now, given, permitted, changed)
    sets = now.rule(sets, "user_namespaces(7)/execve-recalculates", of=PERMITTED)
    new = replace(old, uid=new_uid, gid=new_gid, capabilities=sets)
    new = _keep(now, new)
    new = replace(new, dumpable=_dumpable(now, new, readable))
    return _secure(now, file, new, given, changed)


def _effective_ids(now: Moment, file: File, works: bool) -> tuple[int, int]:
    """The effective ids: those of the file where its bits say so and nothing switches them off."""
    old = now.credential
    known = now.rule(
        now.namespace.has_ids_of(file),
        "execve(2)/linux/ignored-unmapped",
        "user_namespaces(7)/set-id-unmapped-ignored",
        of=SET_ID,
    )
    both = SET_GID | GROUP_EXECUTES
    is_group = now.rule(file.mode & both == both, "execve(2)/linux/set-group-ID-without-execution", of=SET_GROUP_ID)
    by_uid, by_gid = works and known and file.mode & SET_UID, works and known and is_group
    uid = now.rule(
        file.owner if by_uid else old.uid.effective,
        "execve(2)/set-user-ID",
        "user_namespaces(7)/set-id-mapped",
        of=SET_USER_ID,
    )
    gid = now.rule(file.group if by_gid else old.gid.effective, "execve(2)/set-group-ID", of=SET_GROUP_ID)
    return uid, gid


def _takes_new_ids(now: Moment, uid: int, gid: int) -> bool:
    """Whether these effective ids are taken for new ones: by those before (a group, by whether the caller is in it)."""
    old = now.credential
    if not now.system.has(PROGRAMS_BY_CHANGE):  # then by the real ones
        return uid != old.uid.real or gid != old.gid.real
    return uid != old.uid.effective or not (gid == old.gid.filesystem or gid in old.groups)


def _restrict(now: Moment, uid: int, gid: int, permitted: int, restricted: bool) -> tuple[int, int, int]:
    """What a program gets that would have more than its caller, where somebody stands in the way.

    With no_new_privs the ids are the real ones and no capability is new.  The same where the caller is traced by one
    who has no power over the new program, unless it has CAP_SETUID and could have taken the ids without the program.
    """
    old, tracer, powerless = now.credential, now.task.tracer, False
    if tracer is not None:
        powerless = not now.rule(capable_tracer(now, tracer), "execve(2)/traced-by-CAP_SYS_PTRACE", of=SET_ID)
        powerless = now.rule(powerless, "execve(2)/ignored-traced", of=SET_ID)
    own = powerless and now.rule(now.capable(CAP_SETUID), "execve(2)/linux/traced-with-CAP_SETUID", of=SET_ID)
    if restricted:
        uid, gid = now.rule((old.uid.real, old.gid.real), "prctl(2)/linux/PR_SET_NO_NEW_PRIVS-real-ids", of=SET_ID)
        permitted = now.rule(
            permitted & old.capabilities.permitted, "prctl(2)/PR_SET_NO_NEW_PRIVS-capabilities", of=PERMITTED
        )
    elif powerless and not own:
        uid, gid = old.uid.real, old.gid.real
    return uid, gid, permitted & old.capabilities.permitted if powerless else permitted


def _keep(now: Moment, new: Credential) -> Credential:
    """What a new program has from the old one."""
    groups = now.rule(now.credential.groups, "getgroups(2)/preserved-over-execve", of="groups")
    new = now.rule(
        replace(new, groups=groups),
        "execve(2)/real-ids-and-groups",
        "credentials(7)/preserved-over-execve",
        "execve(2)/saved-ids",
        "credentials(7)/saved-ids-are-copies",
        of=(*UIDS, *GIDS, "groups"),
    )
    securebits, keep_caps = now.rule(new_flags(now), "execve(2)/keep-caps-cleared", of=("securebits", "keep_caps"))
    no_new_privs = now.rule(new.no_new_privs, "prctl(2)/PR_SET_NO_NEW_PRIVS-inherited", of=("answer", "no_new_privs"))
    new = replace(new, securebits=securebits, keep_caps=keep_caps, no_new_privs=no_new_privs)
    return now.rule(new, "execve(2)/attributes-preserved", of=FLAGS)


def _secure(now: Moment, file: File, new: Credential, given: Given, changed: bool) -> tuple[Credential, Auxiliary]:
    """What a program that has more than its caller is spared and told: the parent-death signal, AT_SECURE."""
    old, here = now.credential, now.namespace
    by_file = changed and now.system.has(SECURE_BY_THE_FILE)
    by_ids = by_file or new.uid.effective != new.uid.real or new.gid.effective != new.gid.real
    by_ids = now.rule(by_ids, "execve(2)/linux/AT_SECURE", of=("parent_death_signal", "world"))
    beyond = given.effective or bool(new.capabilities.permitted & ~new.capabilities.ambient)
    beyond = now.rule(beyond, "capabilities(7)/ambient-is-no-secure-execution", of="world")
    by_capabilities = now.rule(
        new.uid.real != here.uid(0) and beyond, "execve(2)/linux/AT_SECURE-capabilities", of="world"
    )
    secure = by_ids or by_capabilities
    by_bits = new_effective_ids(old, new)
    signal = new.parent_death_signal
    if not by_bits:
        held = secure or elevated(old, new)
        signal = now.rule(0 if held else signal, "execve(2)/linux/parent-death-signal-secure", of="parent_death_signal")
    signal = now.rule(0 if by_bits else signal, "execve(2)/parent-death-signal", of="parent_death_signal")
    if signal and file.mode & (SET_UID | SET_GID):
        signal = now.rule(signal, "execve(2)/parent-death-signal-of-oneself", of="parent_death_signal")
    signal = now.rule(
        signal,
        "prctl(2)/PR_SET_PDEATHSIG-cleared-by-programs",
        "prctl(2)/PR_SET_PDEATHSIG-over-execve",
        of="parent_death_signal",
    )
    shown = now.world.seen_from(new, here)
    told = Auxiliary(shown.uid.real, shown.uid.effective, shown.gid.real, shown.gid.effective, int(secure))
    told = now.rule(told, "execve(2)/linux/auxiliary-ids", of="world")
    return replace(new, parent_death_signal=signal), told


def _dumpable(now: Moment, new: Credential, readable: bool) -> int:
    """Whether the memory of the new program can be dumped, and looked into."""
    old = now.credential
    changed = new_effective_ids(old, new)
    mixed = (old.uid.effective, old.gid.effective) != (old.uid.real, old.gid.real)
    by_set_id = now.rule(changed, "prctl(2)/PR_SET_DUMPABLE-set-id-program", of="dumpable")
    gained = new_permitted(old, new)
    by_capabilities = now.rule(gained, "prctl(2)/PR_SET_DUMPABLE-file-capabilities", of="dumpable")
    besides = (mixed or not readable or elevated(old, new)) and not (changed or gained)
    by_others = now.rule(besides, "prctl(2)/linux/PR_SET_DUMPABLE-over-execve", of="dumpable")
    dumpable = now.system.suid_dumpable if by_set_id or by_capabilities or by_others else 1
    return now.rule(dumpable, "execve(2)/dumpable", "prctl(2)/PR_SET_DUMPABLE-normally", of="dumpable")
