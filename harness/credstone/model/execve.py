"""execve(2): what a new program does to the credentials, with and without set-user-ID and set-group-ID bits.

capabilities(7), "Transformation of capabilities during execve()"; the files of a cell have no file capabilities.
"""

from __future__ import annotations

from credstone.model import files
from credstone.model.capabilities import KEEP_CAPS, NOROOT
from credstone.model.commit import elevated, replace
from credstone.model.moment import OK, Moment
from credstone.model.rules import Choosing, Outcome, Rules, refuse, rule
from credstone.model.world import Task
from credstone.words.credential import Credential, Ids
from credstone.words.scenario import File

BY_CHANGE = (6, 16)
"""Since this kernel an id counts as changed by execve where it differs from the old effective one, before from the old
real one."""


def execute(now: Moment, name: str) -> Rules:
    """int execve(...) of a file of the cell that is a copy of the agent."""
    file = files.find(now.world, name)
    allowed = yield from files.may(now, file, files.EXECUTE)
    readable = yield from files.may(now, file, files.READ)
    yield refuse("EACCES", "execve(2)/EACCES", not allowed)
    yield refuse("ENOEXEC", "execve(2)/ENOEXEC", file.kind != "agent")
    credential = yield from new_image(now, file, readable)
    # All other threads are gone, and the one that called is the first of the process from now on.
    memory = now.task.namespace if readable else _home_of(now, file)
    first = Task(now.task.process, now.task.process, credential, now.task.namespace, memory)
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


def new_image(now: Moment, file: File, readable: bool) -> Choosing:
    """The credential in the new program."""
    old = now.credential
    uid, gid = yield from _effective_ids(now, file)
    new = replace(old, uid=replace(old.uid, effective=uid), gid=replace(old.gid, effective=gid))
    permitted, fills_effective = yield rule("capabilities(7)/root-programs", _of_root(now, new))
    if now.system.kernel >= BY_CHANGE:
        in_group = gid == old.gid.filesystem or gid in old.groups
        changed = uid != old.uid.effective or not in_group
    else:
        changed = uid != old.uid.real or gid != old.gid.real
    gained = bool(permitted & ~old.capabilities.permitted)
    if old.no_new_privs and (changed or gained):
        # No more than there was before: the ids are the real ones.
        uid, gid = yield rule("PR_SET_NO_NEW_PRIVS(2const)/ids", (old.uid.real, old.gid.real))
        permitted &= old.capabilities.permitted
    new_uid = yield rule("execve(2)/saved-and-filesystem-uid", Ids(old.uid.real, uid, uid, uid))
    new_gid = yield rule("execve(2)/saved-and-filesystem-gid", Ids(old.gid.real, gid, gid, gid))
    ambient = yield rule("capabilities(7)/ambient-and-set-id", 0 if changed else old.capabilities.ambient)
    permitted |= ambient
    sets = replace(
        old.capabilities,
        permitted=permitted,
        effective=permitted if fills_effective else ambient,
        ambient=ambient,
    )
    groups = yield rule("getgroups(2)/preserved-over-execve", old.groups)
    new = replace(
        old, uid=new_uid, gid=new_gid, groups=groups, capabilities=sets,
        securebits=old.securebits & ~KEEP_CAPS, keep_caps=False,
    )  # fmt: skip
    new = yield rule("credentials(7)/preserved-over-execve", new)
    new = yield rule("credentials(7)/saved-ids-are-copies", new)
    return (yield from _process_attributes(now, new, readable))


def _effective_ids(now: Moment, file: File) -> Choosing:
    """The effective ids: those of the file where its bits say so and nothing switches them off."""
    old, here = now.credential, now.namespace
    works = not now.system.nosuid and not old.no_new_privs and here.has_uid(file.owner) and here.has_gid(file.group)
    works = yield rule("execve(2)/set-id-ignored", works)
    by_uid = works and bool(file.mode & files.SET_UID)
    both = files.SET_GID | files.GROUP_EXECUTES
    by_gid = works and file.mode & both == both
    uid = yield rule("execve(2)/set-user-ID", file.owner if by_uid else old.uid.effective)
    gid = yield rule("execve(2)/set-group-ID", file.group if by_gid else old.gid.effective)
    return uid, gid


def _of_root(now: Moment, new: Credential) -> tuple[int, bool]:
    """The permitted set from being root, and whether the effective set is filled ("Capabilities and execution of
    programs by root").
    """
    root, sets = now.namespace.uid(0), now.credential.capabilities
    if new.securebits & NOROOT or root not in (new.uid.real, new.uid.effective):
        return 0, False
    return sets.inheritable | sets.bounding, new.uid.effective == root


def _process_attributes(now: Moment, new: Credential, readable: bool) -> Choosing:
    """Dumpable and the parent-death signal in the new program: PR_SET_DUMPABLE(2const), PR_SET_PDEATHSIG(2const)."""
    old, undumpable = now.credential, now.system.suid_dumpable
    mixed = old.uid.effective != old.uid.real or old.gid.effective != old.gid.real
    privileged = elevated(old, new)
    dumpable = undumpable if mixed or privileged or not readable else 1
    dumpable = yield rule("PR_SET_DUMPABLE(2const)/execve", dumpable)
    secure = (
        privileged
        or new.uid.effective != old.uid.real
        or new.gid.effective != old.gid.real
        or (new.uid.real != now.namespace.uid(0) and bool(new.capabilities.permitted & ~new.capabilities.ambient))
    )
    signal = yield rule("PR_SET_PDEATHSIG(2const)/execve", 0 if secure else old.parent_death_signal)
    return replace(new, dumpable=dumpable, parent_death_signal=signal)
