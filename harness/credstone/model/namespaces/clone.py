"""unshare(2) and clone(2): new namespaces, and the credentials of those who find themselves in them."""

from __future__ import annotations

from credstone.model.arguments import NotModelled, as_int
from credstone.model.caller import OK, Moment
from credstone.model.capabilities.in_namespaces import path_down
from credstone.model.capabilities.uid_changes import KEEP_CAPS
from credstone.model.commit import replace
from credstone.model.namespaces.ioctl_ns import KINDS, move_to
from credstone.model.rules import Outcome, Page, Pick, first, second
from credstone.model.since import CGROUP_NAMESPACES, NO_EUSERS, TIME_NAMESPACES
from credstone.model.subjects import CAPABILITIES, CREDENTIAL, GIDS, UIDS
from credstone.model.world import Namespace, Place, System, Task, World
from credstone.words.capability import CAP_SETFCAP, CAP_SYS_ADMIN
from credstone.words.constants import CONSTANTS
from credstone.words.credential import Capabilities, Credential

NEW_USER, NEW_MOUNT, NEW_PID = (CONSTANTS[f"CLONE_NEW{name}"] for name in ("USER", "NS", "PID"))
VM, FS, SIGHAND, THREAD, PARENT = (CONSTANTS[f"CLONE_{name}"] for name in ("VM", "FS", "SIGHAND", "THREAD", "PARENT"))
FILES, SYSVSEM, NEW_TIME = CONSTANTS["CLONE_FILES"], CONSTANTS["CLONE_SYSVSEM"], CONSTANTS["CLONE_NEWTIME"]
OTHERS = {flag: kind for kind, flag in KINDS.items() if kind != "user"}
UNSHARE = Page(
    success=("unshare(2)/returns-zero",),
    failure=("unshare(2)/error-minus-one",),
    unchanged=("unshare(2)/linux/failure-changes-nothing",),
)
CLONE = Page(failure=("clone(2)/error-minus-one",))
YOUNGER = {CONSTANTS["CLONE_NEWCGROUP"]: CGROUP_NAMESPACES, NEW_TIME: TIME_NAMESPACES}
"""The flags that are younger than user namespaces."""
DEEPEST = 33
"""The level of the deepest user namespace, counted from the initial one, which has level 0."""


def unshare(now: Moment, flags: int) -> Outcome:
    """int unshare(int flags); the raw call takes an unsigned long."""
    flags = as_int(flags) if now.api == "libc" else flags
    too_young = any(flags & flag and not now.system.has(rule) for flag, rule in YOUNGER.items())
    known = sum(KINDS.values()) | VM | FS | SIGHAND | THREAD | FILES | SYSVSEM
    several = len(now.world.threads(now.task.process)) > 1
    alone = flags & (THREAD | SIGHAND | VM)
    now.refuse("EINVAL", "unshare(2)/EINVAL-flags", too_young or bool(flags & ~known))
    now.accept("unshare(2)/no-effect-on-one-thread", "EINVAL")
    now.refuse("EINVAL", "unshare(2)/EINVAL-multithreaded", bool(alone) and several)
    shares = bool(now.task.sharing & VM)
    now.refuse("EINVAL", "unshare(2)/EINVAL-shared-memory", bool(flags & VM) and shares)
    if flags & NEW_USER:
        now.refuse("EINVAL", "unshare(2)/NEWUSER-not-threaded", several)
        implies = now.rule(False, "unshare(2)/NEWUSER-implies-CLONE_VM", of="answer")
        now.refuse("EINVAL", "unshare(2)/NEWUSER-implies-CLONE_VM", implies and shares)
        now.accept("unshare(2)/NEWUSER-implies-CLONE_FS", "EINVAL")
        now.accept("unshare(2)/NEWUSER-gives-the-right", "EPERM")
        _may_create(now, first)
        task, world = _in_new_namespace(now, now.task)
        task = now.rule(task, "unshare(2)/NEWUSER-moves-the-caller", of=(*UIDS, *GIDS, "groups"))
        credential = now.rule(task.credential, "unshare(2)/all-capabilities", of=CAPABILITIES)
        task = replace(task, credential=credential)
    else:
        task, world = now.task, now.world
        wants = bool(flags & sum(OTHERS))
        now.refuse("EPERM", "unshare(2)/EPERM-capability", wants and not now.capable(CAP_SYS_ADMIN))
    if not flags:
        task = now.rule(task, "unshare(2)/zero-does-nothing", of=CREDENTIAL)
    # A new PID or time namespace is for the children to come.
    task, world = _in_others(now, task, world, flags & ~NEW_PID & ~NEW_TIME, first)
    return Outcome(OK, world.with_tasks(task))


