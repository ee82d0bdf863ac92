"""setns(2), and chroot(2), which stands in the way of new user namespaces."""

from __future__ import annotations

from credstone.model.arguments import NotModelled
from credstone.model.caller import OK, Moment
from credstone.model.capabilities.in_namespaces import has_over, path_down
from credstone.model.commit import replace, with_dumpable
from credstone.model.files.paths import reach
from credstone.model.files.permissions import EXECUTE, may
from credstone.model.namespaces.clone import FS, credential_inside
from credstone.model.namespaces.ioctl_ns import KINDS, move_to, open_link, owner_of, place_of
from credstone.model.processes.proc_files import process
from credstone.model.processes.ptrace import may_access
from credstone.model.rules import Outcome, Page
from credstone.model.since import PIDFD_OPEN, SETNS_BY_PIDFD
from credstone.model.subjects import CAPABILITIES, GIDS, UIDS
from credstone.model.world import Place
from credstone.words.capability import CAP_SYS_ADMIN, MASKS

CAP_SYS_CHROOT = MASKS["CAP_SYS_CHROOT"]
SETNS = Page(
    success=("setns(2)/returns-zero",),
    failure=("setns(2)/error-minus-one",),
    unchanged=("setns(2)/linux/failure-changes-nothing",),
)


def setns(now: Moment, fd: str, nstype: int) -> Outcome:
    """int setns(int fd, int nstype): by a link below /proc/PID/ns, or one that is held; else by the pidfd of a process."""
    if not fd.startswith("/") and fd != "held":
        return _by_pidfd(now, fd, nstype)
    place = open_link(now, fd)
    now.accept("setns(2)/zero-for-any-type", "EINVAL")
    now.refuse("EINVAL", "setns(2)/EINVAL-type", nstype not in (0, KINDS[place.kind]))
    _may(now, (place,))
    return _moved(now, (place,))


def _by_pidfd(now: Moment, name: str, nstype: int) -> Outcome:
    target = process(now, name)
    now.refuse("ENOSYS", "setns(2)/pidfd-joins-those-named", not now.system.has(PIDFD_OPEN))
    now.refuse("EINVAL", "setns(2)/pidfd-joins-those-named", not now.system.has(SETNS_BY_PIDFD))
    allowed = may_access(now, target)
    now.refuse("EINVAL", "setns(2)/EINVAL-pidfd", nstype == 0 or bool(nstype & ~sum(KINDS.values())))
    now.refuse("EPERM", "setns(2)/linux/pidfd-ptrace-access", not allowed)
    wanted = tuple(place_of(target, kind) for kind, flag in KINDS.items() if nstype & flag)
    wanted = now.rule(wanted, "setns(2)/pidfd-joins-those-named", of="answer")
    _may(now, wanted)
    return _moved(now, wanted)


def _may(now: Moment, wanted: tuple[Place, ...]) -> None:
    """Whether the caller may move there; a user namespace comes first."""
    here = now.task.namespace
    for place in wanted:
        if place.kind == "user":
            may = has_over(now, place.number, CAP_SYS_ADMIN)
            if path_down(now.world, place.number, here):
                may = now.rule(may, "user_namespaces(7)/no-way-back", of="answer")
            may = now.rule(may, "user_namespaces(7)/joining-takes-CAP_SYS_ADMIN", of="answer")
            now.refuse("EINVAL", "setns(2)/EINVAL-own-user-namespace", place.number == here)
            several = len(now.world.threads(now.task.process)) > 1
            now.refuse("EINVAL", "setns(2)/EINVAL-multithreaded", several)
            now.refuse("EINVAL", "setns(2)/EINVAL-CLONE_FS", bool(now.task.sharing & FS))
            now.refuse("EPERM", "setns(2)/EPERM-user-namespace", not may)
            here = place.number
            continue
        if place.kind in ("pid", "time"):
            raise NotModelled(f"it does not know what becomes of a process in another {place.kind} namespace")
        over_owner = has_over(now, owner_of(now.world, place), CAP_SYS_ADMIN)
        over_owner = now.rule(over_owner, "user_namespaces(7)/governed-by-the-owner", of="answer")
        at_home = has_over(now, here, CAP_SYS_ADMIN)
        if place.kind == "mnt":
            at_home = at_home and has_over(now, here, CAP_SYS_CHROOT)
            now.refuse("EPERM", "setns(2)/EPERM-mount-namespace", not (over_owner and at_home))
            now.refuse("EINVAL", "setns(2)/EINVAL-CLONE_FS-mount", bool(now.task.sharing & FS))
        else:
            now.refuse("EPERM", "setns(2)/EPERM-other-namespaces", not (over_owner and at_home))


def _moved(now: Moment, wanted: tuple[Place, ...]) -> Outcome:
    """The caller in these namespaces.  A user namespace gives it every capability there."""
    task, world = now.task, now.world
    for place in wanted:
        if place.kind == "user":
            number = now.rule(place.number, "setns(2)/joins", of=(*UIDS, *GIDS, "groups"))
            credential = credential_inside(now, now.credential)
            credential = now.rule(
                credential,
                "setns(2)/all-capabilities",
                "setns(2)/linux/ids-stay",
                of=(*UIDS, *GIDS, "groups", *CAPABILITIES),
            )
            way = path_down(world, now.task.namespace, number)
            own = bool(way) and world.namespaces[way[0]].owner == now.credential.uid.effective
            if not now.rule(own, "setns(2)/linux/foreign-is-undumpable", of=("dumpable", "parent_death_signal")):
                # As if capabilities had been gained.
                credential = replace(credential, dumpable=now.system.suid_dumpable, parent_death_signal=0)
            task = replace(task, namespace=number, credential=credential)
            world = with_dumpable(world.with_tasks(task), task.process, credential.dumpable)
            continue
        task = move_to(task, now.rule(place, "setns(2)/changes-the-one-named", of="world"))
        if place.kind == "mnt":
            # The root directory becomes that of the namespace (mntns_install).
            task = replace(task, chrooted=False, away=True)
        world = world.with_tasks(task)
    return Outcome(OK, world)


def chroot(now: Moment, path: str) -> Outcome:
    """int chroot(const char *path): "." or a folder of the cell."""
    folder = reach(now, path)
    now.refuse("ENOTDIR", "chroot(2)/ENOTDIR", folder.kind != "folder")
    searched = may(now, folder, EXECUTE)
    now.refuse("EACCES", "chroot(2)/EACCES", not searched)
    now.refuse("EPERM", "chroot(2)/EPERM", not now.capable(CAP_SYS_CHROOT))
    return Outcome(OK, now.world.with_tasks(replace(now.task, chrooted=True)))
