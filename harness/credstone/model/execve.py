"""execve(2): what a new program does to the credentials, with and without set-user-ID and set-group-ID bits."""

from __future__ import annotations

from credstone.model.commit import elevated, replace
from credstone.model.exec_capabilities import Given, given_by, new_flags, new_sets
from credstone.model.moment import OK, Moment
from credstone.model.ownership import GROUP_EXECUTES, SET_GID, SET_UID
from credstone.model.paths import reach
from credstone.model.permissions import EXECUTE, READ, may
from credstone.model.rules import Choosing, Outcome, Rules, refuse, rule
from credstone.words.credential import Credential, Ids
from credstone.words.scenario import File

BY_CHANGE = (6, 16)
"""Since this kernel an id counts as changed by execve where it differs from the old effective one, before from the old
real one."""


def execute(now: Moment, name: str) -> Rules:
    """int execve(...) of a file of the cell that is a copy of the agent."""
    file = yield from reach(now, name)
    allowed = yield from may(now, file, EXECUTE)
    readable = yield from may(now, file, READ)
    yield refuse("EACCES", "execve(2)/EACCES", not allowed)
    yield refuse("ENOEXEC", "execve(2)/ENOEXEC", file.kind != "agent")
    restricted = yield rule("prctl(2)/PR_SET_NO_NEW_PRIVS-over-programs", now.credential.no_new_privs)
    ids = yield from _effective_ids(now, file, restricted)
    given = yield from given_by(now, file, ids[0], not now.system.nosuid)
    yield refuse("EPERM", "capabilities(7)/dumb-EPERM", bool(given.missing))
    credential = yield from new_image(now, ids, given, readable, restricted)
    # All other threads are gone, and the one that called is the first of the process from now on.
    memory = now.task.namespace if readable else _home_of(now, file)
    first = replace(now.task, who=now.task.process, credential=credential, memory=memory)
    tasks = tuple(task for task in now.world.tasks if task.process != first.process or task.who == first.who)
    return Outcome(OK, replace(now.world, tasks=tasks).with_tasks(first))


def _home_of(now: Moment, file: File) -> int:
    """The user namespace that the memory of a program belongs to that its caller may not read: one that has its ids."""
    number = now.task.namespace
    while now.world.namespaces[number].parent >= 0:
        namespace = now.world.namespaces[number]
        if namespace.has_uid(file.owner) and namespace.has_gid(file.group):
            break
        number = namespace.parent
    return number


def new_image(now: Moment, ids: tuple[int, int], given: Given, readable: bool, restricted: bool) -> Choosing:
    """The credential in the new program, with these effective ids unless no_new_privs takes them back."""
    (uid, gid), old, permitted = ids, now.credential, given.permitted
    if now.system.kernel >= BY_CHANGE:
        in_group = gid == old.gid.filesystem or gid in old.groups
        changed = uid != old.uid.effective or not in_group
    else:
        changed = uid != old.uid.real or gid != old.gid.real
    gained = bool(permitted & ~old.capabilities.permitted)
    if restricted and (changed or gained):
        # No more than there was before: the ids are the real ones.
        uid, gid = yield rule("prctl(2)/linux/PR_SET_NO_NEW_PRIVS-real-ids", (old.uid.real, old.gid.real))
        permitted = yield rule("prctl(2)/PR_SET_NO_NEW_PRIVS-capabilities", permitted & old.capabilities.permitted)
    new_uid = yield rule("execve(2)/saved-and-filesystem-uid", Ids(old.uid.real, uid, uid, uid))
    new_gid = yield rule("execve(2)/saved-and-filesystem-gid", Ids(old.gid.real, gid, gid, gid))
    sets = yield from new_sets(now, given, permitted, changed)
    groups = yield rule("getgroups(2)/preserved-over-execve", old.groups)
    securebits, keep_caps = yield from new_flags(now)
    new = replace(
        old, uid=new_uid, gid=new_gid, groups=groups, capabilities=sets, securebits=securebits, keep_caps=keep_caps
    )
    new = yield rule("credentials(7)/preserved-over-execve", new)
    new = yield rule("credentials(7)/saved-ids-are-copies", new)
    return (yield from _process_attributes(now, new, given, readable))


def _effective_ids(now: Moment, file: File, restricted: bool) -> Choosing:
    """The effective ids: those of the file where its bits say so and nothing switches them off."""
    old, here = now.credential, now.namespace
    works = not now.system.nosuid and not restricted and here.has_uid(file.owner) and here.has_gid(file.group)
    works = yield rule("execve(2)/set-id-ignored", works)
    by_uid = works and bool(file.mode & SET_UID)
    both = SET_GID | GROUP_EXECUTES
    by_gid = works and file.mode & both == both
    uid = yield rule("execve(2)/set-user-ID", file.owner if by_uid else old.uid.effective)
    gid = yield rule("execve(2)/set-group-ID", file.group if by_gid else old.gid.effective)
    return uid, gid


def _process_attributes(now: Moment, new: Credential, given: Given, readable: bool) -> Choosing:
    """Dumpable, the parent-death signal and no_new_privs in the new program: prctl(2)."""
    old, undumpable = now.credential, now.system.suid_dumpable
    changed = (old.uid.effective, old.gid.effective) != (new.uid.effective, new.gid.effective)
    mixed = (old.uid.effective, old.gid.effective) != (old.uid.real, old.gid.real)
    by_set_id = yield rule("prctl(2)/PR_SET_DUMPABLE-set-id-program", changed)
    gained = bool(new.capabilities.permitted & ~old.capabilities.permitted)
    by_capabilities = yield rule("prctl(2)/PR_SET_DUMPABLE-file-capabilities", gained)
    besides = (mixed or not readable or elevated(old, new)) and not (changed or gained)
    by_others = yield rule("prctl(2)/linux/PR_SET_DUMPABLE-over-execve", besides)
    dumpable = undumpable if by_set_id or by_capabilities or by_others else 1
    dumpable = yield rule("prctl(2)/PR_SET_DUMPABLE-normally", dumpable)
    secure = (
        elevated(old, new)
        or (new.uid.effective, new.gid.effective) != (old.uid.real, old.gid.real)
        or (
            new.uid.real != now.namespace.uid(0)
            and (given.effective or bool(new.capabilities.permitted & ~new.capabilities.ambient))
        )
    )
    signal = yield rule("prctl(2)/PR_SET_PDEATHSIG-cleared-by-programs", 0 if secure else old.parent_death_signal)
    signal = yield rule("prctl(2)/PR_SET_PDEATHSIG-over-execve", signal)
    no_new_privs = yield rule("prctl(2)/PR_SET_NO_NEW_PRIVS-inherited", old.no_new_privs)
    return replace(new, dumpable=dumpable, parent_death_signal=signal, no_new_privs=no_new_privs)