def clone(now: Moment, flags: int) -> Outcome:
    """long clone(unsigned long flags, ...) of a child that ends at once."""
    mixed = flags & (NEW_USER | NEW_PID)
    now.refuse("EINVAL", "clone(2)/EINVAL-NEWNS-and-FS", flags & (NEW_MOUNT | FS) == NEW_MOUNT | FS)
    now.refuse("EINVAL", "clone(2)/EINVAL-NEWUSER-and-FS", flags & (NEW_USER | FS) == NEW_USER | FS)
    now.refuse("EINVAL", "clone(2)/EINVAL-THREAD-without-SIGHAND", flags & (THREAD | SIGHAND) == THREAD)
    now.refuse("EINVAL", "clone(2)/EINVAL-SIGHAND-without-VM", flags & (SIGHAND | VM) == SIGHAND)
    now.refuse("EINVAL", "clone(2)/EINVAL-NEWUSER-and-THREAD", bool(mixed and flags & THREAD))
    with_parent = now.rule(True, "clone(2)/EINVAL-NEWUSER-and-PARENT", of="answer")
    now.refuse("EINVAL", "clone(2)/EINVAL-NEWUSER-and-PARENT", bool(mixed and flags & PARENT) and not with_parent)
    if flags & (THREAD | VM):
        raise NotModelled(f"it does not know what flags {flags:#x} make of the new process")
    now.accept("clone(2)/NEWUSER-takes-no-privilege", "EPERM")
    if not flags & NEW_USER:
        wants = bool(flags & (sum(OTHERS) & ~NEW_TIME))
        now.refuse("EPERM", "clone(2)/EPERM-capability", wants and not now.capable(CAP_SYS_ADMIN))
    else:
        _may_create(now, second)
    return now.answers()


def make_child(now: Moment, child: Task, flags: int) -> tuple[Task, World]:
    """The child that clone(2) made with these flags, and the world in which it is."""
    child = replace(child, sharing=flags & (VM | FS))
    world = now.world
    if flags & NEW_USER:
        child, world = _in_new_namespace(now, child)
    in_new = bool(flags & NEW_USER)
    number = now.rule(child.namespace, "clone(2)/NEWUSER" if in_new else "clone(2)/without-NEWUSER", of="answer")
    child = replace(child, namespace=number)
    return _in_others(now, child, world, flags & ~NEW_TIME, second)


def _may_create(now: Moment, of_page: Pick) -> None:
    """Whether a user namespace can be made below the caller's: create_user_ns() in this order."""
    world, here = now.world, now.task.namespace
    errno = now.rule(
        "ENOSPC" if now.system.has(NO_EUSERS) else "EUSERS", "user_namespaces(7)/nesting-limit-EUSERS", of="answer"
    )
    deepest = now.rule(DEEPEST, "user_namespaces(7)/nesting-limit", of="answer")
    level = world.level(here)
    now.refuse(
        errno, of_page("unshare(2)/ENOSPC-nesting", "clone(2)/ENOSPC-nesting"), level is not None and level >= deepest
    )
    now.refuse(
        "ENOSPC",
        of_page("unshare(2)/ENOSPC-max_user_namespaces", "clone(2)/ENOSPC-max_user_namespaces"),
        _limit_reached(world, here, now.credential.uid.effective),
    )
    now.refuse("EPERM", of_page("unshare(2)/EPERM-chroot", "clone(2)/EPERM-chroot"), now.task.chrooted)
    uid, gid = now.credential.uid.effective, now.credential.gid.effective
    now.refuse(
        "EPERM", of_page("unshare(2)/EPERM-unmapped-uid", "clone(2)/EPERM-unmapped-uid"), not now.namespace.has_uid(uid)
    )
    now.refuse(
        "EPERM", of_page("unshare(2)/EPERM-unmapped-gid", "clone(2)/EPERM-unmapped-gid"), not now.namespace.has_gid(gid)
    )
    anyone = now.rule(True, "user_namespaces(7)/anyone-may-create", of="answer")
    now.refuse("EPERM", "user_namespaces(7)/anyone-may-create", not anyone and not now.capable(CAP_SYS_ADMIN))


