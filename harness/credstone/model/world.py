"""What the model works on: tasks with credentials, user namespaces with maps, the files of the cell.

Frozen and hashable, so that states can be compared, remembered and enumerated.  All ids in here are kernel ids: those
of the user namespace in which the target's agent started (namespace 0).  A task sees them through the maps of its own
namespace; ``seen`` does that translation, and it is the only place that knows the overflow ids of user_namespaces(7).
"""

from __future__ import annotations

import msgspec

from credstone.model.since import Since, holds
from credstone.words.capability import NAMES
from credstone.words.credential import Credential, Ids
from credstone.words.kernel import NEWEST, Kernel
from credstone.words.scenario import Database, File

NO_ID = 2**32 - 1
"""(uid_t) -1: never an id, in many calls "leave this one as it is".  As a kernel id: one that shows in no namespace."""
NO_PROCESS = 1 << 22
"""From here on there are no process IDs (proc_sys_kernel(5), pid_max)."""


class Extent(msgspec.Struct, frozen=True):
    """One line of a map file: ``count`` ids from ``inside`` on are those from ``outside`` on in the parent."""

    inside: int
    outside: int
    count: int


class Place(msgspec.Struct, frozen=True):
    """One namespace: its kind, by the name of its link below /proc/PID/ns, and its number among those of the world.

    A user namespace is counted in ``namespaces``, any other in ``owners``, where 0 is that of the agent.
    """

    kind: str
    number: int


Map = tuple[Extent, ...]
IDENTITY: Map = (Extent(0, 0, NO_ID),)


class Namespace(msgspec.Struct, frozen=True):
    """A user namespace.

    Its extents map to kernel ids, not to the parent's; an empty map is one that was not written.  ``owner`` is the
    kernel uid of its creator, ``creator_could_setfcap`` whether that had CAP_SETFCAP in effect.  ``setgroups_denied``
    is what /proc/PID/setgroups says, ``limit`` what /proc/sys/user/max_user_namespaces says to its members, None where
    nobody has written to that.
    """

    uid_map: Map = IDENTITY
    gid_map: Map = IDENTITY
    parent: int = -1
    owner: int = 0
    setgroups_denied: bool = False
    creator_could_setfcap: bool = False
    limit: int | None = None

    def uid(self, number: int) -> int | None:
        """The kernel uid of a uid of this namespace, or None if it has none here."""
        return to_kernel(self.uid_map, number)

    def gid(self, number: int) -> int | None:
        """The kernel gid of a gid of this namespace, or None if it has none here."""
        return to_kernel(self.gid_map, number)

    def shown_uid(self, kernel: int) -> int | None:
        """The uid that this namespace has for a kernel uid, or None if it has none."""
        return from_kernel(self.uid_map, kernel)

    def shown_gid(self, kernel: int) -> int | None:
        """The gid that this namespace has for a kernel gid, or None if it has none."""
        return from_kernel(self.gid_map, kernel)

    def has_uid(self, kernel: int) -> bool:
        """Whether a kernel uid has a uid in this namespace."""
        return from_kernel(self.uid_map, kernel) is not None

    def has_gid(self, kernel: int) -> bool:
        """Whether a kernel gid has a gid in this namespace."""
        return from_kernel(self.gid_map, kernel) is not None

    def has_ids_of(self, file: File) -> bool:
        """Whether both the owner and the group of a file have an id in this namespace."""
        return self.has_uid(file.owner) and self.has_gid(file.group)


class System(msgspec.Struct, frozen=True):
    """The facts of a target that decide what a call answers."""

    ngroups_max: int = 65536
    overflow_uid: int = 65534
    overflow_gid: int = 65534
    all_capabilities: int = (1 << len(NAMES)) - 1
    suid_dumpable: int = 0
    kernel: Kernel = NEWEST
    libc: str = "glibc"
    """``glibc`` and ``musl`` have ways of their own; every other library is judged by the pages."""
    nosuid: bool = False
    """Whether the folder of the cells is mounted so that set-id bits and capabilities of files do nothing."""
    initial_user_namespace: bool = True
    """Whether namespace 0 is the one that the kernel started with: some capabilities count in that one alone."""

    def has(self, rule: Since) -> bool:
        """Whether a rule that came with some kernel holds on this one.  Raises Unknown."""
        return holds(rule, self.kernel)


