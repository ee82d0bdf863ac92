"""Ways to get wrong what credentials(7) says of all calls together."""

from __future__ import annotations

from typing import Any

from credstone.model.rules import Context
from credstone.model.world import World
from credstone.proof.mutants.build import asked, deciding, having, mutant, replace
from credstone.words.credential import Credential, Ids

PAGE = "credentials(7)/"


def _without_saved(allowed: bool, now: Context, kind: str) -> bool:
    """Where the saved id is not among those that may be asked for."""
    namespace = now.world.namespaces[now.task.namespace]
    ids: Ids = getattr(now.credential, kind)
    wanted = [getattr(namespace, kind)(number) for number in asked(now) if number % 2**32 != 2**32 - 1]
    return allowed and all(number in (ids.real, ids.effective) for number in wanted)


def _all_dumpable(world: World, now: Context) -> World:
    tasks = [replace(task, credential=replace(task.credential, dumpable=1)) for task in world.tasks]
    return world.with_tasks(*tasks)


def _effective(pair: Any, now: Context) -> tuple[int, int]:
    return now.credential.uid.effective, now.credential.gid.effective


def _real(pair: Any, now: Context) -> tuple[int, int]:
    return now.credential.uid.real, now.credential.gid.real


def _old_saved(new: Credential, now: Context) -> Credential:
    old = now.credential
    uid, gid = replace(new.uid, saved=old.uid.saved), replace(new.gid, saved=old.gid.saved)
    return replace(new, uid=uid, gid=gid)


def _fs_stays(new: Credential, now: Context) -> Credential:
    old = now.credential
    uid, gid = replace(new.uid, filesystem=old.uid.filesystem), replace(new.gid, filesystem=old.gid.filesystem)
    return replace(new, uid=uid, gid=gid)


MUTANTS = (
    mutant("fork-as-root", PAGE + "inherited-over-fork", having(lambda who: {"uid": Ids.all(0)}),
           "A new process belongs to root (StarryOS, whose getters all answered 0)."),
    mutant("fork-effective-only", PAGE + "inherited-over-fork",
           having(lambda who: {"uid": Ids.all(who.uid.effective), "gid": Ids.all(who.gid.effective)}),
           "A new process has the effective ids of its parent as all four (kernels without saved ids)."),
    mutant("fork-forgets-filesystem-ids", PAGE + "inherited-over-fork",
           having(lambda who: {"uid": replace(who.uid, filesystem=who.uid.effective),
                               "gid": replace(who.gid, filesystem=who.gid.effective)}),
           "A new process has the effective ids of its parent as filesystem ids."),
    mutant("real-ids-follow", PAGE + "preserved-over-execve",
           having(lambda new: {"uid": replace(new.uid, real=new.uid.effective),
                               "gid": replace(new.gid, real=new.gid.effective)}),
           "A program's mode bits set the real ids too."),
    mutant("groups-end-with-the-program", PAGE + "preserved-over-execve", having(lambda new: {"groups": ()}),
           "A new program starts without supplementary groups."),
    mutant("effective-ids-own", PAGE + "real-ids-own",
           deciding(lambda noted, now: noted or now.task.processes == 0),
           "Every change of a user id counts the process anew, also one of the effective id alone."),
    mutant("root-is-never-counted", PAGE + "real-ids-own",
           deciding(lambda noted, now: noted and not now.credential.capabilities.effective),
           "A process with the effective uid 0 is counted as root's."),
    mutant("saved-ids-stay", PAGE + "saved-ids-are-copies", deciding(_old_saved),
           "A new program has the saved ids of the old one (Gramine)."),
    mutant("saved-ids-are-real", PAGE + "saved-ids-are-copies",
           having(lambda new: {"uid": replace(new.uid, saved=new.uid.real), "gid": replace(new.gid, saved=new.gid.real)}),
           "The saved ids are copies of the real ones."),
    mutant("no-way-back-to-the-owner", PAGE + "user-switching",
           deciding(lambda allowed, now: _without_saved(allowed, now, "uid")),
           "The saved user id cannot be made the effective one (nanvix, which had none)."),
    mutant("anybody-can-be-root", PAGE + "user-switching",
           deciding(lambda allowed, now: allowed or bool({0, 3000} & {*asked(now)})),
           "A program without the bit can take the owner's id (proot; fakeroot)."),
    mutant("no-way-back-to-the-group", PAGE + "group-switching",
           deciding(lambda allowed, now: _without_saved(allowed, now, "gid")),
           "The saved group id cannot be made the effective one (nanvix, which had none)."),
    mutant("files-by-effective-ids", PAGE + "filesystem-ids-decide", deciding(_effective),
           "The effective ids decide over files, as on other systems (moss; the linuxulator)."),
    mutant("files-by-real-ids", PAGE + "filesystem-ids-decide", deciding(_real),
           "The real ids decide over files, as for access(2)."),
    mutant("files-without-groups", PAGE + "supplementary-groups-count", deciding(lambda groups, now: ()),
           "Supplementary groups open no file."),
    mutant("files-first-group-only", PAGE + "supplementary-groups-count", deciding(lambda groups, now: groups[:1]),
           "Only the first supplementary group opens files."),
    mutant("filesystem-ids-stay", PAGE + "filesystem-ids-follow", deciding(_fs_stays),
           "The filesystem ids stay where the effective ones move (Asterinas)."),
    mutant("filesystem-ids-cannot-differ", PAGE + "filesystem-ids-apart",
           deciding(lambda number, now: (now.credential.uid if now.name == "setfsuid" else now.credential.gid).effective),
           "setfsuid answers and changes nothing (moss; the linuxulator)."),
    mutant("always-dumpable", PAGE + "dumpable", deciding(_all_dumpable),
           "A process stays dumpable whoever it becomes (CVE-2016-8659: bubblewrap could be traced after its drop)."),
    mutant("status-shows-effective", PAGE + "status-shows-them", deciding(lambda four, now: (four[1],) * 4),
           "The lines show the effective id four times."),
    mutant("status-without-filesystem", PAGE + "status-shows-them", deciding(lambda four, now: (*four[:3], four[2])),
           "The last column repeats the saved id."),
    mutant("status-in-kernel-ids", PAGE + "status-shows-them",
           deciding(lambda four, now: tuple(number + 1 if now.who == "outside" else number for number in four)),
           "The reader's namespace is not asked (proot shows the ids of the host)."),
)  # fmt: skip