def _limit_reached(world: World, here: int, uid: int) -> bool:
    """Whether some namespace from here up has no more to give to this user: /proc/sys/user/max_user_namespaces.

    A namespace is charged to its creator in the parent, and to the creators of all above in theirs.
    """
    while here >= 0:
        limit = world.namespaces[here].limit
        if limit is not None:
            ways = (path_down(world, here, number) for number in range(len(world.namespaces)))
            charged = sum(1 for way in ways if way and world.namespaces[way[0]].owner == uid)
            if charged >= limit:
                return True
        here, uid = world.namespaces[here].parent, world.namespaces[here].owner
    return False


def _in_new_namespace(now: Moment, task: Task) -> tuple[Task, World]:
    """The task as the only member of a new user namespace, and the world with that."""
    here, creator = now.namespace, now.credential
    denied = now.rule(here.setgroups_denied, "user_namespaces(7)/setgroups-inherited", of="answer")
    could = bool(creator.capabilities.effective & CAP_SETFCAP)
    parent = now.rule(now.task.namespace, "user_namespaces(7)/parent-is-the-creators", of="world")
    owner = now.rule(creator.uid.effective, "user_namespaces(7)/owner-is-the-effective-uid", of="answer")
    uid_map = now.rule((), "user_namespaces(7)/no-uid-without-a-map", of=("answer", *UIDS))
    gid_map = now.rule((), "user_namespaces(7)/no-gid-without-a-map", of=("answer", *GIDS, "groups"))
    new = Namespace(uid_map, gid_map, parent, owner, denied, could)
    credential = credential_inside(now, task.credential)
    number = now.rule(len(now.world.namespaces), "user_namespaces(7)/new-member", of=("answer", *UIDS, *GIDS, "groups"))
    world = now.world.with_namespace(len(now.world.namespaces), new)
    return replace(task, namespace=number, credential=credential), world


def credential_inside(now: Moment, credential: Credential) -> Credential:
    """The credential with which one finds oneself in another user namespace."""
    new = as_creator(credential, now.system)
    sets = now.rule(
        new.capabilities,
        "user_namespaces(7)/all-capabilities",
        "user_namespaces(7)/linux/inheritable-and-ambient-emptied",
        of=("answer", *CAPABILITIES),
    )
    bits = now.rule(new.securebits, "user_namespaces(7)/securebits-reset", of=("securebits", "keep_caps"))
    return replace(new, capabilities=sets, securebits=bits, keep_caps=bool(bits & KEEP_CAPS))


def _in_others(now: Moment, task: Task, world: World, flags: int, of_page: Pick) -> tuple[Task, World]:
    """The task in new namespaces of other kinds, which belong to its user namespace."""
    for flag, kind in OTHERS.items():
        if not flags & flag:
            continue
        owner = now.rule(
            task.namespace,
            "user_namespaces(7)/user-namespace-first",
            "user_namespaces(7)/owned-by-the-creators-namespace",
            of="answer",
        )
        number = now.rule(
            len(world.owners), of_page("unshare(2)/new-namespaces", "clone(2)/new-namespaces"), of="answer"
        )
        task = move_to(task, Place(kind, number))
        world = replace(world, owners=(*world.owners, owner))
    return task, world


def with_new_namespace(world: World, who: str, new: Namespace, credential: Credential) -> World:
    """The world in which this task is the only member of a user namespace just made."""
    task = replace(world.task(who), namespace=len(world.namespaces), credential=credential)
    return world.with_namespace(task.namespace, new).with_tasks(task)


def as_creator(credential: Credential, system: System) -> Credential:
    """The credential with which one finds oneself in a user namespace just made (user_namespaces(7), "Capabilities").

    Every capability, and the securebits as if nobody had ever touched them; the ids are still who they were.
    """
    everything = system.all_capabilities
    return replace(
        credential,
        capabilities=Capabilities(permitted=everything, effective=everything, bounding=everything),
        securebits=0,
        keep_caps=False,
    )