class Tracer(msgspec.Struct, frozen=True):
    """Who traces a task: what the kernel keeps of it is its credential when it attached, and its user namespace."""

    who: str
    credential: Credential
    namespace: int


class Auxiliary(msgspec.Struct, frozen=True):
    """What the kernel tells a new program about its credential: the entries AT_... of getauxval(3)."""

    uid: int
    euid: int
    gid: int
    egid: int
    secure: int


class Task(msgspec.Struct, frozen=True):
    """One thread: its credential in kernel ids, its user namespace, and the process it belongs to.

    ``who`` is the name by which the lines of a script call it.  ``memory`` is the user namespace that its memory
    belongs to: the one in which its program was started.  A ``silent`` task does not report: it is in a call that has
    not returned, or one of the threads that come and go or that watch.  ``inside`` is what it does there: the call, or the word that
    it was given.  ``blocked`` are the signals that it blocks, ``ignored`` those that its process ignores; ``umask`` is that of its process, and the agents begin
    with 022.

    ``processes`` is its soft limit RLIMIT_NPROC, None while nobody has set one; ``over_limit`` is what the kernel noted
    when its real uid changed: that its new user has more processes than that.  ``tracer`` is who traces it.
    ``auxiliary`` is what the kernel told its program, None where that was not started in this cell.

    ``chrooted`` is whether its root directory is another, ``away`` whether its current directory is another than the
    folder of the cell.  ``places`` are the namespaces of other kinds that are not the agent's, ``sharing`` the flags of clone(2) for what it
    shares with the process that made it, ``held`` the namespace whose link it keeps open.
    """

    who: str
    process: str
    credential: Credential
    namespace: int = 0
    memory: int = 0
    silent: bool = False
    inside: str = ""
    blocked: int = 0
    ignored: int = 0
    umask: int = 0o022
    processes: int | None = None
    over_limit: bool = False
    tracer: Tracer | None = None
    auxiliary: Auxiliary | None = None
    places: tuple[Place, ...] = ()
    chrooted: bool = False
    away: bool = False
    sharing: int = 0
    held: Place | None = None


class Pending(msgspec.Struct, frozen=True):
    """A signal that a process has blocked and will get: its number, and the kernel uid that came with it."""

    process: str
    signal: int
    uid: int


class Queue(msgspec.Struct, frozen=True):
    """A System V message queue: its owner and group, those of its maker, its mode, and the number of its namespace."""

    uid: int
    gid: int
    maker: int
    group_of_maker: int
    mode: int
    space: int = 0


class Peer(msgspec.Struct, frozen=True):
    """Whom a socket shows as its peer: the kernel ids that were noted when it was connected."""

    uid: int
    gid: int
    groups: tuple[int, ...] = ()


class Socket(msgspec.Struct, frozen=True):
    """One end of a connected pair of unix(7) sockets: its number, that of the other end, and its peer.

    ``inbox`` are the uid and gid that came with each message that is not read yet.
    """

    number: int
    other: int
    peer: Peer
    inbox: tuple[tuple[int, int], ...] = ()


class Listener(msgspec.Struct, frozen=True):
    """A listening socket: its name, who it is for those who connect, and the ends that nobody has accepted yet."""

    process: str
    name: str
    peer: Peer
    waiting: tuple[int, ...] = ()


