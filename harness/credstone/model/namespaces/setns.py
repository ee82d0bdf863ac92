"""setns(2), and chroot(2), which stands in the way of new user namespaces."""

from __future__ import annotations

from credstone.model.arguments import NotModelled
from credstone.model.capabilities.in_namespaces import has_over, path_down
from credstone.model.commit import replace, with_dumpable
from credstone.model.files.paths import reach
from credstone.model.files.permissions import EXECUTE, may
from credstone.model.moment import OK, Moment
from credstone.model.namespaces.clone import FS, joined
from credstone.model.namespaces.ioctl_ns import KINDS, opened, owner_of, place_of, placed
from credstone.model.processes.proc_files import process
from credstone.model.processes.ptrace import may_access
from credstone.model.rules import Choosing, Outcome, Page, Rules, accept, refuse, rule
from credstone.model.since import PIDFD_OPEN, SETNS_BY_PIDFD
from credstone.model.world import Place
from credstone.words.capability import CAP_SYS_ADMIN, MASKS

CAP_SYS_CHROOT = MASKS["CAP_SYS_CHROOT"]
SETNS = Page(
    success=("setns(2)/returns-zero",),
    failure=("setns(2)/error-minus-one",),
    unchanged=("setns(2)/linux/failure-changes-nothing",),
)


def setns(now: Moment, fd: str, nstype: int) -> Rules:
    """int setns(int fd, int nstype): by a link below /proc/PID/ns, or one that is held; else by the pidfd of a process."""
    if not fd.startswith("/") and fd != "held":
        return (yield from _by_pidfd(now, fd, nstype))
    place = yield from opened(now, fd)
    yield accept("setns(2)/zero-for-any-type", "EINVAL")
    yield refuse("EINVAL", "setns(2)/EINVAL-type", nstype not in (0, KINDS[place.kind]))
    yield from _may(now, (place,))
    return (yield from _moved(now, (place,)))


def _by_pidfd(now: Moment, name: str, nstype: int) -> Rules:
    target = process(now, name)
    yield refuse("ENOSYS", "setns(2)/pidfd-joins-those-named", not now.system.has(PIDFD_OPEN))
    yield refuse("EINVAL", "setns(2)/pidfd-joins-those-named", not now.system.has(SETNS_BY_PIDFD))
    allowed = yield from may_access(now, target)
    yield refuse("EINVAL", "setns(2)/EINVAL-pidfd", nstype == 0 or bool(nstype & ~sum(KINDS.values())))
    yield refuse("EPERM", "setns(2)/linux/pidfd-ptrace-access", not allowed)
    wanted = tuple(place_of(target, kind) for kind, flag in KINDS.items() if nstype & flag)
    wanted = yield rule("setns(2)/pidfd-joins-those-named", wanted)
    yield from _may(now, wanted)
    return (yield from _moved(now, wanted))


def _may(now: Moment, wanted: tuple[Place, ...]) -> Choosing:
    """Whether the caller may move there; a user namespace comes first."""
    here = now.task.namespace
    for place in wanted:
        if place.kind == "user":
            may = yield from has_over(now, place.number, CAP_SYS_ADMIN)
            if path_down(now.world, place.number, here):
                may = yield rule("user_namespaces(7)/no-way-back", may)
            may = yield rule("user_namespaces(7)/joining-takes-CAP_SYS_ADMIN", may)
            yield refuse("EINVAL", "setns(2)/EINVAL-own-user-namespace", place.number == here)
            several = len(now.world.threads(now.task.process)) > 1
            yield refuse("EINVAL", "setns(2)/EINVAL-multithreaded", several)
            yield refuse("EINVAL", "setns(2)/EINVAL-CLONE_FS", bool(now.task.sharing & FS))
            yield refuse("EPERM", "setns(2)/EPERM-user-namespace", not may)
            here = place.number
            continue
        if place.kind in ("pid", "time"):
            raise NotModelled(f"it does not know what becomes of a process in another {place.kind} namespace")
        over_owner = yield from has_over(now, owner_of(now.world, place), CAP_SYS_ADMIN)
        over_owner = yield rule("user_namespaces(7)/governed-by-the-owner", over_owner)
        at_home = yield from has_over(now, here, CAP_SYS_ADMIN)
        if place.kind == "mnt":
            at_home = at_home and (yield from has_over(now, here, CAP_SYS_CHROOT))
            yield refuse("EPERM", "setns(2)/EPERM-mount-namespace", not (over_owner and at_home))
            yield refuse("EINVAL", "setns(2)/EINVAL-CLONE_FS-mount", bool(now.task.sharing & FS))
        else:
            yield refuse("EPERM", "setns(2)/EPERM-other-namespaces", not (over_owner and at_home))


def _moved(now: Moment, wanted: tuple[Place, ...]) -> Rules:
    """The caller in these namespaces.  A user namespace gives it every capability there."""
    task, world = now.task, now.world
    for place in wanted:
        if place.kind == "user":
            number = yield rule("setns(2)/joins", place.number)
            credential = yield from joined(now.credential, now.system)
            credential = yield rule("setns(2)/all-capabilities", credential)
            credential = yield rule("setns(2)/linux/ids-stay", credential)
            way = path_down(world, now.task.namespace, number)
            own = bool(way) and world.namespaces[way[0]].owner == now.credential.uid.effective
            if not (yield rule("setns(2)/linux/foreign-is-undumpable", own)):
                # As if capabilities had been gained.
                credential = replace(credential, dumpable=now.system.suid_dumpable, parent_death_signal=0)
            task = replace(task, namespace=number, credential=credential)
            world = with_dumpable(world.with_tasks(task), task.process, credential.dumpable)
            continue
        task = placed(task, (yield rule("setns(2)/changes-the-one-named", place)))
        if place.kind == "mnt":
            # The root directory becomes that of the namespace (mntns_install).
            task = replace(task, chrooted=False, away=True)
        world = world.with_tasks(task)
    return Outcome(OK, world)


def chroot(now: Moment, path: str) -> Rules:
    """int chroot(const char *path): "." or a folder of the cell."""
    folder = yield from reach(now, path)
    yield refuse("ENOTDIR", "chroot(2)/ENOTDIR", folder.kind != "folder")
    searched = yield from may(now, folder, EXECUTE)
    yield refuse("EACCES", "chroot(2)/EACCES", not searched)
    yield refuse("EPERM", "chroot(2)/EPERM", not now.capable(CAP_SYS_CHROOT))
    return Outcome(OK, now.world.with_tasks(replace(now.task, chrooted=True)))