class World(msgspec.Struct, frozen=True):
    """All that the calls of a cell can see or change.

    ``cast`` are the names of the children that the script knows, whether or not they live already.  ``owners`` are the
    user namespaces that own the namespaces of other kinds.
    ``piped`` is the number of bytes in the pipe of the cell.
    ``links`` are the names of each file that has several.
    ``ended`` are the processes that have ended and that nobody has waited for, ``reaped`` the names of those of which
    nothing is left, ``pending`` the signals that are blocked.  ``connected`` says which
    socket each process has; the ends of a pair belong to main and to all others.
    """

    tasks: tuple[Task, ...]
    namespaces: tuple[Namespace, ...] = (Namespace(),)
    system: System = System()
    files: tuple[File, ...] = ()
    database: Database | None = None
    cast: tuple[str, ...] = ()
    owners: tuple[int, ...] = (0,)
    ended: tuple[Task, ...] = ()
    reaped: tuple[str, ...] = ()
    pending: tuple[Pending, ...] = ()
    queue: Queue | None = None
    sockets: tuple[Socket, ...] = ()
    listeners: tuple[Listener, ...] = ()
    piped: int = 0
    links: tuple[tuple[str, ...], ...] = ()
    connected: tuple[tuple[str, int], ...] = ()

    @property
    def reporting(self) -> tuple[Task, ...]:
        """The tasks that tell what they see after a line."""
        return tuple([task for task in self.tasks if not task.silent])

    def task(self, who: str) -> Task:
        """The task with this name; KeyError if the cell has none."""
        for task in self.tasks:
            if task.who == who:
                return task
        raise KeyError(who)

    def level(self, number: int) -> int | None:
        """How deep a user namespace is nested: 0 for the initial one, None where that is not known."""
        if not self.system.initial_user_namespace:
            return None
        level = 0
        while (number := self.namespaces[number].parent) >= 0:
            level += 1
        return level

    def threads(self, process: str) -> tuple[Task, ...]:
        """All threads of a process."""
        return tuple(task for task in self.tasks if task.process == process)

    def with_tasks(self, *changed: Task) -> World:
        """The same world with these tasks in place of those of the same name, or added."""
        if len(changed) == 1 == len(self.tasks) and changed[0].who == self.tasks[0].who:
            return msgspec.structs.replace(self, tasks=changed)
        new = {task.who: task for task in changed}
        kept = tuple(new.pop(task.who, task) for task in self.tasks)
        return msgspec.structs.replace(self, tasks=kept + tuple(new.values()))

    def with_namespace(self, number: int, namespace: Namespace) -> World:
        """The same world with this namespace changed, or added as the next one."""
        known = list(self.namespaces)
        known[number : number + 1] = [namespace]
        return msgspec.structs.replace(self, namespaces=tuple(known))

    def seen(self, who: str) -> Credential:
        """The credential of a task as it sees it itself: ids without a mapping show as the overflow ids."""
        task = self.task(who)
        return self.seen_from(task.credential, self.namespaces[task.namespace])

    def seen_from(self, credential: Credential, namespace: Namespace) -> Credential:
        """A credential in the ids of a namespace."""
        if namespace.uid_map == IDENTITY and namespace.gid_map == IDENTITY and NO_ID not in credential.groups:
            return credential
        return msgspec.structs.replace(
            credential,
            uid=Ids(*[self.shown_uid(each, namespace) for each in msgspec.structs.astuple(credential.uid)]),
            gid=Ids(*[self.shown_gid(each, namespace) for each in msgspec.structs.astuple(credential.gid)]),
            groups=self.shown_groups(credential.groups, namespace),
        )

    def shown_groups(self, groups: tuple[int, ...], namespace: Namespace) -> tuple[int, ...]:
        """A list of kernel gids as this namespace shows it, in the same order."""
        if len(namespace.gid_map) != 1:
            return tuple([self.shown_gid(each, namespace) for each in groups])
        # lists go up to 65536 entries, and nearly all maps are of one line
        (extent,) = namespace.gid_map
        first, end, shift = extent.outside, extent.outside + extent.count, extent.inside - extent.outside
        overflow = self.system.overflow_gid
        return tuple([each + shift if first <= each < end else overflow for each in groups])

    def shown_uid(self, number: int, namespace: Namespace) -> int:
        """A kernel uid as this namespace shows it."""
        inside = from_kernel(namespace.uid_map, number)
        return self.system.overflow_uid if inside is None else inside

    def shown_gid(self, number: int, namespace: Namespace) -> int:
        """A kernel gid as this namespace shows it."""
        inside = from_kernel(namespace.gid_map, number)
        return self.system.overflow_gid if inside is None else inside


def to_kernel(extents: Map, number: int) -> int | None:
    """The kernel id behind an id of the namespace with this map."""
    for extent in extents:
        if 0 <= number - extent.inside < extent.count:
            return number - extent.inside + extent.outside
    return None


def from_kernel(extents: Map, number: int | None) -> int | None:
    """The id that the namespace with this map has for a kernel id."""
    if number is None:
        return None  # an id that is none: only a mutant of a page lets it come this far
    for extent in extents:
        if 0 <= number - extent.outside < extent.count:
            return number - extent.outside + extent.inside
    return None
